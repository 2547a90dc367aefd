"""What the documentation promises runs."""

import collections
import re

import pytest

import doc_shell
from doc_pages import NOT_RUN, blocks, pages

LANGUAGES = {"sh", "python", "toml", "csv", "text", "yaml"}
REASONS = {
    "needs a camera", "needs a cluster", "needs a GPU", "needs a receiver", "needs hours",
    "needs root", "needs the network", "needs another system",
}  # fmt: skip
MOST_NOT_RUN = 28
SLOW = re.compile(r"^(howifeel-train|howifeel-lab (?!list)|for )", re.MULTILINE)

WITH_COMMANDS = [page for page in pages() if any(b.language == "sh" for b in blocks(page))]
RESULT = re.compile(r"docs/lab/(?!README)")
"""A page with the result of an experiment: its command tells how the figures were made, on data
that is not here. `tests/lab` runs every experiment."""

TO_RUN = [page for page in WITH_COMMANDS if not RESULT.match(page)]
WITH_PYTHON = [page for page in pages() if any(b.language == "python" for b in blocks(page))]


@pytest.fixture(scope="module")
def furnished(tmp_path_factory, astronaut):
    folder = tmp_path_factory.mktemp("reader")
    doc_shell.furnish(folder, astronaut)
    return folder


@pytest.fixture
def reader(furnished, tmp_path, monkeypatch):
    """A folder of one's own with films and data."""
    doc_shell.copy(furnished, tmp_path / "here")
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path / "here"


def follow(page, *, slow):
    """Run the blocks of a page in order, those that take long only where `slow`."""
    ran = 0
    for block in blocks(page):
        if block.title.endswith((".toml", ".csv", ".yaml")):  # a file that the page shows
            doc_shell.write(block.title, block.text)
        if block.language != "sh" or block.reason or (SLOW.search(block.text) and not slow):
            continue
        for command in doc_shell.lines(block.text):
            doc_shell.run(command)
            ran += 1
    return ran


@pytest.mark.timeout(600)  # for a busy machine: it is twenty short commands at most
@pytest.mark.parametrize("page", TO_RUN)
def test_quick_commands_work_one_after_the_other(page, reader):
    quick = [b for b in blocks(page) if b.language == "sh" and not b.reason]
    if all(SLOW.search(block.text) for block in quick):
        pytest.skip("has none that is quick")
    assert follow(page, slow=False) > 0


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("page", [p for p in TO_RUN if any(SLOW.search(b.text) for b in blocks(p))])
def test_all_commands_work_one_after_the_other(page, reader):
    pytest.importorskip("torch")
    follow(page, slow=True)


@pytest.mark.parametrize("page", WITH_COMMANDS)
def test_commands_that_are_not_run_are_understood(page):
    for block in blocks(page):
        if block.language == "sh" and (block.reason or page not in TO_RUN):
            for command in doc_shell.lines(block.text):
                doc_shell.check(command)


@pytest.mark.parametrize("page", WITH_PYTHON)
def test_python_works_block_by_block(page, reader, capsys):
    for block in blocks(page):
        if block.language == "python" and not block.reason:
            exec(block.text, {})
            printed = capsys.readouterr().out
            if "print" in block.text:
                assert printed.strip(), block.text


def test_few_blocks_are_not_run_and_each_says_why():
    not_run = [b for page in pages() for b in blocks(page) if b.title.startswith(NOT_RUN)]
    reasons = collections.Counter(block.reason for block in not_run)
    assert set(reasons) <= REASONS
    assert reasons.total() <= MOST_NOT_RUN, [(b.page, b.reason) for b in not_run]


@pytest.mark.parametrize("page", pages())
def test_every_block_says_what_it_is(page):
    for block in blocks(page):
        assert block.language in LANGUAGES, f"{block.page}: {block.text}"
        commands = re.findall(r"^(?:howifeel|pip|make|sudo)\b.*", block.text, re.MULTILINE)
        assert block.language == "sh" or not commands, f"{block.page}: {commands}"
