"""Figures as SVG: one look, colours that everybody can tell apart, readable on light and dark.

Text and axes use the colours of `report.palette.LIGHT`; the page replaces these by variables, so
that a figure follows the ground it stands on.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from cycler import cycler
from matplotlib import rc_context, ticker
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure as Canvas
from numpy.typing import NDArray

from howifeel import emotions
from howifeel.lab.kit.out import Out
from howifeel.lab.kit.result import Figure
from howifeel.report.palette import LIGHT

SERIES = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8a8a94")
"""Colours of lines and bars (Okabe and Ito 2008, "Color universal design"), and grey."""

MARKERS = ("o", "s", "^", "D", "v", "P", "X")
"""One for each series, so that colour is never the only difference."""

_STYLE: dict[str, Any] = {
    "svg.fonttype": "path",
    "font.size": 10,
    "text.color": LIGHT.ink,
    "axes.labelcolor": LIGHT.ink,
    "axes.edgecolor": LIGHT.dim,
    "axes.facecolor": "none",
    "figure.facecolor": "none",
    "savefig.facecolor": "none",
    "xtick.color": LIGHT.dim,
    "ytick.color": LIGHT.dim,
    "grid.color": LIGHT.line,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 11,
    "axes.prop_cycle": cycler(color=SERIES, marker=MARKERS),
    "lines.markersize": 5,
    "legend.frameon": False,
}


class Drawing:
    """A figure that is being drawn; see `drawing`."""

    def __init__(self, canvas: Canvas) -> None:
        self.canvas = canvas
        self.figure: Figure | None = None


@contextlib.contextmanager
def drawing(
    out: Out,
    name: str,
    caption: str,
    *,
    size: tuple[float, float] = (8, 4.2),
    alt: str = "",
    faces: bool = False,
) -> Iterator[Drawing]:
    """Draw a figure in the house style; it is written when the block ends.

    Args:
        out: where to.
        name: of the file, without suffix.
        caption: what it shows, in a sentence.
        size: width and height in inches; the page is about 9 wide.
        alt: the caption for those who cannot see it, where that differs.
        faces: it shows pictures of the data.
    """
    style: Any = _STYLE | {"svg.hashsalt": name}
    with rc_context(style):
        drawn = Drawing(Canvas(figsize=size, layout="constrained"))
        drawn.figure = Figure(f"{name}.svg", caption, alt or caption, faces)
        yield drawn
        text = io.StringIO()
        drawn.canvas.savefig(text, format="svg", metadata={"Date": None})
        out.path(f"{name}.svg").write_text(text.getvalue(), "utf-8")


def done(drawn: Drawing) -> Figure:
    """The figure that a drawing became."""
    assert drawn.figure is not None
    return drawn.figure


def percent(axis: Axis, decimals: int | None = None) -> None:
    """Label an axis of shares in percent, with as many decimals as its range needs."""
    axis.set_major_formatter(ticker.PercentFormatter(1, decimals=decimals))


def whole(axis: Axis) -> None:
    """Label an axis at whole numbers only."""
    axis.set_major_locator(ticker.MaxNLocator(integer=True))


def shares(axes: Axes, commonest: float | None = None) -> None:
    """Make an axes one of accuracies, from 0 to 100 %.

    Args:
        axes: which.
        commonest: the share of the commonest label of what is measured, where a line is drawn.
    """
    axes.set_ylim(0, 1)
    percent(axes.yaxis)
    if commonest is not None:
        axes.axhline(commonest, color=LIGHT.dim, linestyle=":", linewidth=1, marker="",
                     label="always the commonest")  # fmt: skip


def band(
    axes: Axes,
    x: Sequence[float],
    values: Sequence[float],
    low: Sequence[float],
    high: Sequence[float],
    label: str,
    index: int = 0,
    **style: object,
) -> None:
    """A line with its interval as a band."""
    colour = SERIES[index % len(SERIES)]
    marker = MARKERS[index % len(MARKERS)]
    axes.fill_between(x, low, high, color=colour, alpha=0.18, linewidth=0)
    axes.plot(x, values, color=colour, marker=marker, label=label, **style)  # type: ignore[arg-type]


def matrix(
    axes: Axes,
    values: NDArray[np.floating],
    rows: Sequence[str],
    columns: Sequence[str],
    *,
    text: NDArray[np.str_] | None = None,
    highest: float = 1.0,
) -> None:
    """A table of numbers as tinted cells, with the numbers in them (as percent by default)."""
    axes.grid(visible=False)
    axes.imshow(values, cmap="Blues", vmin=0, vmax=highest, aspect="auto")
    for row, column in np.ndindex(values.shape):
        value = values[row, column]
        shown = f"{value:.0%}" if text is None else str(text[row, column])
        # the tint behind is the same on light and dark ground, so these are fixed
        colour = "#fefefe" if value > 0.55 * highest else "#10131a"
        axes.text(column, row, shown, ha="center", va="center", fontsize=8.5, color=colour)
    axes.set_xticks(range(len(columns)), columns, rotation=35, ha="right")
    axes.set_yticks(range(len(rows)), rows)
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)


def confusion(axes: Axes, counts: NDArray[np.integer], title: str) -> None:
    """Shares of each label that were named so; the number of pictures beside each label."""
    totals = counts.sum(axis=1)
    rows = [f"{name} ({n})" for name, n in zip(emotions.NAMES, totals, strict=True)]
    matrix(axes, counts / np.maximum(totals[:, None], 1), rows, emotions.NAMES)
    axes.set(xlabel="named", ylabel="label (pictures)", title=title)


def pictures(
    canvas: Canvas,
    grid: Sequence[Sequence[NDArray[np.floating] | NDArray[np.uint8] | None]],
    *,
    rows: Sequence[str] = (),
    columns: Sequence[str] = (),
    colours: str = "gray",
    limits: tuple[float, float] | None = (0, 255),
    titles: Sequence[Sequence[str]] = (),
) -> None:
    """Small pictures in rows and columns, with names; None leaves a place empty.

    Args:
        canvas: the figure, which they fill.
        grid: grey (h, w) by `limits`, or colour uint8 (h, w, 3), RGB.
        rows: their names.
        columns: their names.
        colours: a colour map for grey ones.
        limits: what is black and white; None: the least and greatest value of each.
        titles: words above each picture.
    """
    axes = canvas.subplots(len(grid), max(map(len, grid)), squeeze=False)
    low, high = limits or (None, None)
    for r, places in enumerate(axes):
        for c, place in enumerate(places):
            place.set(xticks=[], yticks=[])
            place.spines[:].set_visible(False)
            place.grid(visible=False)
            if c < len(grid[r]) and grid[r][c] is not None:
                place.imshow(grid[r][c], cmap=colours, vmin=low, vmax=high, interpolation="nearest")
            if titles:
                place.set_title(titles[r][c] if c < len(titles[r]) else "", fontsize=7.5, pad=2)
            elif r == 0 and c < len(columns):
                place.set_title(columns[c], fontsize=9)
            if c == 0 and r < len(rows):
                place.set_ylabel(rows[r], rotation=0, ha="right", va="center", fontsize=9)
