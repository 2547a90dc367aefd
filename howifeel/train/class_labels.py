"""Names that a Parquet file gives its numbered labels, as Hugging Face's `datasets` writes them."""

from __future__ import annotations

from collections.abc import Mapping

from howifeel import untrusted


def names(metadata: Mapping[bytes, bytes] | None, column: str = "label") -> tuple[str, ...]:
    """The names of a column's numbers from 0 on; empty where the file names none.

    Args:
        metadata: of the Parquet file's schema. Its entry `huggingface` is JSON in which
            `info.features.COLUMN` is a `ClassLabel` with `names`.
        column: which one; upper and lower case are the same.
    """
    try:
        value = untrusted.from_json((metadata or {}).get(b"huggingface", b"").decode())
    except ValueError:
        return ()
    for key in ("info", "features"):
        value = value.get(key) if isinstance(value, dict) else None
    features = value if isinstance(value, dict) else {}
    found = next((features[name] for name in features if name.lower() == column), None)
    given = found.get("names") if isinstance(found, dict) else None
    if not isinstance(given, list) or not all(isinstance(name, str) for name in given):
        return ()
    return tuple(given)


def named(label: object, known: tuple[str, ...]) -> object:
    """The name of a number where there are names; the label as it is otherwise.

    >>> named(1, ("sad", "happy")), named(1, ()), named(2, ("sad", "happy"))
    ('happy', 1, 'number 2')
    """
    if type(label) is not int or not known or label < 0:
        return label
    name = known[label] if label < len(known) else f"number {label}"
    return int(name) if len(name) == 1 and name.isdecimal() else name
