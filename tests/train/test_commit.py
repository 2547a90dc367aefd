import shutil
import subprocess
from pathlib import Path

import pytest

from howifeel.train.commit import commit

ROOT = Path(__file__).parents[2]


@pytest.fixture
def checkout(tmp_path):
    if shutil.which("git") is None:
        pytest.skip("needs git")
    who = ("-c", "user.name=Zoe", "-c", "user.email=zoe@example.org")
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    (tmp_path / "a.txt").write_text("a")
    for words in (["add", "a.txt"], [*who, "commit", "-q", "-m", "First"]):
        subprocess.run(["git", *words], cwd=tmp_path, check=True)
    done = ["git", "rev-parse", "HEAD"]
    return tmp_path, subprocess.check_output(done, cwd=tmp_path, text=True).strip()


def test_the_commit_is_that_of_the_checkout_itself(checkout):
    folder, head = checkout
    assert commit(folder) == head
    assert len(head) == 40


def test_a_checkout_around_an_installation_is_not_ours(checkout):
    folder, _ = checkout
    packages = folder / ".venv" / "lib" / "site-packages"
    packages.mkdir(parents=True)
    assert commit(packages) == "unknown"


def test_without_a_checkout_the_commit_is_unknown(tmp_path):
    assert commit(tmp_path) == "unknown"
    assert commit(tmp_path / "nowhere") == "unknown"


def test_this_checkout_knows_its_commit():
    if not (ROOT / ".git").exists():
        pytest.skip("needs a checkout")
    assert len(commit()) == 40
