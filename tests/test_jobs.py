import pytest

from howifeel.annotate import Job
from howifeel.errors import SettingsError, SourceError
from howifeel.jobs import Found, check_targets, find


def files(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def test_folder_gives_its_videos_and_pictures(tmp_path):
    files(tmp_path, "b.mp4", "a.JPG", "notes.txt", ".hidden.mp4", "day 1/c.mov")
    assert [each.name for each in find([str(tmp_path)])] == ["a", "b", "day 1-c"]


def test_empty_folder(tmp_path):
    with pytest.raises(SourceError, match="no video or picture"):
        find([str(tmp_path)])


def test_same_names_stay_apart(tmp_path):
    files(tmp_path, "x/a.mp4", "x/a.mov", "y/a.mp4")
    found = find([str(tmp_path / "x"), str(tmp_path / "y" / "a.mp4")])
    assert [each.name for each in found] == ["a-mov", "a-mp4", "a-mp4-2"]


def test_names_are_distinct_whatever_they_are():
    given = ["x/a.mp4", "y/a.mp4", "z/a-mp4-2.mp4", "z/a-mp4.mov"]
    assert len({each.name for each in find(given)}) == 4


def test_a_file_is_one_source_however_often_it_is_named(tmp_path):
    files(tmp_path, "x/a.mp4", "x/y/b.mp4")
    (tmp_path / "link.mp4").symlink_to(tmp_path / "x" / "a.mp4")
    given = ["x", "x/../x", "x/y", "x/a.mp4", "link.mp4"]
    repeats = []
    found = find([str(tmp_path / each) for each in given], repeats.append)
    assert [each.name for each in found] == ["a", "y-b"]
    assert repeats == [5]
    assert len(find(["0", "0", "test:", "test:"], repeats.append)) == 4
    assert repeats == [5]


def test_hidden_folders_and_numbered_folders(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    files(tmp_path, "2024/a.mp4", "2024/.trash/b.mp4")
    assert [each.name for each in find(["2024"])] == ["a"]


def test_url_names_hide_passwords():
    (found,) = find(["http://user:secret@host/film.mkv?token=abc"])
    assert found.name == "http-host-film.mkv"


@pytest.mark.parametrize(
    ("spec", "name"),
    [("a.MP4", "a-annotated.mp4"), ("a.wmv", "a-annotated.mp4"), ("a.png", "a-annotated.png")],
)
def test_annotated_copy_is_of_the_same_kind_where_it_can_be_written(spec, name):
    assert Found(spec, "a").annotated == name


def test_nothing_is_written_twice_and_nothing_that_is_read(tmp_path):
    target = tmp_path / "out.mp4"
    with pytest.raises(SettingsError, match="written twice"):
        check_targets([Job("a.mp4", target), Job("b.mp4", target)])
    with pytest.raises(SettingsError, match="read and written"):
        check_targets([Job(str(target), target)])
