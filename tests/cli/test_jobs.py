from pathlib import Path

import pytest

from howifeel.cli.jobs import Found, jobs, sources
from howifeel.errors import SettingsError, SourceError


def plan(found, out=None, table=None):
    return jobs(found, out, table)


def files(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def test_folder_gives_its_videos_and_pictures(tmp_path):
    files(tmp_path, "b.mp4", "a.JPG", "notes.txt", ".hidden.mp4", "day 1/c.mov")
    found = sources([str(tmp_path)], live=False)
    assert [each.name for each in found] == ["a", "b", "day 1-c"]


def test_empty_folder(tmp_path):
    with pytest.raises(SourceError, match="no video or picture"):
        sources([str(tmp_path)], live=False)


def test_same_names_stay_apart(tmp_path):
    files(tmp_path, "x/a.mp4", "x/a.mov", "y/a.mp4")
    found = sources([str(tmp_path / "x"), str(tmp_path / "y" / "a.mp4")], live=False)
    assert [each.name for each in found] == ["a-mov", "a-mp4", "a-mp4-2"]


def test_names_are_distinct_whatever_they_are():
    given = ["x/a.mp4", "y/a.mp4", "z/a-mp4-2.mp4", "z/a-mp4.mov"]
    names = [each.name for each in sources(given, live=False)]
    assert len(set(names)) == 4


def test_hidden_folders_and_numbered_folders(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    files(tmp_path, "2024/a.mp4", "2024/.trash/b.mp4")
    assert [each.name for each in sources(["2024"], live=False)] == ["a"]


def test_url_names_hide_passwords():
    (found,) = sources(["http://user:secret@host/film.mkv?token=abc"], live=False)
    assert found.name == "http-host-film.mkv"


def test_nothing_is_written_twice():
    with pytest.raises(SettingsError, match="written twice"):
        plan([Found("a.mp4", "same"), Found("b.mp4", "same")], "{name}.mp4")


def test_camera_needs_live():
    with pytest.raises(SettingsError, match="--live"):
        sources(["0"], live=False)
    assert [each.spec for each in sources(["0"], live=True)] == ["0"]


def test_one_file_to_one_file():
    (job,) = plan(sources(["talk.mp4"], live=False), "out.mp4", "out.csv")
    assert (job.annotated, job.timeline) == (Path("out.mp4"), Path("out.csv"))


def test_into_a_folder(tmp_path):
    found = sources(["a.mp4", "b.wmv", "c.png"], live=False)
    made = plan(found, str(tmp_path), str(tmp_path / "{name}.csv"))
    assert [job.annotated.name for job in made] == [
        "a-annotated.mp4", "b-annotated.mp4", "c-annotated.png",
    ]  # fmt: skip
    assert [job.timeline.name for job in made] == ["a.csv", "b.csv", "c.csv"]


@pytest.mark.parametrize(
    ("out", "table", "message"),
    [
        (None, None, "Nothing to write"),
        ("one.mp4", None, "Several sources need --out"),
        (None, "one.csv", "Several sources need --timeline"),
        (None, "{name}.doc", "csv"),
    ],
)
def test_impossible_plans(out, table, message):
    with pytest.raises(SettingsError, match=message):
        plan(sources(["a.mp4", "b.mp4"], live=False), out, table)


@pytest.mark.parametrize(
    ("source", "out"),
    [("a.mp4", "a.txt"), ("a.jpg", "b.mp4"), ("a.mp4", "b.png"), ("a.mp4", "b")],
)
def test_unsuitable_suffix(source, out):
    with pytest.raises(SettingsError, match="--out"):
        plan(sources([source], live=False), out)
