"""Comma-separated values (RFC 4180, UTF-8): empty cells where there is nothing to say."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from howifeel import untrusted
from howifeel.timeline.rows import COLUMNS, DECIMALS, to_rows
from howifeel.types import Moment


class CsvWriter:
    """Writes rows to an open text file."""

    def __init__(self, file: Any) -> None:
        self._table = csv.writer(file)
        self._table.writerow(COLUMNS)

    def add(self, moment: Moment) -> None:
        """Append the rows of one frame."""
        for row in to_rows(moment):
            self._table.writerow(_text(name, value) for name, value in row.items())


@contextmanager
def open_writer(path: Path) -> Iterator[CsvWriter]:
    """Write a new file.

    Raises:
        OSError: it cannot be written.
    """
    with path.open("w", encoding="utf-8", newline="") as file:
        yield CsvWriter(file)


def read_rows(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a file, typed.

    Raises:
        OSError: it cannot be read.
        KeyError, TypeError, ValueError: it holds something else.
    """
    untrusted.check_regular(path)
    with path.open(encoding="utf-8", newline="") as file:
        table = csv.DictReader(untrusted.lines(file), strict=True)
        try:
            if table.fieldnames is None or list(table.fieldnames) != list(COLUMNS):
                raise ValueError("its first line does not name the columns")
            for row in table:
                yield {name: _value(row[name], kind) for name, kind in COLUMNS.items()}
        except csv.Error as error:
            raise ValueError(str(error)) from error


def _text(name: str, value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.{DECIMALS[name]}f}" if name in DECIMALS else str(value)


def _value(text: str, kind: type) -> object:
    if text == "":
        return None
    return {"true": True, "false": False}[text] if kind is bool else kind(text)
