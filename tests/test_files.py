import errno
import os
from pathlib import Path

import pytest

from howifeel.errors import OutputError
from howifeel.files import Places, atomic, atomic_all, real, sweep


def names(folder):
    return sorted(p.name for p in folder.iterdir())


def test_target_appears_only_at_the_end(tmp_path):
    target = tmp_path / "a.csv"
    with atomic(target) as unfinished:
        unfinished.write_text("x")
        assert unfinished.suffix == ".csv"
        assert not target.exists()
    assert target.read_text() == "x"
    assert names(tmp_path) == ["a.csv"]


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_failure_leaves_nothing_or_the_old_file(tmp_path, error):
    target = tmp_path / "a.csv"
    target.write_text("old")
    with pytest.raises(error), atomic(target, force=True) as unfinished:
        unfinished.write_text("new")
        raise error
    assert target.read_text() == "old"
    assert names(tmp_path) == ["a.csv"]


def test_existing_target_is_kept_unless_forced(tmp_path):
    target = tmp_path / "a.csv"
    target.write_text("old")
    with pytest.raises(OutputError, match="--force"), atomic(target):
        pass
    with atomic(target, force=True) as unfinished:
        unfinished.write_text("new")
    assert target.read_text() == "new"


def test_target_that_appears_meanwhile_is_kept(tmp_path):
    target = tmp_path / "a.csv"
    with pytest.raises(OutputError, match="meanwhile"), atomic(target) as unfinished:
        unfinished.write_text("new")
        target.write_text("other")
    assert target.read_text() == "other"
    assert names(tmp_path) == ["a.csv"]


def test_several_targets_appear_together_or_not_at_all(tmp_path):
    first, second = tmp_path / "a.csv", tmp_path / "a.json"
    with atomic_all([first, second]) as unfinished:
        for path in unfinished.values():
            path.write_text("x")
        assert not first.exists()
    assert names(tmp_path) == ["a.csv", "a.json"]
    first.unlink()
    second.unlink()
    with (
        pytest.raises(OutputError, match=r"a\.json appeared meanwhile"),
        atomic_all([first, second]),
    ):
        second.write_text("other")
    assert (names(tmp_path), second.read_text()) == (["a.json"], "other")
    with pytest.raises(OutputError, match=r"a\.json exists"), atomic_all([first, second]):
        pass


def test_what_cannot_be_written_is_named(tmp_path):
    first, second = tmp_path / "a.csv", tmp_path / "a.json"
    with (
        pytest.raises(OutputError, match=r"Cannot write \S+a\.json: No such file"),
        atomic_all([first, second]) as unfinished,
    ):
        unfinished[second].unlink()
    assert names(tmp_path) == []


@pytest.mark.parametrize(
    ("number", "full"), [(errno.ENOSPC, True), (errno.EDQUOT, True), (errno.EIO, False)]
)
def test_a_full_disk_is_told_from_other_faults(tmp_path, number, full):
    with pytest.raises(OutputError) as raised, atomic(tmp_path / "a.csv"):
        raise OSError(number, os.strerror(number))
    assert raised.value.disk_full == full
    assert not OutputError("It exists.").disk_full


def test_unusable_targets(tmp_path):
    with pytest.raises(OutputError, match="does not exist"), atomic(tmp_path / "no" / "a.csv"):
        pass
    with pytest.raises(OutputError, match="is a folder"), atomic(tmp_path):
        pass


def test_links_are_followed_and_dangling_ones_kept(tmp_path):
    real, link = tmp_path / "real.csv", tmp_path / "link.csv"
    link.symlink_to(real)
    with pytest.raises(OutputError, match="--force"), atomic(link):
        pass
    with atomic(link, force=True) as unfinished:
        unfinished.write_text("new")
    assert link.is_symlink()
    assert real.read_text() == "new"


def test_name_that_is_too_long(tmp_path):
    with pytest.raises(OutputError, match="File name too long"), atomic(tmp_path / ("n" * 300)):
        pass


def test_read_only_folder():
    folder = Path("/proc/self")
    if not folder.is_dir():
        pytest.skip("no folder here that even root cannot write to")
    with pytest.raises(OutputError, match="Cannot write"), atomic(folder / "a.csv"):
        pass


def test_new_files_have_the_usual_permissions(tmp_path):
    before = os.umask(0o027)
    try:
        with atomic(tmp_path / "a.csv"):
            pass
    finally:
        os.umask(before)
    assert (tmp_path / "a.csv").stat().st_mode & 0o777 == 0o640


def test_longest_possible_name(tmp_path):
    target = tmp_path / ("n" * 251 + ".csv")
    with atomic(target) as unfinished:
        unfinished.write_text("x")
    assert target.read_text() == "x"


def test_only_unfinished_files_with_the_mark_are_swept(tmp_path):
    for mark in ("one", "two", ""):
        with pytest.raises(KeyboardInterrupt), atomic(tmp_path / "a.csv", mark=mark) as unfinished:
            left = unfinished.rename(unfinished.with_suffix(".kept"))
            raise KeyboardInterrupt
        left.rename(unfinished)
    sweep(tmp_path, "one")
    assert [name.split("-")[1] for name in names(tmp_path)][1:] == ["two"]
    assert len(names(tmp_path)) == 2


def test_links_in_a_ring_are_no_crash(tmp_path):
    ring = tmp_path / "ring.mp4"
    ring.symlink_to(ring)
    assert real(ring) == ring
    with atomic(ring, force=True) as unfinished:
        unfinished.write_text("new")
    assert ring.read_text() == "new"


def test_places_are_real_and_each_folder_is_looked_up_once(tmp_path, monkeypatch):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    (tmp_path / "real" / "link.csv").symlink_to(tmp_path / "elsewhere.csv")
    monkeypatch.chdir(tmp_path)
    spelled = [Path("link/a.csv"), Path("link/link.csv"), Path("a.csv"), Path("link/.."), Path()]
    places = Places()
    assert [places.file(path) for path in spelled] == [real(path) for path in spelled]
    assert places.file(Path("link/link.csv")) == tmp_path / "elsewhere.csv"

    lookups, usual = [], os.path.realpath
    monkeypatch.setattr(os.path, "realpath", lambda path: [lookups.append(path), usual(path)][1])
    places = Places()
    assert len({places.file(Path("link") / f"{n}.csv") for n in range(20)}) == 20
    assert lookups == [Path("link")]
