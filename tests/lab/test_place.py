"""The folder of a run: what is refused, what is kept, and how it gets its name."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from howifeel.errors import OutputError
from howifeel.lab.kit.place import Place, check_folder, differences, is_complete
from howifeel.lab.kit.result import RESULT_FILE, Number, Record, Result

CONFIG = {"runs": 10, "seed": 1, "data": None}


def record(config):
    """A finished run with these options."""
    return Record(
        "noise", "It is small.", config, 1, False, "unknown", "0", {}, "a machine", "now", 1.0,
        Result("None.", (Number("n", 1, kind="count"),)),
    )  # fmt: skip


def finish(place, text="new"):
    (place.unfinished / "figure.svg").write_text(text, "utf-8")
    (place.unfinished / RESULT_FILE).write_text(record(dict(place.config)).to_json(), "utf-8")


def finished(target, text="old", config=CONFIG):
    place = Place(target, config)
    assert not place.begin()
    finish(place, text)
    place.settle()
    return target


def contents(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_a_finished_run_replaces_an_older_one_and_nothing_else(tmp_path):
    target = finished(tmp_path / "n")
    mine = tmp_path / "n.old"
    mine.mkdir()
    (mine / "mine.txt").write_text("kept", "utf-8")
    place = Place(target, CONFIG, force=True)
    place.begin()
    (place.work / "net.pt").write_bytes(b"weights")
    finish(place)
    place.settle()
    assert (target / "figure.svg").read_text("utf-8") == "new"
    assert (mine / "mine.txt").read_text("utf-8") == "kept"
    assert contents(tmp_path) == [
        "n",
        "n.old",
        "n.old/mine.txt",
        "n/figure.svg",
        f"n/{RESULT_FILE}",
    ]


def test_what_cannot_get_its_name_is_kept_and_moved_later(tmp_path, monkeypatch):
    target = finished(tmp_path / "n")
    place = Place(target, CONFIG, force=True)
    place.begin()
    (place.work / "net.pt").write_bytes(b"weights")
    finish(place)
    rename = Path.rename

    def refuse(self, other):
        if self == place.unfinished:
            raise OSError(39, "Directory not empty")
        return rename(self, other)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(OSError, match="not empty"):
        place.settle()
    assert "holds the finished result: move it with --resume" in place.tidy()
    monkeypatch.undo()
    assert (target / "figure.svg").read_text("utf-8") == "old"
    assert (place.unfinished / "figure.svg").read_text("utf-8") == "new"
    assert (place.work / "net.pt").exists()
    again = Place(target, CONFIG, force=True, resume=True)
    assert again.begin()
    again.settle()
    assert (target / "figure.svg").read_text("utf-8") == "new"
    assert contents(tmp_path) == ["n", "n/figure.svg", f"n/{RESULT_FILE}"]


def test_one_run_at_a_time(tmp_path):
    place = Place(tmp_path / "n", CONFIG)
    script = (
        "import sys; from pathlib import Path; from howifeel.lab.kit.place import Place\n"
        "with Place(Path(sys.argv[1]), {}).held(): print('held', flush=True); sys.stdin.read()"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", script, str(place.target)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    with other:
        assert other.stdout
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(OutputError, match="Another run works in"), place.held():
            pass
        other.kill()
    with place.held():
        pass
    assert contents(tmp_path) == []


def test_an_interrupted_run_goes_on_with_the_same_options_only(tmp_path):
    first = Place(tmp_path / "n", CONFIG)
    first.begin()
    (first.work / "net.pt").write_bytes(b"weights")
    (first.unfinished / "half.svg").write_text("<svg", "utf-8")
    assert "keeps what was done: go on with --resume" in first.tidy()
    assert not (first.unfinished / "half.svg").exists()
    with pytest.raises(OutputError, match="use --resume to continue it or --force"):
        Place(tmp_path / "n", CONFIG).begin()
    others = CONFIG | {"runs": 2, "data": "fer"}
    with pytest.raises(OutputError, match=r"other options \(runs 10, now 2, data none, now fer\)"):
        Place(tmp_path / "n", others, resume=True).begin()
    assert not Place(tmp_path / "n", CONFIG, resume=True).begin()
    assert (first.work / "net.pt").exists()
    assert not Place(tmp_path / "n", others, resume=True, force=True).begin()
    assert [path.name for path in first.work.iterdir()] == ["options.json"]


def test_where_nothing_can_be_continued_nothing_is_kept(tmp_path):
    place = Place(tmp_path / "n", CONFIG)
    place.begin()
    (place.unfinished / "half.svg").write_text("<svg", "utf-8")
    (place.work / "a-net-before-its-first-epoch").mkdir()
    assert "it starts again" in place.tidy()
    assert contents(tmp_path) == []


def test_a_finished_folder_tells_whether_it_was_made_so(tmp_path):
    target = finished(tmp_path / "n")
    assert is_complete(target, CONFIG)
    assert not is_complete(target, CONFIG | {"runs": 2})
    assert not is_complete(tmp_path / "none", CONFIG)
    with pytest.raises(OutputError, match=r"made with other options \(runs 10, now 2\), and was"):
        check_folder(target, CONFIG | {"runs": 2}, force=False)
    with pytest.raises(OutputError, match="n exists and was kept; use --force to replace it"):
        check_folder(target, force=False)
    assert differences(CONFIG, CONFIG) == ""


@pytest.mark.parametrize("name", [".", "..", "n/..", "/"])
def test_the_folder_one_is_in_is_no_target(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "n").mkdir()
    with pytest.raises(OutputError, match="is the folder that you are in, or holds it"):
        check_folder(Path(name), force=True)


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_link_is_followed(tmp_path):
    real = finished(tmp_path / "disk")
    link = tmp_path / "n"
    link.symlink_to(real)
    place = Place(link, CONFIG, force=True)
    place.begin()
    finish(place)
    place.settle()
    assert link.is_symlink()
    assert (real / "figure.svg").read_text("utf-8") == "new"


def test_options_are_kept_whole(tmp_path):
    place = Place(tmp_path / "n", CONFIG)
    place.begin()
    assert json.loads((place.work / "options.json").read_text("utf-8")) == CONFIG
    assert contents(place.work) == ["options.json"]
