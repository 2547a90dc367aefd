"""A result as a Markdown page with its figures, for a project's documentation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from howifeel.files import atomic_all
from howifeel.lab.kit.cautions import cautions
from howifeel.lab.kit.command import command
from howifeel.lab.kit.result import Figure, Record
from howifeel.lab.kit.written import formatted, interval
from howifeel.report.palette import LIGHT


def write(record: Record, folder: Path, target: Path, *, force: bool = False) -> Path:
    """Write EXPERIMENT.md and its figures, as EXPERIMENT-FIGURE.svg, into a folder.

    Figures that show pictures of the data are left out: most data sets forbid passing them on.

    Args:
        record: what was found.
        folder: where its figures lie.
        target: an existing folder.
        force: replace existing files.

    Returns:
        The page.

    Raises:
        OutputError: a file exists or cannot be written.
    """
    page = target / f"{record.experiment}.md"
    drawn = {f.file: target / f"{record.experiment}-{f.file}" for f in _shown(record)}
    with atomic_all([page, *drawn.values()], force=force) as unfinished:
        for file, path in drawn.items():
            svg = _on_white((folder / file).read_text("utf-8"))
            unfinished[path].write_text(svg, "utf-8")
        unfinished[page].write_text(text(record), "utf-8")
    return page


def text(record: Record) -> str:
    """The page's text."""
    result = record.result
    parts = [f"# {record.experiment}", record.summary]
    parts += [f"> {caution}" for caution in cautions(record)]
    parts.append(f"**Protocol.** {result.protocol}")
    parts += [f"- {sentence}" for sentence in result.meaning]
    numbers = [(n.name, formatted(n), interval(n), n.method) for n in result.numbers]
    parts.append(_table("", ("what", "figure", "95 % interval", "its method"), numbers))
    for figure in _shown(record):
        parts.append(f"![{_cell(figure.alt)}]({record.experiment}-{figure.file})")
        parts.append(f"*{figure.caption}*")
    parts += [_table(table.title, table.columns, table.rows) for table in result.tables]
    if result.published:
        rows = [(p.figure, p.source, p.remark) for p in result.published]
        parts.append(_table("What others published", ("figure", "whose", "remark"), rows))
    parts.append(_origin(record))
    page = "\n\n".join(parts) + "\n"
    return re.sub(r"(\n- [^\n]+)\n(?=\n- )", r"\1", page)


def _shown(record: Record) -> list[Figure]:
    return [figure for figure in record.result.figures if not figure.faces]


def _origin(record: Record) -> str:
    result = record.result
    facts = [f"Data: {result.data}; SHA-256 of the pictures used: `{result.data_sha256}`."]
    if result.model:
        facts.append(f"Model: {result.model.name}, SHA-256 `{result.model.sha256}`.")
        if result.model.about:
            facts.append(f"It is: {result.model.about}.")
    facts.append(
        f"Made with commit `{record.commit}` in {record.seconds:.0f} s on {record.machine}:"
    )
    # indented, as its files are not those of a reader, who would try a fenced command
    return "\n".join(facts) + f"\n\n    {command(record, names_only=True)}"


def _table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [title, ""] if title else []
    lines += ["| " + " | ".join(map(_cell, columns)) + " |", "| --- " * len(columns) + "|"]
    lines += ["| " + " | ".join(map(_cell, row)) + " |" for row in rows]
    return "\n".join(lines)


def _cell(words: str) -> str:
    return words.replace("|", "\\|").replace("\n", " ").replace("\u00a0", " ")


def _on_white(svg: str) -> str:
    """A ground, as pages that show Markdown may be dark."""
    start = svg.index(">", svg.index("<svg")) + 1
    ground = f'<rect width="100%" height="100%" fill="{LIGHT.panel}"/>'
    return svg[:start] + ground + svg[start:]
