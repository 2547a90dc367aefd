"""What the bundle leaves out is not used, and is there to be left out."""

import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

import unneeded

PACKAGES = Path(sysconfig.get_path("purelib"))
IMPORTS = """
import sys, howifeel.desktop.app, howifeel.cli.annotate, howifeel.cli.compare, pyarrow.parquet
import howifeel.emit.osc, howifeel.emit.websocket
from howifeel import plugins
for package in ("howifeel.overlay", "howifeel.timeline"):
    [plugins.load(package, name) for name in plugins.names(package)]
print(*sys.modules, sep="\\n")
"""


def test_no_module_that_runs_is_left_out():
    pytest.importorskip("PySide6.QtWidgets", exc_type=ImportError)
    done = subprocess.run([sys.executable, "-c", IMPORTS], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    imported = set(done.stdout.split())
    assert "howifeel.desktop.window" in imported
    assert not imported & set(unneeded.MODULES)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the patterns are for Linux")
@pytest.mark.parametrize("reason", unneeded.FILES)
def test_patterns_match_files_that_exist(reason):
    absent = [pattern for pattern in unneeded.FILES[reason] if not list(PACKAGES.glob(pattern))]
    assert absent == []


@pytest.mark.parametrize(
    "pattern",
    [
        "PySide6/Qt/plugins/platforms/libqxcb.so",
        "PySide6/Qt/plugins/platforms/libqwayland*.so",
        "PySide6/Qt/plugins/platforms/libqoffscreen.so",
        "PySide6/Qt/plugins/imageformats/libqsvg.so",
        "PySide6/Qt/plugins/iconengines/libqsvgicon.so",
        "PySide6/Qt/translations/qtbase_de.qm",
        "pyarrow/lib.cpython-*",
        "pyarrow/libarrow.so.*",
        "pyarrow/libparquet.so.*",
    ],
)
def test_what_is_needed_stays(pattern):
    needed = set(PACKAGES.glob(pattern))
    if not needed:
        pytest.skip(f"{pattern} is not installed here")
    left_out = {path for _, path in unneeded.matches(PACKAGES)}
    assert needed - left_out


def test_removal_tells_what_was_saved(tmp_path):
    kept, gone = tmp_path / "pyarrow" / "lib.so", tmp_path / "pyarrow" / "_flight.so"
    for path in (kept, gone):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"12345")
    saved = unneeded.remove(tmp_path)
    assert kept.exists()
    assert not gone.exists()
    assert saved["Arrow over the network, and in clouds"] == sum(saved.values()) == 5
