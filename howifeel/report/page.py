"""The page: what several timelines come to, and each of them in its own section."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from howifeel.report.document import document, header, reading_aid
from howifeel.report.markup import Markup, element
from howifeel.report.section import Finding, section
from howifeel.report.subject import Subject
from howifeel.report.words import count, interval, lasting, percent
from howifeel.timeline.statistics import statistics


def write(path: Path, subjects: Sequence[Subject], title: str = "") -> None:
    """Write a report as one HTML file, which needs no other file, no network and no script.

    Args:
        path: the file.
        subjects: what it is about, at least one.
        title: its headline; the first subject's title where it is empty.

    Raises:
        OSError: the file cannot be written.
        ValueError: there is no subject.
    """
    path.write_text(page(subjects, title), "utf-8")


def page(subjects: Sequence[Subject], title: str = "") -> str:
    """The text of a report, see `write`.

    Raises:
        ValueError: there is no subject.
    """
    if not subjects:
        raise ValueError("a report needs at least one subject")
    title = title.strip() or subjects[0].title
    findings = [Finding(subject, statistics(subject.table)) for subject in subjects]
    several = len(subjects) > 1
    recordings = count(len(subjects), "recording", "recordings")
    return document(
        title,
        header(title, f"What faces looked like in {recordings}."),
        _comparison(findings) if several else "",
        *(section(finding, headline=several) for finding in findings),
        reading_aid(*_AID),
    )


def _comparison(findings: Sequence[Finding]) -> Markup:
    """One line for each face of each subject."""
    rows = []
    for finding in findings:
        for face in finding.statistics.faces:
            top = face.shares[face.top]
            rows.append(
                element(
                    "tr",
                    element("th", finding.subject.title, scope="row"),
                    element("td", finding.subject.face(face.track)),
                    element("td", lasting(face.read_s), class_="n"),
                    element("td", face.top),
                    element("td", percent(top.value), class_="n"),
                    element("td", interval(top), class_="n"),
                    element("td", percent(face.unsure.value), class_="n"),
                )
            )
    heads = [
        element("th", "Recording", scope="col"),
        element("th", "Face", scope="col"),
        element("th", "Read", scope="col", class_="n"),
        element("th", "Shown longest", scope="col"),
        element("th", "Share", scope="col", class_="n"),
        element("th", "95 % interval", scope="col", class_="n"),
        element("th", "Unsure", scope="col", class_="n"),
    ]
    table = element("table", element("thead", element("tr", *heads)), element("tbody", *rows))
    return element("section", element("h2", "All faces"), element("div", table, class_="card"))


_AID = (
    "In a chart, the strip on top shows what the face looked like; a thin grey line means "
    "unsure. Each row below is filled from 0 to 100 % by the probability of one expression. "
    "Where the ground is shaded, the face was not read.",
    "Shares are shares of the time in which the face was read. They and the share of "
    '"unsure" sum to 100 %.',
    "The 95 % intervals come from a block bootstrap (Künsch 1989, "
    "doi:10.1214/aos/1176347265): what a face shows in one second resembles what it shows "
    "in the next, so whole blocks of seconds are drawn. They tell how much a share would "
    "differ in another stretch of the same kind. They do not contain the errors of the "
    "model. A face that was read for less than a minute has none.",
    "Faces are numbered as they appear. A person who leaves and comes back gets a new "
    "number; nobody is identified.",
)
