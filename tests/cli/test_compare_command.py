"""howifeel-compare as it is typed, on films that howifeel-video read."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

import demo
from howifeel.batch import manifest
from howifeel.cli import compare, video
from html_page import Page


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """Two films of Anna, one of Ben, and a broken one, read into a folder with a manifest."""
    pytest.importorskip("skimage")
    folder = tmp_path_factory.mktemp("films")
    films, out = folder / "films", folder / "out"
    for name in ("anna", "ben"):
        (films / name).mkdir(parents=True)
    demo.build_clip(films / "anna" / "1.mp4", 320, 180, 5, seconds=3)
    shutil.copy(films / "anna" / "1.mp4", films / "anna" / "2.mp4")
    shutil.copy(films / "anna" / "1.mp4", films / "ben" / "1.mp4")
    (films / "ben" / "broken.mp4").write_bytes(b"no film")
    out.mkdir()
    words = [str(films), "--timeline", str(out / "{name}.parquet"), "--out", str(out)]
    assert video.main([*words, "--workers", "1"]) == 1
    assert (out / manifest.NAME).is_file()
    return folder


def run(*words):
    return compare.main([str(word) for word in words])


def test_films_participants_and_what_failed(results, tmp_path, capsys):
    target = tmp_path / "c.html"
    assert run(results / "out", "--by", "folder", "--out", target, "--title", "Two people") == 0
    said = capsys.readouterr()
    assert said.out == f"3 films -> {target}\n"
    assert "ben/broken.mp4 is not in the report:" in said.err
    text = Page(target.read_text("utf-8")).text
    assert "in 3 films of 2 participants" in text
    assert "looks happy" in text
    assert "anna/2.mp4" in text and "broken.mp4" in text
    assert "which ships with HowIFeel" in text
    assert "No accuracy by age, gender or skin colour was measured; how often" in text
    assert "were not made alike" not in text
    assert str(results) not in target.read_text("utf-8")
    assert list(tmp_path.iterdir()) == [target]


def test_an_existing_report_is_kept(results, tmp_path, capsys):
    target = tmp_path / "c.html"
    target.write_text("mine")
    assert run(results / "out", "--out", target) == 1
    assert "exists and was kept; use --force" in capsys.readouterr().err
    assert target.read_text() == "mine"
    assert run(results / "out", "--out", target, "--force") == 0
    assert "in 3 films." in target.read_text("utf-8")


def test_pictures_are_hidden_unless_they_are_wanted_plain(results, tmp_path):
    pictures = {}
    for kind in ("none", "blurred", "plain"):
        assert run(results / "out", "--out", tmp_path / f"{kind}.html", "--pictures", kind) == 0
        text = (tmp_path / f"{kind}.html").read_text("utf-8")
        pictures[kind] = [image["src"] for image in Page(text).all("img")]
    assert [len(found) for found in pictures.values()] == [0, 3, 3]
    plain, hidden = (decoded(pictures[kind][0]) for kind in ("plain", "blurred"))
    assert plain.shape == hidden.shape == (81, 144, 3)
    changed = np.abs(plain.astype(int) - hidden).max(axis=2) > 40
    assert 0.005 < changed.mean() < 0.5


def decoded(source):
    import base64

    data = base64.b64decode(source.partition("base64,")[2])
    return cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)


def test_a_list_of_participants(results, tmp_path, capsys):
    people = tmp_path / "people.csv"
    people.write_text("film,participant,group\nanna/1.mp4,Anna,first\nben/1.mp4,Ben,second\n")
    target = tmp_path / "c.html"
    assert run(results / "out", "--participants", people, "--out", target) == 0
    assert "1 film belongs to no participant" in capsys.readouterr().err
    assert "Groups on average" in Page(target.read_text("utf-8")).text


def test_what_makes_films_hard_to_compare_is_printed_first(results, tmp_path, capsys):
    table = next(
        path for path in (results / "out").rglob("*.parquet") if path.name != manifest.NAME
    )
    shutil.copy(table, tmp_path / "other.parquet")
    origin = json.loads(Path(f"{table}.json").read_text("utf-8")) | {"model": "other.onnx"}
    (tmp_path / "other.parquet.json").write_text(json.dumps(origin), "utf-8")
    given = [results / "out", tmp_path / "other.parquet", "--out", tmp_path / "c.html"]
    assert run(*given) == 0
    said = [line for line in capsys.readouterr().err.splitlines() if line.startswith("howifeel")]
    assert said[0].startswith("howifeel-compare: These films were not made alike: they differ in m")
    assert "broken.mp4 is not in the report" in said[-1]


def test_two_films_of_the_same_name_stay_two(results, tmp_path):
    tables = [path for path in (results / "out").rglob("*.parquet") if path.name != manifest.NAME]
    for part, table in zip(("before", "after"), tables, strict=False):
        (tmp_path / part).mkdir()
        for suffix in ("", ".json"):
            shutil.copy(f"{table}{suffix}", tmp_path / part / f"talk.parquet{suffix}")
    given = [tmp_path / part / "talk.parquet" for part in ("before", "after")]
    target = tmp_path / "c.html"
    assert run(*given, "--out", target) == 0
    text = Page(target.read_text("utf-8")).text
    assert "in 2 films." in text
    assert re.search(r"after/talk 3\.0 s .*before/talk 3\.0 s", text)
    assert str(tmp_path) not in target.read_text("utf-8")


def test_wrong_usage_is_one_sentence(results, tmp_path, capsys):
    assert run(results / "out", "--out", tmp_path / "c.pdf") == 2
    assert "--out must end in .html" in capsys.readouterr().err
    assert run(tmp_path / "gone", "--out", tmp_path / "c.html") == 1
    said = capsys.readouterr().err
    assert "does not exist" in said and said.count("\n") == 1


def test_damaged_timelines_are_told_and_alone_they_are_an_error(results, tmp_path, capsys):
    damaged = tmp_path / "a.parquet"
    damaged.write_bytes(b"PAR1 but not really")
    assert run(damaged, "--out", tmp_path / "c.html") == 1
    said = capsys.readouterr().err
    assert "howifeel-compare: No timeline can be compared; the first: a.parquet is not" in said
    assert run(damaged, results / "out", "--out", tmp_path / "c.html") == 0
    assert "a is not in the report" in capsys.readouterr().err


def test_help_loads_nothing_heavy():
    script = (
        "import sys\nfrom howifeel.cli import compare\n"
        "try:\n    compare.main(['--help'])\nexcept SystemExit:\n    print(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert not {"torch", "cv2", "pyarrow", "onnxruntime"} & set(done.stdout.split())
