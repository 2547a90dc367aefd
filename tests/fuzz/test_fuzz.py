"""Hostile input: a sample by default, all of it with `-m slow`; `make fuzz` prints the table."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent))

import corpus

RUN = Path(__file__).with_name("run.py")


def verdicts(tmp_path, *arguments, timeout):
    """What came of the cases, each of which ran in a process of its own with limits."""
    report = tmp_path / "verdicts.json"
    line = [sys.executable, RUN, "--json", report, *arguments]
    done = subprocess.run(line, capture_output=True, text=True, timeout=timeout)
    assert report.exists(), done.stderr
    return json.loads(report.read_text("utf-8"))


def problems(found):
    return [f"{v['kind']}, {v['name']}: {v['problem']}" for v in found if v["problem"]]


@pytest.mark.timeout(600)
def test_a_sample(tmp_path):
    found = verdicts(tmp_path, "--sample", timeout=590)
    assert len(found) >= 150
    assert problems(found) == []
    assert [v["kind"] for v in found if v["name"] == "whole" and v["code"]] == []


@pytest.mark.parametrize("kind", sorted(corpus.APP | corpus.TRAINER))
def test_what_is_damaged_is_what_is_read(tmp_path, kind):
    """No whole file takes its place."""
    _, write, _, _ = (corpus.APP | corpus.TRAINER)[kind]
    damaged = b"no file of any kind"
    write(damaged, tmp_path)
    written = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert damaged in written


@pytest.mark.slow
@pytest.mark.timeout(7200)
def test_all_of_it(tmp_path):
    found = verdicts(tmp_path, "--per-kind", "60", timeout=7100)
    assert len(found) >= 2000
    assert problems(found) == []


def test_a_case_that_misbehaves_is_found(tmp_path):
    """The judge itself: a crash, a hang, a flood, a foreign write and a traceback are problems."""
    found = verdicts(tmp_path, "--judge", timeout=120)
    assert {v["name"]: bool(v["problem"]) for v in found} == {
        "behaves": False,
        "crashes": True,
        "hangs": True,
        "fills the memory": True,
        "writes elsewhere": True,
        "tells its stack": True,
        "commands the terminal": True,
        "leaves a half file": True,
    }
