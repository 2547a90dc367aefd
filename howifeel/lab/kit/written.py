"""Figures as people write them."""

from __future__ import annotations

from howifeel.lab.kit.result import Number


def formatted(number: Number) -> str:
    r"""A figure as people write it.

    >>> formatted(Number("a", 0.6321)), formatted(Number("n", 1200, kind="count"))
    ('63.2\xa0%', '1,200')
    """
    return _value(number.value, number.kind)


def interval(number: Number) -> str:
    """The bounds of a figure, empty where it has none."""
    if number.low is None or number.high is None:
        return ""
    return f"{_value(number.low, number.kind)} to {_value(number.high, number.kind)}"


def _value(value: float | None, kind: str) -> str:
    if value is None:
        return "–"
    match kind:
        case "share":
            return f"{value:.1%}".replace("%", "\u00a0%")
        case "count":
            return f"{value:,.0f}"
        case "seconds":
            return f"{value:.1f} s"
        case _:
            return f"{value:.3g}"


def bounded(number: Number) -> str:
    """A figure and, where it has them, its bounds."""
    bounds = interval(number)
    return formatted(number) + (f" ({bounds})" if bounds else "")
