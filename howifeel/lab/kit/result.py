"""What an experiment found, and all that is needed to find it again; as values and as JSON."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from howifeel.errors import AssetError

RESULT_FILE = "result.json"
_SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Number:
    """One figure.

    Attributes:
        name: what it is of.
        value: the figure; None where it does not exist.
        low, high: bounds of its 95 % interval; None where it has none.
        kind: "share" (0..1), "count", "number", or "seconds".
        method: where the interval comes from, in words.
        varies: it is a measured time, which differs from run to run.
    """

    name: str
    value: float | None
    low: float | None = None
    high: float | None = None
    kind: str = "share"
    method: str = ""
    varies: bool = False


@dataclass(frozen=True, slots=True)
class Published:
    """A figure that others published, to stand beside ours.

    Attributes:
        figure: the figure in words.
        source: whose it is.
        remark: why the two may differ.
    """

    figure: str
    source: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture that belongs to a result.

    Attributes:
        file: its name in the result's folder.
        caption: what it shows.
        alt: the same for those who cannot see it.
        faces: it shows pictures of the data, which may not be passed on.
    """

    file: str
    caption: str
    alt: str
    faces: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Words and numbers in rows.

    Attributes:
        title: what it lists.
        columns: heads.
        rows: cells as text, as many as there are heads.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """Which classifier was looked at.

    Attributes:
        name: of its file.
        sha256: of its file, or of its weights where it has none.
        about: where it is from.
        trained_here: the experiment trained it on pictures that it does not measure.
    """

    name: str
    sha256: str
    about: str = ""
    trained_here: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """What an experiment found.

    Attributes:
        protocol: which pictures, what was fitted and chosen on which, in a sentence or two.
        numbers: the figures.
        figures, tables: in the order in which they are shown.
        published: figures of others.
        meaning: sentences on what the figures say and what they do not.
        model: the classifier, where there was one.
        data: name and size of the data, in words.
        data_sha256: of the pictures and labels that were used.
        pages: further files of the folder that a reader may open.
    """

    protocol: str
    numbers: tuple[Number, ...]
    figures: tuple[Figure, ...] = ()
    tables: tuple[Table, ...] = ()
    published: tuple[Published, ...] = ()
    meaning: tuple[str, ...] = ()
    model: ModelFacts | None = None
    data: str = ""
    data_sha256: str = ""
    pages: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.protocol or not self.numbers:
            raise ValueError("a result needs a protocol and at least one number")
        for table in self.tables:
            if any(len(row) != len(table.columns) for row in table.rows):
                raise ValueError(f"a row of {table.title!r} does not fit its columns")


@dataclass(frozen=True, slots=True)
class Record:
    """A result with its origin: what `result.json` holds.

    Attributes:
        experiment: its name.
        summary: what it does, in one line.
        config: all options.
        seed: start of all random numbers.
        quick: it ran small, to see that it runs.
        commit: version-control commit of the program, or "unknown".
        version: of the program.
        packages: name to version of the libraries that computed.
        machine: processor and system, in words.
        started: local time as ISO 8601.
        seconds: how long it took.
        result: what was found.
    """

    experiment: str
    summary: str
    config: dict[str, Any]
    seed: int
    quick: bool
    commit: str
    version: str
    packages: dict[str, str]
    machine: str
    started: str
    seconds: float
    result: Result
    schema: int = field(default=_SCHEMA)

    def to_json(self) -> str:
        """JSON text; numbers that do not exist are null."""
        return json.dumps(_jsonable(asdict(self)), indent=2, ensure_ascii=False) + "\n"


def read(folder: Path) -> Record:
    """The record of a finished experiment.

    Raises:
        AssetError: the folder holds none, or it is damaged.
    """
    path = folder / RESULT_FILE
    try:
        values = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise AssetError(f"There is no result in {folder}; run an experiment first.") from error
    except ValueError as error:
        raise AssetError(f"{path} is damaged; run the experiment again.") from error
    try:
        if values["schema"] != _SCHEMA:
            raise AssetError(f"{path} is of another version; run the experiment again.")
        return Record(**values | {"result": _result(values["result"])})
    except (KeyError, TypeError, ValueError) as error:
        raise AssetError(f"{path} is damaged; run the experiment again.") from error


def _result(values: dict[str, Any]) -> Result:
    kinds = {"numbers": Number, "figures": Figure, "published": Published}
    parts: dict[str, Any] = {
        name: tuple(kind(**value) for value in values[name]) for name, kind in kinds.items()
    }
    parts["tables"] = tuple(
        Table(t["title"], tuple(t["columns"]), tuple(map(tuple, t["rows"])))
        for t in values["tables"]
    )
    parts["model"] = ModelFacts(**values["model"]) if values["model"] else None
    parts["meaning"], parts["pages"] = tuple(values["meaning"]), tuple(values["pages"])
    return Result(**values | parts)


def _jsonable(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _jsonable(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_jsonable(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
