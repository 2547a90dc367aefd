import subprocess
import sys

import pytest

from howifeel.batch import folder
from howifeel.errors import OutputError

HOLD = """
import sys
from pathlib import Path
from howifeel.batch import folder
with folder.held(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_one_run_at_a_time_however_the_other_ends(tmp_path):
    place = tmp_path / "new" / "out"
    other = subprocess.Popen(
        [sys.executable, "-c", HOLD, place],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with other:
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(OutputError, match="Another run works in"), folder.held(place):
            pass
        other.kill()
    with folder.held(place):
        assert [path.name for path in place.iterdir()] == [".howifeel-batch.lock"]
    assert list(place.iterdir()) == []


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "out").write_text("x")
    with pytest.raises(OutputError, match="name a folder"), folder.held(tmp_path / "out"):
        pass


def test_marks_tell_folders_apart(tmp_path):
    assert folder.mark_of(tmp_path / "a") != folder.mark_of(tmp_path / "b")
    assert folder.mark_of(tmp_path / "a") == folder.mark_of(tmp_path / "b" / ".." / "a")
