"""Where the data lies that is not part of the project, and how tests skip without it."""

from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "shared" / "data"


def existing(*parts: str) -> Path:
    """A path in the shared data; skips the test visibly where it is absent."""
    path = FOLDER.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"needs ../shared/data/{'/'.join(parts)}")
    return path
