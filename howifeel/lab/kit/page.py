"""The report: all results of a run as one HTML file that opens offline, in light and in dark."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from howifeel.lab.kit.cautions import cautions
from howifeel.lab.kit.command import command
from howifeel.lab.kit.result import Figure, Number, Record, Table
from howifeel.lab.kit.written import bounded, formatted, interval
from howifeel.report.document import document
from howifeel.report.markup import Markup, element, joined
from howifeel.report.palette import LIGHT

_MORE_STYLE = """
.figure svg{display:block;width:100%;height:auto;margin:8px 0}
.figure p{margin:0}
.scroll{overflow-x:auto}
.scroll td,.scroll th{overflow-wrap:normal}
@media print{.scroll td,.scroll th{overflow-wrap:anywhere}}
.num{white-space:nowrap}
section .note{margin:14px 0}
nav{margin-top:26px}
nav ul{columns:3 220px;padding:0;list-style:none;max-width:none}
a{color:var(--accent)}
details{margin-top:16px}
summary{cursor:pointer;color:var(--dim)}
code,pre{font-family:ui-monospace,'DejaVu Sans Mono',monospace;font-size:13px}
pre{white-space:pre-wrap;overflow-wrap:anywhere;margin:0 0 14px}
"""
_PLAIN_NUMBERS = 3
"""A result with at most so many figures shows them large."""


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """A run on the page.

    Attributes:
        record: what was found.
        folder: where its figures lie.
        name: what it is called, no other on the page is called so.
        beside: the folder of the page, to which links are relative.
    """

    record: Record
    folder: Path
    name: str
    beside: Path

    @property
    def anchor(self) -> str:
        """Its `id` on the page."""
        return _anchor(self.name)


def page(found: Sequence[tuple[Record, Path]], title: str = "The lab", *, beside: Path) -> str:
    """The text of the report.

    Args:
        found: records and the folders in which their figures lie, at least one.
        title: the headline.
        beside: the folder in which the page will lie.
    """
    names = _names(found)
    parts = [_Part(*each, name, beside) for each, name in zip(found, names, strict=True)]
    several = len(parts) > 1
    return document(
        title,
        element("header", element("h1", title), _about(parts)),
        _contents(parts) if several else "",
        *_comparisons(parts),
        *(_section(part, headline=several) for part in parts),
        style=_MORE_STYLE,
    )


def _names(found: Sequence[tuple[Record, Path]]) -> list[str]:
    """The experiment and, where there are several runs of it, so much of the path and the model."""
    names = [record.experiment for record, _ in found]
    alike = {name for name in names if names.count(name) > 1}
    paths = [folder.absolute().parts for _, folder in found]
    longest = max(map(len, paths))
    for depth in range(1, longest + 1):
        ends = ["/".join(path[-depth:]) for path in paths]
        told = [
            f"{name}: {end}{_in_brackets(record)}" if name in alike else name
            for name, end, (record, _) in zip(names, ends, found, strict=True)
        ]
        if len(set(map(_anchor, told))) == len(told):
            return told
    return [f"{name} {number}" for number, name in enumerate(names, 1)]  # one folder, named twice


def _anchor(name: str) -> str:
    return re.sub(r"[^\w.-]+", "-", name).strip("-")


def _in_brackets(record: Record) -> str:
    return f" ({record.result.model.name})" if record.result.model else ""


def _about(parts: Sequence[_Part]) -> Markup:
    records = [part.record for part in parts]
    made = (
        f"Made by HowIFeel {r.version}, commit {r.commit[:10]}, on {r.machine}." for r in records
    )
    caution = (
        "An expression is what a face looks like. What a person felt, a picture cannot tell "
        "(Barrett et al. 2019, doi:10.1177/1529100619832930)."
    )
    return joined(
        *(element("p", words, class_="dim") for words in dict.fromkeys(made)), _note([caution])
    )


def _note(sentences: Iterable[str]) -> Markup:
    text = " ".join(sentences)
    return element("div", element("p", text), class_="note") if text else Markup("")


def _contents(parts: Sequence[_Part]) -> Markup:
    links = (
        element("li", element("a", part.name, href=f"#{quote(part.anchor)}")) for part in parts
    )
    return element("nav", element("ul", *links))


def _comparisons(parts: Sequence[_Part]) -> Iterable[Markup]:
    """The figures of runs of one experiment side by side."""
    for experiment in dict.fromkeys(part.record.experiment for part in parts):
        runs = [part for part in parts if part.record.experiment == experiment]
        if len(runs) < 2:
            continue
        found = [{number.name: number for number in run.record.result.numbers} for run in runs]
        names = dict.fromkeys(name for numbers in found for name in numbers)
        rows = [("on", *(_subject(run.record) for run in runs))]
        rows += [
            (name, *((bounded(numbers[name]) if name in numbers else "–") for numbers in found))
            for name in names
        ]
        columns = ("figure, with its 95 % interval", *(run.name for run in runs))
        yield element(
            "section",
            element("h2", f"{experiment}: side by side"),
            _table(Table("", columns, tuple(rows))),
        )


def _subject(record: Record) -> str:
    """Which classifier on which pictures."""
    model = record.result.model
    return ", ".join(filter(None, (model.name if model else "", record.result.data)))


def _section(part: _Part, *, headline: bool) -> Markup:
    record, result = part.record, part.record.result
    return element(
        "section",
        element("h2", part.name) if headline else "",
        element("p", record.summary, class_="dim"),
        element("p", element("b", "On: "), _subject(record)),
        _note(cautions(record)),
        element("p", element("b", "Protocol: "), result.protocol),
        _numbers(result.numbers),
        *(_figure(part.folder / figure.file, figure, part.anchor) for figure in result.figures),
        *(_table(table) for table in result.tables),
        _published(record),
        _meaning(part),
        _origin(record),
        id=part.anchor,
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
        element("caption", table.title) if table.title else "",
        element("thead", element("tr", *heads)),
        element("tbody", *rows),
    )
    return element("div", whole, class_="card scroll")


def _cell(text: str) -> Markup:
    """Numbers stay on one line."""
    number = re.fullmatch(r"[-+\d.,%es()\s]+(to [-+\d.,%es()\s]+)?", text)
    return element("td", text, class_="num" if number else None)


def _figure(path: Path, figure: Figure, prefix: str) -> Markup:
    drawn = inline_svg(path.read_text("utf-8"), f"{prefix}-{path.stem}", figure.alt)
    caption = element("p", figure.caption, class_="small dim")
    return element("div", drawn, caption, class_="card figure")


def inline_svg(text: str, prefix: str, alt: str) -> Markup:
    """A figure's SVG as a part of the page: unique names inside, colours of the page, a label."""
    svg = text[text.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    used = set(re.findall(r'(?:href="#|url\(#)([^")]+)', svg))
    svg = re.sub(r' id="([^"]+)"', lambda m: f' id="{prefix}-{m[1]}"' if m[1] in used else "", svg)
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


def _meaning(part: _Part) -> Markup:
    result = part.record.result
    items = [element("li", sentence) for sentence in result.meaning]
    items += [
        element("li", "A file of its own: ", element("a", name, href=_link(part, name)))
        for name in result.pages
    ]
    return element("div", element("ul", *items), class_="card") if items else Markup("")


def _link(part: _Part, name: str) -> str:
    """From the page to a file of the run."""
    try:
        return quote(Path(os.path.relpath(part.folder / name, part.beside)).as_posix())
    except ValueError:  # another drive
        return (part.folder / name).absolute().as_uri()


def _origin(record: Record) -> Markup:
    result = record.result
    facts = {
        "data": f"{result.data}; SHA-256 of the pictures used: {result.data_sha256}",
        "model": _model(record),
        "packages": ", ".join(f"{name} {v}" for name, v in record.packages.items()),
        "run": f"{record.started}, {record.seconds:.0f} s, seed {record.seed}",
    }
    pairs = (
        joined(element("dt", name), element("dd", value)) for name, value in facts.items() if value
    )
    return element(
        "details",
        element("summary", "How to repeat this"),
        element("pre", command(record)),
        element("dl", *pairs, class_="facts"),
    )


def _model(record: Record) -> str:
    model = record.result.model
    if model is None:
        return ""
    return f"{model.name}, SHA-256 {model.sha256}" + (f"; {model.about}" if model.about else "")
