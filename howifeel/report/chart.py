"""The timeline of one face as SVG: what was shown, and seven probabilities."""

from __future__ import annotations

import bisect
import math
from collections.abc import Iterator, Sequence

import numpy as np

from howifeel import emotions
from howifeel.report.markup import Markup, element, joined
from howifeel.report.palette import LIGHT, Palette
from howifeel.report.strip import Strip, strip
from howifeel.report.words import clock, percent
from howifeel.timeline import Marker, Table

WIDTH = 920
_LEFT, _RIGHT, _TOP = 74, 52, 26
_RIBBON, _ROW, _SPACE = 22, 27, 12
_AXIS = 26
HEADLINE = 36
HEIGHT = _TOP + _RIBBON + _SPACE + _ROW * len(emotions.NAMES) + _AXIS

_PLOT = WIDTH - _LEFT - _RIGHT
_COLUMNS = _PLOT // 2
_TICKS_S = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400)
_MOST_TICKS = 9
_LETTER = 6.2
_MARK = 8
_INK_ON_COLOUR = "#1d1d21"
_SHOWN = (*emotions.NAMES, emotions.UNSURE)


def svg(
    table: Table,
    track: int,
    *,
    title: str,
    markers: Sequence[Marker] = (),
    start_s: float | None = None,
    end_s: float | None = None,
    headline: str = "",
    palette: Palette = LIGHT,
) -> str:
    """Draw the readings of one face.

    The upper strip shows the expression that was shown longest in each column of two pixels; a
    thin grey line means "unsure". Below, the mean probability of each expression fills its row
    from 0 to 1. Where the face was not read, the ground is shaded and nothing is drawn.

    Args:
        table: the timeline, with other faces too.
        track: the face.
        title: what the chart shows, for those who cannot see it.
        markers: drawn as numbered lines.
        start_s: where the stretch to draw begins, in seconds; None for the timeline's begin.
        end_s: where it ends; None for the timeline's end.
        headline: what is written above it, for a chart outside a page.
        palette: its colours.

    Returns:
        An `<svg>` element that stands alone, `WIDTH` x `HEIGHT` pixels large, and higher by
        `HEADLINE` where it has one.
    """
    start_s = table.start_s if start_s is None else start_s
    end_s = table.end_s if end_s is None else end_s
    axis = _Axis(start_s, max(end_s, start_s + 1e-3))
    rows = table.between(start_s, end_s).of_track(track)
    parts: list[Markup] = []
    if len(rows):
        known = strip(rows, start_s, end_s, _COLUMNS)
        weights = rows.lasts_s if rows.lasts_s.sum() > 0 else None
        means = np.average(rows.probs, axis=0, weights=weights)
        parts += [*_bands(known, axis, palette), *_ribbon(known, axis, palette)]
        parts += _areas(known, axis, palette)
        parts += _names(palette, means.tolist())
    else:
        parts += [_band(axis.start_s, axis.end_s, axis, palette), *_names(palette, None)]
    parts += [*_ticks(axis, palette), *_markers(markers, axis, palette)]
    height, content = HEIGHT, joined(*parts)
    if headline:
        height += HEADLINE
        words = _text(16, 26, headline, palette.ink, font_size=15, font_weight="bold")
        content = joined(words, element("g", content, transform=f"translate(0 {HEADLINE})"))
    return element(
        "svg",
        element("rect", width=WIDTH, height=height, fill=palette.panel),
        content,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH} {height}",
        role="img",
        aria_label=title,
        font_family="system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif",
        font_size=11,
    )


class _Axis:
    """Where a time lies, in pixels."""

    def __init__(self, start_s: float, end_s: float) -> None:
        self.start_s, self.end_s = start_s, end_s

    def x(self, time_s: float) -> float:
        share = (time_s - self.start_s) / (self.end_s - self.start_s)
        return _LEFT + _PLOT * min(max(share, 0.0), 1.0)


def _row_bottom(row: int) -> int:
    return _TOP + _RIBBON + _SPACE + _ROW * (row + 1)


def _band(from_s: float, to_s: float, axis: _Axis, palette: Palette) -> Markup:
    x0, x1 = axis.x(from_s), axis.x(to_s)
    height = _row_bottom(len(emotions.NAMES) - 1) - _TOP
    return element(
        "rect",
        element("title", f"not read from {clock(from_s)} to {clock(to_s)}"),
        x=x0, y=_TOP, width=x1 - x0, height=height, fill=palette.band,
    )  # fmt: skip


def _bands(known: Strip, axis: _Axis, palette: Palette) -> Iterator[Markup]:
    """Where the face was not read."""
    breaks = np.flatnonzero(np.diff(known.run))
    begins = [axis.start_s, *known.end_s[breaks].tolist(), float(known.end_s[-1])]
    ends = [float(known.start_s[0]), *known.start_s[breaks + 1].tolist(), axis.end_s]
    for from_s, to_s in zip(begins, ends, strict=True):
        if axis.x(to_s) - axis.x(from_s) >= 0.5:
            yield _band(from_s, to_s, axis, palette)


