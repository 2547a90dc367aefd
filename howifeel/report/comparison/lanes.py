"""One small panel for each expression: its share for each person, or for each group of people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from howifeel import emotions
from howifeel.report.comparison.film import Comparison, noun
from howifeel.report.comparison.label import label
from howifeel.report.markup import Markup, element
from howifeel.report.words import interval, percent
from howifeel.timeline.across import across
from howifeel.timeline.statistics import Estimate, Looks

MOST_LANES = 24
"""More people share one lane, as dots around their mean."""

_BESIDE = 9
"""Names of so many characters have room beside the drawing; longer ones stand above it."""

_KINDS = (*emotions.NAMES, emotions.UNSURE)
_SCALES = (0.1, 0.25, 0.5, 0.75, 1.0)
_WIDTH, _HEIGHT = 1000, 18


@dataclass(frozen=True, slots=True)
class _Lane:
    """A line of a panel: an estimate, and the people behind it as dots."""

    name: str
    looks: Looks
    people: tuple[Looks, ...] = ()


def panels(comparison: Comparison) -> Markup:
    """The panels, all on the same scale, and what they show."""
    lanes = _lanes(comparison)
    if not lanes:
        return Markup("")
    largest = max(
        max(each.high or each.value for each in _estimates(looks))
        for lane in lanes
        for looks in (lane.looks, *lane.people)
    )
    scale = next((scale for scale in _SCALES if largest <= scale), 1.0)
    what = "participant" if comparison.participants else noun(comparison.films)[0]
    dots = any(lane.people for lane in lanes)
    return element(
        "section",
        element("h2", "Each expression by itself"),
        element(
            "p",
            f"A dot is the share of one {what}; the thick mark is their mean."
            if dots
            else f"The mark is the share of one {what}.",
            " The line is the 95 % interval, where there is one."
            f" All panels go from 0 to {percent(scale)}.",
            class_="dim",
        ),
        element("div", *(_panel(kind, lanes, scale) for kind in _KINDS), class_="panels"),
    )


def _lanes(comparison: Comparison) -> list[_Lane]:
    read = [(person, person.looks) for person in comparison.compared if person.looks]
    if comparison.groups:
        return [
            _Lane(
                name,
                mean,
                tuple(looks for person, looks in read if person.group == name),
            )
            for name, mean in comparison.groups.items()
        ]
    if len(read) > MOST_LANES:
        every = tuple(looks for _, looks in read)
        return [_Lane("all", across(every), every)]
    return [_Lane(person.name, looks) for person, looks in read]


def _estimates(looks: Looks) -> Sequence[Estimate]:
    return [*looks.shares.values(), looks.unsure]


def _share(looks: Looks, kind: str) -> Estimate:
    return looks.unsure if kind == emotions.UNSURE else looks.shares[kind]


def _panel(kind: str, lanes: Sequence[_Lane], scale: float) -> Markup:
    title = kind if kind == emotions.UNSURE else emotions.PHRASES[kind]
    rows = (
        element(
            "li",
            label(lane.name, "lane"),
            _drawing(kind, lane, scale),
            element("span", percent(_share(lane.looks, kind).value), class_="value"),
            class_="crowd" if len(lane.people) > MOST_LANES else None,
        )
        for lane in lanes
    )
    above = "above" if any(len(lane.name) > _BESIDE for lane in lanes) else None
    lines = element("ul", *rows, class_=above)
    return element("div", element("h3", title), lines, class_="card panel")


def _drawing(kind: str, lane: _Lane, scale: float) -> Markup:
    """Zero-length lines with round ends are dots that stay round at any width."""

    def x(value: float) -> str:
        return f"{_WIDTH * min(value / scale, 1):.0f}"

    middle, share = _HEIGHT // 2, _share(lane.looks, kind)
    crowd = "".join(
        f"M{x(_share(each, kind).value)} {middle - 5 + 5 * (n % 3)}h0"
        for n, each in enumerate(lane.people)
    )
    parts = [element("rect", width=_WIDTH, height=2, y=middle - 1, class_="ground")]
    if crowd:
        parts.append(element("path", d=crowd, class_=f"dots of-{kind}"))
    if share.low is not None and share.high is not None:
        line = f"M{x(share.low)} {middle}H{x(share.high)}"
        parts.append(element("path", d=line, class_="whisker"))
    parts.append(element("path", d=f"M{x(share.value)} {middle}h0", class_=f"mean of-{kind}"))
    words = f"{lane.name}: {percent(share.value)}"
    if interval(share):
        words += f", {interval(share)}"
    return element(
        "svg",
        element("title", words),
        *parts,
        viewBox=f"0 0 {_WIDTH} {_HEIGHT}",
        preserveAspectRatio="none",
        role="img",
    )
