"""`make audit` where it cannot look anything up, and where it finds something."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

AUDIT = Path(__file__).parents[2] / "packaging" / "audit.sh"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a script for POSIX shells")


@pytest.fixture
def run(tmp_path):
    """Run the script where nothing is installed but grep, and a uv that says what it is told."""

    def run(said=None, code=0):
        (tmp_path / "grep").symlink_to(shutil.which("grep"))
        if said is not None:
            uv = tmp_path / "uv"
            uv.write_text(f"#!{shutil.which('sh')}\necho '{said}'\nexit {code}\n")
            uv.chmod(0o755)
        return subprocess.run(
            [shutil.which("sh"), AUDIT],
            env=os.environ | {"PATH": str(tmp_path)},
            capture_output=True,
            text=True,
        )

    return run


def test_without_uv_that_is_said_and_is_no_failure(run):
    done = run()
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.startswith("NOTE: the dependencies were NOT audited, because uv is not")


def test_without_the_index_that_is_said_and_is_no_failure(run):
    done = run("error: dns error: no such host", 2)
    assert (done.returncode, done.stdout) == (0, "")
    assert "the index cannot be reached" in done.stderr


def test_what_is_found_is_a_failure(run):
    done = run("pillow 10.1 has 1 known vulnerability", 1)
    assert (done.returncode, done.stderr) == (1, "pillow 10.1 has 1 known vulnerability\n")


def test_nothing_found_is_none(run):
    assert run("no known vulnerabilities").returncode == 0