def _ribbon(known: Strip, axis: _Axis, palette: Palette) -> Iterator[Markup]:
    """What was shown, as long as it was shown."""
    new = (np.diff(known.shown) != 0) | (np.diff(known.run) != 0)
    first = np.flatnonzero(np.append(True, new))
    last = np.append(first[1:], len(known.shown)) - 1
    for begin, end in zip(first.tolist(), last.tolist(), strict=True):
        name = _SHOWN[known.shown[begin]]
        from_s, to_s = float(known.start_s[begin]), float(known.end_s[end])
        x0, x1 = axis.x(from_s), axis.x(to_s)
        says = name if name == emotions.UNSURE else emotions.PHRASES[name]
        height = 4 if name == emotions.UNSURE else _RIBBON
        yield element(
            "rect",
            element("title", f"{clock(from_s)} to {clock(to_s)}: {says}"),
            x=x0, y=_TOP + (_RIBBON - height) / 2, width=max(x1 - x0, 0.5), height=height,
            fill=palette.fill[name],
        )  # fmt: skip
        if name != emotions.UNSURE and x1 - x0 > _LETTER * len(name) + 8:
            middle = (x0 + x1) / 2
            yield _text(middle, _TOP + 15, name, _INK_ON_COLOUR, text_anchor="middle")


def _areas(known: Strip, axis: _Axis, palette: Palette) -> Iterator[Markup]:
    """The probabilities, one row for each expression."""
    for row, name in enumerate(emotions.NAMES):
        bottom, full = _row_bottom(row), _ROW - 5
        for run in range(int(known.run[-1]) + 1):
            inside = known.run == run
            xs = [axis.x(t) for t in _middles(known, inside)]
            values = known.probs[inside, row].tolist()
            ys = [bottom - full * p for p in (values[0], *values, values[-1])]
            points = [f"{x:.1f} {y:.1f}" for x, y in zip(xs, ys, strict=True)]
            line = "M" + "L".join(points)
            area = f"{line}L{xs[-1]:.1f} {bottom}L{xs[0]:.1f} {bottom}Z"
            yield element("path", d=area, fill=palette.fill[name], fill_opacity="0.55")
            yield element(
                "path", d=line, fill="none", stroke=palette.edge[name], stroke_width="1.2",
                stroke_linejoin="round",
            )  # fmt: skip


def _middles(known: Strip, inside: np.ndarray) -> list[float]:
    """The begin of a run, the middles of its columns, and its end."""
    starts, ends = known.start_s[inside], known.end_s[inside]
    return [float(starts[0]), *((starts + ends) / 2).tolist(), float(ends[-1])]


def _names(palette: Palette, means: list[float] | None) -> Iterator[Markup]:
    """What each row is, and its mean."""
    right = WIDTH - _RIGHT
    yield _text(_LEFT - 10, _TOP + 15, "looks", palette.dim, text_anchor="end")
    yield _text(right + 8, _TOP + 15, "mean", palette.dim)
    for row, name in enumerate(emotions.NAMES):
        y = _row_bottom(row)
        yield element("path", d=f"M{_LEFT} {y}H{right}", stroke=palette.line, stroke_width=1)
        yield _text(_LEFT - 10, y - 5, name, palette.ink, text_anchor="end")
        if means is not None:
            yield _text(right + 8, y - 5, percent(means[row]), palette.dim)


def _ticks(axis: _Axis, palette: Palette) -> Iterator[Markup]:
    length_s = axis.end_s - axis.start_s
    step_s = _step_s(length_s / _MOST_TICKS)
    bottom = _row_bottom(len(emotions.NAMES) - 1)
    for number in range(int(np.ceil(axis.start_s / step_s)), int(axis.end_s / step_s) + 1):
        x, time_s = axis.x(number * step_s), number * step_s
        label = clock(time_s) if step_s >= 1 else f"{time_s:.1f} s"
        yield element("path", d=f"M{x:.1f} {bottom}v5", stroke=palette.dim, stroke_width=1)
        yield _text(x, bottom + 18, label, palette.dim, text_anchor="middle")


def _step_s(least_s: float) -> float:
    """A round number of seconds, at least so many, however long a timeline says that it is."""
    at = bisect.bisect_left(_TICKS_S, least_s)
    if at < len(_TICKS_S):
        return _TICKS_S[at]
    return _TICKS_S[-1] * math.ceil(least_s / _TICKS_S[-1])


def _markers(markers: Sequence[Marker], axis: _Axis, palette: Palette) -> Iterator[Markup]:
    """A line each; a number that would lie on the one before is left out."""
    free_from = 0.0
    bottom = _row_bottom(len(emotions.NAMES) - 1)
    for number, marker in sorted(enumerate(markers, 1), key=lambda each: each[1].time_s):
        if not axis.start_s <= marker.time_s <= axis.end_s:
            continue
        x = axis.x(marker.time_s)
        label: tuple[Markup, ...] = ()
        if x >= free_from:
            free_from = x + 2 * _MARK + 1
            label = (
                element("circle", cx=x, cy=10, r=_MARK, fill=palette.accent),
                _text(x, 14, str(number), palette.panel, text_anchor="middle"),
            )
        yield element(
            "g",
            element("title", f"{clock(marker.time_s)}: {marker.text}"),
            element(
                "path", d=f"M{x:.1f} 18V{bottom}", stroke=palette.accent, stroke_width="1.2",
                stroke_dasharray="3 3",
            ),
            *label,
        )  # fmt: skip


def _text(x: float, y: float, words: str, colour: str, **attributes: object) -> Markup:
    return element("text", words, x=x, y=y, fill=colour, **attributes)
