import errno

import pytest

from fakes import without_locks
from howifeel import lock
from howifeel.batch import folder
from howifeel.errors import OutputError


def test_a_lock_has_one_owner_at_a_time(tmp_path):
    path = tmp_path / "lock"
    with lock.acquire(path):
        assert lock.acquire(path) is None
    with lock.acquire(path) as again:
        assert again.name == str(path)


def test_a_file_system_without_locks_is_told_from_another_owner(tmp_path, monkeypatch):
    without_locks(monkeypatch)
    with pytest.raises(OSError, match="No locks available") as raised:
        lock.acquire(tmp_path / "lock")
    assert raised.value.errno == errno.ENOLCK
    with (
        pytest.raises(OutputError, match=r"Cannot write into .*: No locks available"),
        folder.held(tmp_path / "out"),
    ):
        pass
