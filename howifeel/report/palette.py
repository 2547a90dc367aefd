"""Colours of charts: for light and dark ground, and as variables that a page sets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from howifeel import emotions


@dataclass(frozen=True, slots=True)
class Palette:
    """CSS colours of one kind of ground.

    Attributes:
        ground: what lies behind everything.
        panel: what lies behind a chart.
        ink: text and axes.
        dim: text of less weight.
        line: thin lines.
        band: where there is nothing to show.
        accent: markers and links.
        fill: expression -> what its areas are filled with; also "unsure".
        edge: expression -> the line around an area, darker or lighter than the ground.
    """

    ground: str
    panel: str
    ink: str
    dim: str
    line: str
    band: str
    accent: str
    fill: Mapping[str, str]
    edge: Mapping[str, str]


def _hex(bgr: tuple[int, int, int], share: float = 1.0) -> str:
    """A colour as #rrggbb, darkened where `share` is below 1."""
    return "#" + "".join(f"{round(value * share):02x}" for value in reversed(bgr))


_FILL = {name: _hex(bgr) for name, bgr in emotions.COLOURS_BGR.items()} | {
    emotions.UNSURE: _hex(emotions.UNSURE_BGR)
}
_DARK_EDGE = {name: _hex(bgr, 0.72) for name, bgr in emotions.COLOURS_BGR.items()} | {
    emotions.UNSURE: _hex(emotions.UNSURE_BGR, 0.72)
}

LIGHT = Palette(
    ground="#f6f6f4",
    panel="#ffffff",
    ink="#1d1d21",
    dim="#62626b",
    line="#dededc",
    band="#f0f0ee",
    accent="#3b5bdb",
    fill=_FILL,
    edge=_DARK_EDGE,
)
DARK = Palette(
    ground="#141417",
    panel="#1d1d22",
    ink="#ececf0",
    dim="#a0a0ab",
    line="#34343c",
    band="#26262c",
    accent="#91a7ff",
    fill=_FILL,
    edge=_FILL,
)


def _variables(palette: Palette) -> dict[str, str]:
    """CSS variables by name with the colours of a palette."""
    plain = {f.name: getattr(palette, f.name) for f in fields(Palette)}
    fill, edge = plain.pop("fill"), plain.pop("edge")
    return (
        {f"--{name}": colour for name, colour in plain.items()}
        | {f"--fill-{name}": colour for name, colour in fill.items()}
        | {f"--edge-{name}": colour for name, colour in edge.items()}
    )


def css(palette: Palette) -> str:
    """Declarations of the variables that `PAGE` refers to."""
    return "".join(f"{name}:{colour};" for name, colour in _variables(palette).items())


PAGE = Palette(
    **{f.name: f"var(--{f.name})" for f in fields(Palette) if f.type == "str"},  # type: ignore[arg-type]
    fill={name: f"var(--fill-{name})" for name in _FILL},
    edge={name: f"var(--edge-{name})" for name in _FILL},
)
"""For pages that set the variables, so that their charts change with the ground."""
