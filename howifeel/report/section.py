"""The section of one subject: its figures, a chart and a table for each face, its origin."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass

from howifeel import emotions
from howifeel.report import chart
from howifeel.report.markup import Markup, element, joined
from howifeel.report.palette import PAGE
from howifeel.report.subject import Subject
from howifeel.report.words import REASONS, clock, count, interval, is_empty, lasting, percent
from howifeel.timeline.statistics import Estimate, FaceStatistics, Statistics
from howifeel.types import Provenance

MOST_CHARTS = 8
"""Faces with a chart of their own: those that were read longest."""

SHORTEST_CHART_S = 2.0
"""A face that was read for less gets no chart, unless there is no other."""


@dataclass(frozen=True, slots=True, eq=False)
class Finding:
    """A subject and what it comes to."""

    subject: Subject
    statistics: Statistics


def section(finding: Finding, *, headline: bool) -> Markup:
    """Everything about one subject."""
    subject = finding.subject
    drawn = _drawn(finding.statistics)
    return element(
        "section",
        _head(subject, headline=headline),
        _tiles(finding.statistics),
        *(element("p", note, class_="small") for note in subject.notes),
        *(_face_card(finding, face) for face in drawn),
        _other_faces(finding, drawn),
        element("div", _gaps(finding.statistics), _markers(subject), class_="two"),
        _origin(subject),
    )


def _head(subject: Subject, *, headline: bool) -> Markup:
    facts = " · ".join(text for text in (subject.source, subject.started) if text)
    picture = ""
    if subject.thumbnail:
        kind = "png" if subject.thumbnail.startswith(b"\x89PNG") else "jpeg"
        data = base64.b64encode(subject.thumbnail).decode()
        picture = element("img", src=f"data:image/{kind};base64,{data}", alt="")
    title = element("h2", subject.title if headline else "The recording")
    about = element("p", facts, class_="dim small") if facts else ""
    return element("div", picture, element("div", title, about), class_="head")


def _tiles(found: Statistics) -> Markup:
    covered = found.read_s / found.known_s if found.known_s else 0.0
    tiles = {
        "long": lasting(found.end_s - found.start_s),
        "of the time a face was read": percent(covered),
        "face" if len(found.faces) == 1 else "faces": str(len(found.faces)),
        "frame" if found.frames == 1 else "frames": f"{found.frames:,}",
    }
    items = (
        element("div", element("dt", label), element("dd", value)) for label, value in tiles.items()
    )
    return element("dl", *items, class_="tiles")


def _drawn(found: Statistics) -> list[FaceStatistics]:
    longest = sorted(found.faces, key=lambda face: face.read_s, reverse=True)[:MOST_CHARTS]
    worthy = [face for face in longest if face.read_s >= SHORTEST_CHART_S] or longest[:1]
    return sorted(worthy, key=lambda face: face.track)


def _face_card(finding: Finding, face: FaceStatistics) -> Markup:
    subject = finding.subject
    name = subject.face(face.track)
    baseline = (
        " Readings are relative to the person's neutral face."
        if face.track in subject.baselines
        else ""
    )
    drawing = chart.svg(
        subject.table,
        face.track,
        title=f"{name}: expressions over time; the table below has the figures.",
        markers=subject.markers,
        palette=PAGE,
    )
    return element(
        "div",
        element("h3", name),
        element("p", _sentence(face) + baseline, class_="dim"),
        Markup(drawing),
        _shares(face),
        class_="card",
    )


def _sentence(face: FaceStatistics) -> str:
    """The longest expression and "unsure", the longer one first."""
    top = face.shares[face.top]
    within = f" ({interval(top)})" if interval(top) else ""
    shown = (
        f"Shown longest: {emotions.PHRASES[face.top]}, {percent(top.value)} of this time{within}."
    )
    if not top.value:
        shown = "No expression was likely enough to be named."
    unsure = f"Unsure: {percent(face.unsure.value)}."
    said = (shown, unsure) if top.value >= face.unsure.value else (unsure, shown)
    return " ".join((f"Read for {lasting(face.read_s)}.", *said))


def _shares(face: FaceStatistics) -> Markup:
    shown = {name: (face.shares[name], face.mean_probs[name]) for name in emotions.NAMES}
    has_interval = any(share.low is not None for share, _ in shown.values())
    rows = [_share_row(name, *pair, face.read_s, has_interval) for name, pair in shown.items()]
    rows.append(_share_row(emotions.UNSURE, face.unsure, None, face.read_s, has_interval))
    heads = [
        element("th", "Looks", scope="col"),
        element("th", "Share of the time", scope="col"),
        element("th", "Share", scope="col", class_="n"),
        element("th", "95 % interval", scope="col", class_="n") if has_interval else "",
        element("th", "Time", scope="col", class_="n"),
        element("th", "Mean probability", scope="col", class_="n"),
    ]
    return element("table", element("thead", element("tr", *heads)), element("tbody", *rows))


def _share_row(
    name: str, share: Estimate, mean: Estimate | None, read_s: float, has_interval: bool
) -> Markup:
    return element(
        "tr",
        element("th", _swatch(PAGE.fill[name]), name, scope="row", class_="word"),
        element("td", _bar(name, share), class_="bar"),
        element("td", percent(share.value), class_="n"),
        element("td", interval(share), class_="n") if has_interval else "",
        element("td", lasting(share.value * read_s), class_="n"),
        element("td", percent(mean.value) if mean else "", class_="n"),
    )


def _bar(name: str, share: Estimate) -> Markup:
    """A bar with its interval as a whisker, on a scale from 0 to 100 %."""
    whisker = ""
    if share.low is not None and share.high is not None:
        low, high = 1000 * share.low, 1000 * share.high
        whisker = element(
            "path", d=f"M{low:.0f} 8H{high:.0f}M{low:.0f} 4v8M{high:.0f} 4v8",
            stroke=PAGE.ink, stroke_width="1.5", fill="none", vector_effect="non-scaling-stroke",
        )  # fmt: skip
    return element(
        "svg",
        element("rect", width=1000, height=12, y=2, fill=PAGE.band),
        element("rect", width=1000 * share.value, height=12, y=2, fill=PAGE.fill[name]),
        whisker,
        viewBox="0 0 1000 16", preserveAspectRatio="none", aria_hidden="true",
    )  # fmt: skip


def _swatch(colour: str) -> Markup:
    return element("span", class_="swatch", style=f"background:{colour}")


def _other_faces(finding: Finding, drawn: list[FaceStatistics]) -> Markup:
    """Faces without a chart in one table."""
    others = [face for face in finding.statistics.faces if face not in drawn]
    if not others:
        return joined()
    rows = (
        element(
            "tr",
            element("th", finding.subject.face(face.track), scope="row"),
            element("td", lasting(face.read_s), class_="n"),
            element("td", face.top if face.shares[face.top].value else "-"),
            element("td", percent(face.shares[face.top].value), class_="n"),
            element("td", percent(face.unsure.value), class_="n"),
        )
        for face in others
    )
    heads = element(
        "tr",
        element("th", "Face", scope="col"),
        element("th", "Read", scope="col", class_="n"),
        element("th", "Shown longest", scope="col"),
        element("th", "Share", scope="col", class_="n"),
        element("th", "Unsure", scope="col", class_="n"),
    )
    title = f"{count(len(others), 'more face', 'more faces')}, read more briefly"
    table = element("table", element("thead", heads), element("tbody", *rows))
    return element("div", element("h3", title), table, class_="card")


def _gaps(found: Statistics) -> Markup:
    """What the time without a reading is made of."""
    parts = {"a face was read": found.read_s}
    parts |= {REASONS[reason]: seconds for reason, seconds in found.gaps_s.items()}
    if found.paused_s > 0.5:
        parts["the stream paused"] = found.paused_s
    whole_s = sum(parts.values()) or 1.0
    rows = (
        element(
            "tr",
            element("th", words, scope="row"),
            element("td", lasting(seconds), class_="n"),
            element("td", percent(seconds / whole_s), class_="n"),
        )
        for words, seconds in parts.items()
    )
    return element(
        "div",
        element("h3", "When a face was read, and why not"),
        element("table", element("tbody", *rows)),
        class_="card",
    )


def _markers(subject: Subject) -> Markup:
    if not subject.markers:
        return joined()
    rows = (
        element(
            "tr",
            element("td", str(number), class_="n"),
            element("td", clock(marker.time_s), class_="n"),
            element("th", marker.text, scope="row"),
        )
        for number, marker in enumerate(subject.markers, 1)
    )
    return element(
        "div",
        element("h3", "Markers"),
        element("table", element("tbody", *rows)),
        class_="card",
    )


def _origin(subject: Subject) -> Markup:
    """Everything that is needed to repeat the run."""
    if subject.provenance is None:
        return joined()
    origin = subject.provenance.public()
    facts = [
        ("Source", subject.source),
        ("Model", joined(origin.model, _foreign(origin, "model"), _hash(origin.model_sha256))),
        (
            "Detector",
            joined(origin.detector, _foreign(origin, "detector"), _hash(origin.detector_sha256)),
        ),
        ("Ran on", origin.device),
        ("Version", f"HowIFeel {origin.version}"),
        ("Settings", ", ".join(_settings(origin.settings))),
    ]
    pairs = (joined(element("dt", label), element("dd", value)) for label, value in facts if value)
    return element(
        "div",
        element("h3", "How it was made"),
        element("dl", *pairs, class_="facts"),
        class_="card",
    )


def _foreign(origin: Provenance, part: str) -> str:
    return " (does not ship with HowIFeel) " if part in origin.not_shipped else " "


def _hash(sha256: str | None) -> Markup:
    return element("span", f"SHA-256 {sha256}", class_="mono dim") if sha256 else joined()


def _settings(settings: dict[str, object]) -> Iterator[str]:
    for name, value in settings.items():
        if not is_empty(value):
            yield f"{name} = {' and '.join(map(str, value)) if isinstance(value, list) else value}"
