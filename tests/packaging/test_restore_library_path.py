"""Programs that the bundle starts find their own libraries."""

import os
import runpy
from pathlib import Path

import pytest

import bundle

HOOK = Path(bundle.__file__).with_name("restore_library_path.py")


@pytest.mark.parametrize(
    ("original", "after"), [(None, None), ("/usr/local/lib", "/usr/local/lib")]
)
def test_the_path_is_as_it_was(monkeypatch, original, after):
    monkeypatch.setenv("LD_LIBRARY_PATH", "/opt/howifeel/_internal")
    monkeypatch.delenv("LD_LIBRARY_PATH_ORIG", raising=False)
    if original:
        monkeypatch.setenv("LD_LIBRARY_PATH_ORIG", original)
    runpy.run_path(str(HOOK))
    assert os.environ.get("LD_LIBRARY_PATH") == after
    assert "LD_LIBRARY_PATH_ORIG" not in os.environ
