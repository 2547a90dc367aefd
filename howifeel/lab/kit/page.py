"""The report: all results of a run as one HTML file that opens offline, in light and in dark."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from howifeel.lab.kit.result import Figure, Number, Record, Table
from howifeel.report.document import document
from howifeel.report.markup import Markup, element, joined
from howifeel.report.palette import LIGHT

_MORE_STYLE = """
.figure svg{display:block;width:100%;height:auto;margin:8px 0}
.figure p{margin:0}
.scroll{overflow-x:auto}
.num{white-space:nowrap}
nav ul{columns:3 220px;padding:0;list-style:none;max-width:none}
a{color:var(--accent)}
details{margin-top:16px}
summary{cursor:pointer;color:var(--dim)}
code{font-family:ui-monospace,'DejaVu Sans Mono',monospace;font-size:13px}
"""
_PLAIN_NUMBERS = 3
"""A result with at most so many figures shows them large."""


def page(found: Sequence[tuple[Record, Path]], title: str = "The lab") -> str:
    """The text of the report.

    Args:
        found: records and the folders in which their figures lie, at least one.
        title: the headline.
    """
    several = len(found) > 1
    return document(
        title,
        element("header", element("h1", title), _about(found)),
        _contents(found) if several else "",
        *(_section(record, folder, headline=several) for record, folder in found),
        style=_MORE_STYLE,
    )


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


def _about(found: Sequence[tuple[Record, Path]]) -> Markup:
    record = found[0][0]
    words = [
        element(
            "p",
            f"Made by HowIFeel {record.version}, commit {record.commit[:10]}, on {record.machine}.",
            class_="dim",
        )
    ]
    cautions = []
    if any("drawn faces" in each.result.data for each, _ in found):
        cautions.append(
            "Figures on drawn faces show that an experiment works. They say nothing about people; "
            "give --data for that."
        )
    if any(each.quick for each, _ in found):
        cautions.append("This was a quick run: few pictures, few epochs, wide intervals.")
    cautions.append(
        "An expression is what a face looks like. What a person felt, a picture cannot tell "
        "(Barrett et al. 2019, doi:10.1177/1529100619832930)."
    )
    words.append(element("div", element("p", " ".join(cautions)), class_="note"))
    return joined(*words)


def _contents(found: Sequence[tuple[Record, Path]]) -> Markup:
    links = (
        element("li", element("a", record.experiment, href=f"#{record.experiment}"))
        for record, _ in found
    )
    return element("nav", element("ul", *links))


def _section(record: Record, folder: Path, *, headline: bool) -> Markup:
    result = record.result
    return element(
        "section",
        element("h2", record.experiment) if headline else "",
        element("p", record.summary, class_="dim"),
        element("p", element("b", "Protocol: "), result.protocol),
        _numbers(result.numbers),
        *(_figure(folder / figure.file, figure, record.experiment) for figure in result.figures),
        *(_table(table) for table in result.tables),
        _published(record),
        _meaning(record),
        _origin(record),
        id=record.experiment,
    )


def _numbers(numbers: Sequence[Number]) -> Markup:
    if len(numbers) <= _PLAIN_NUMBERS:
        tiles = (
            element(
                "div",
                element("dt", " · ".join(filter(None, (n.name, interval(n))))),
                element("dd", formatted(n)),
            )
            for n in numbers
        )
        return element("dl", *tiles, class_="tiles")
    rows = tuple((n.name, formatted(n), interval(n), n.method) for n in numbers)
    return _table(Table("Figures", ("what", "figure", "95 % interval", "its method"), rows))


def _table(table: Table) -> Markup:
    heads = (element("th", head, scope="col") for head in table.columns)
    rows = (
        element("tr", element("th", first, scope="row"), *map(_cell, rest))
        for first, *rest in table.rows
    )
    whole = element(
        "table",
        element("caption", table.title),
        element("thead", element("tr", *heads)),
        element("tbody", *rows),
    )
    return element("div", whole, class_="card scroll")


def _cell(text: str) -> Markup:
    """Numbers stay on one line."""
    number = re.fullmatch(r"[-+\d.,%e\s]+(to [-+\d.,%e\s]+)?s?", text)
    return element("td", text, class_="num" if number else None)


def _figure(path: Path, figure: Figure, experiment: str) -> Markup:
    drawn = inline_svg(path.read_text("utf-8"), f"{experiment}-{path.stem}", figure.alt)
    caption = element("p", figure.caption, class_="small dim")
    return element("div", drawn, caption, class_="card figure")


def inline_svg(text: str, prefix: str, alt: str) -> Markup:
    """A figure's SVG as a part of the page: unique names inside, colours of the page, a label."""
    svg = text[text.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{prefix}-\1"', svg)
    svg = re.sub(r'(href="#|url\(#)', rf"\1{prefix}-", svg)
    for name in ("ink", "dim", "line"):
        svg = svg.replace(getattr(LIGHT, name), f"var(--{name})")
    label = element("svg", role="img", aria_label=alt)[len("<svg") : -len("></svg>")]
    svg = re.sub(r'^<svg([^>]*?) width="[^"]*"', r"<svg\1", svg)
    svg = re.sub(r'^<svg([^>]*?) height="[^"]*"', r"<svg\1", svg)
    return Markup(f"<svg{label}{svg[len('<svg') :]}")


def _published(record: Record) -> Markup:
    if not record.result.published:
        return Markup("")
    rows = tuple((p.figure, p.source, p.remark) for p in record.result.published)
    return _table(Table("What others published", ("figure", "whose", "remark"), rows))


def _meaning(record: Record) -> Markup:
    items = [element("li", sentence) for sentence in record.result.meaning]
    items += [
        element("li", "A page of its own: ", element("code", f"{record.experiment}/{name}"))
        for name in record.result.pages
    ]
    return element("div", element("ul", *items), class_="card") if items else Markup("")


def _origin(record: Record) -> Markup:
    result = record.result
    facts = {
        "data": f"{result.data}, SHA-256 {result.data_sha256}" if result.data else "",
        "model": _model(record),
        "options": ", ".join(f"{name} = {value}" for name, value in record.config.items()),
        "packages": ", ".join(f"{name} {v}" for name, v in record.packages.items()),
        "run": f"{record.started}, {record.seconds:.0f} s, seed {record.seed}",
    }
    pairs = (
        joined(element("dt", name), element("dd", value)) for name, value in facts.items() if value
    )
    return element(
        "details",
        element("summary", "How to repeat this"),
        element("dl", *pairs, class_="facts"),
    )


def _model(record: Record) -> str:
    model = record.result.model
    if model is None:
        return ""
    return f"{model.name}, SHA-256 {model.sha256}" + (f"; {model.about}" if model.about else "")
