"""Which timelines are found, and whose they are."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from builders import moment, reading
from howifeel import timeline
from howifeel.batch import manifest
from howifeel.batch.manifest import Entry
from howifeel.compare.find import find
from howifeel.compare.participants import Participant, by_folder, by_list, themselves
from howifeel.errors import OutputError, SettingsError, SourceError
from howifeel.timeline import Summary, Table
from recordings import ORIGIN

NOW = datetime(2026, 1, 2, tzinfo=UTC)


def write(path, notes=()):
    path.parent.mkdir(parents=True, exist_ok=True)
    with timeline.writer_for(path) as writer:
        for n in range(9):
            writer.add(moment(n, reading()))
    timeline.write_sidecar(timeline.sidecar_of(path), ORIGIN, Summary(), notes)
    return path


def entry(source, state="done", **values):
    return Entry(source, "/films", source.partition(".")[0], state=state, started=NOW, **values)


def test_a_manifest_tells_films_and_what_is_missing(tmp_path):
    write(tmp_path / "a.parquet")
    manifest.write(
        tmp_path / manifest.NAME,
        [
            entry("in/a.mp4", outputs=("a.mp4", "a.csv", "a.parquet", "a.parquet.json")),
            entry("b.mp4", outputs=("b.mp4",)),
            entry("c.mp4", "failed", error="/films/c.mp4 is damaged; use another copy."),
            entry("d.mp4", "running"),
            entry("e.mp4", "quarantined"),
        ],
    )
    for given in (tmp_path, tmp_path / manifest.NAME):
        (found,), missing = find([given])
        assert (found.name, found.table) == ("in/a.mp4", tmp_path / "a.parquet")
        assert found.film.as_posix() == "/films/in/a.mp4"
        assert {film.name: film.reason for film in missing} == {
            "b.mp4": "It has no timeline; run howifeel-video again with --timeline.",
            "c.mp4": "c.mp4 is damaged; use another copy.",
            "d.mp4": "It was interrupted; run howifeel-video again.",
            "e.mp4": "It was given up after several tries.",
        }


def test_a_folder_without_a_manifest_is_searched_for_timelines(tmp_path):
    write(tmp_path / "anna" / "1.csv", notes=["Damaged."])
    write(tmp_path / "ben" / "1.jsonl")
    (tmp_path / "people.csv").write_text("film,participant\n")
    found, missing = find([tmp_path])
    assert [each.name for each in found] == ["anna/1", "ben/1"]
    assert found[0].notes == ("Damaged.",)
    assert missing == []


def test_single_timelines_and_one_named_twice(tmp_path):
    table = write(tmp_path / "a.csv")
    found, _ = find([table, tmp_path, str(table)])
    assert [each.name for each in found] == ["a"]


@pytest.mark.parametrize("sidecar", ["[]", "{", '{"source": 3, "notes": "x"}', "\x00"])
def test_a_damaged_sidecar_does_no_harm(tmp_path, sidecar):
    table = write(tmp_path / "a.csv")
    timeline.sidecar_of(table).write_text(sidecar)
    (found,), _ = find([tmp_path])
    assert (found.film, found.notes) == (None, ())


def test_films_of_the_same_name_are_told_apart_by_their_folders(tmp_path):
    before, after = (write(tmp_path / part / "talk.csv") for part in ("before", "after"))
    walk = write(tmp_path / "walk.csv")
    found, _ = find([before, after, walk])
    assert [each.name for each in found] == ["after/talk", "before/talk", "walk"]
    deep = write(tmp_path / "x" / "before" / "talk.csv")
    found, _ = find([deep.parent, before.parent])
    assert {each.name for each in found} == {"x/before/talk", f"{tmp_path.name}/before/talk"}


def test_rows_of_the_same_name_are_told_apart(tmp_path):
    rows = [replace(entry("a.mp4", outputs=("a.csv",)), folder="/x/old"),
            replace(entry("a.mp4", outputs=("a-2.csv",)), folder="/x/new")]  # fmt: skip
    for place in ("first", "second"):
        write(tmp_path / place / "a.csv")
        write(tmp_path / place / "a-2.csv")
        lost = entry("lost.mp4", "failed", error="Gone.")
        manifest.write(tmp_path / place / manifest.NAME, [*rows, lost])
    found, missing = find([tmp_path / "first"])
    assert [each.name for each in found] == ["new/a.mp4", "old/a.mp4"]
    found, missing = find([tmp_path / "first", tmp_path / "second"])
    assert [each.name for each in found] == [
        f"{place}/{film}" for place in ("first", "second") for film in ("new/a.mp4", "old/a.mp4")
    ]
    assert [film.name for film in missing] == ["first/lost.mp4", "second/lost.mp4"]


def test_a_film_in_several_formats_is_counted_once(tmp_path):
    tables = [write(tmp_path / f"talk.{suffix}") for suffix in ("csv", "parquet", "jsonl")]
    (found,), _ = find([tmp_path])
    assert (found.name, found.table.name) == ("talk", "talk.parquet")
    both, _ = find(tables[:2])
    assert [each.name for each in both] == ["talk.csv", "talk.parquet"]


def test_what_holds_nothing_is_one_sentence(tmp_path):
    with pytest.raises(SourceError, match=r"no manifest\.parquet and no timeline"):
        find([tmp_path])
    with pytest.raises(SourceError, match="does not exist"):
        find([tmp_path / "gone"])
    (tmp_path / manifest.NAME).write_bytes(b"PAR1")
    with pytest.raises(OutputError, match="cannot be read"):
        find([tmp_path])


def test_participants_by_folder():
    names = ["old/anna/1.mp4", "old/anna/2.mp4", "talk.mp4"]
    assert by_folder(names) == [
        Participant("anna", "old"), Participant("anna", "old"), Participant("talk.mp4", "", False),
    ]  # fmt: skip
    assert by_folder(["a/old/anna/1.mp4", "b/old/anna/1.mp4", "a/old/ben/1.mp4", "c.mp4"]) == [
        Participant("anna", "a/old"), Participant("anna", "b/old"), Participant("ben", "a/old"),
        Participant("c.mp4", "", False),
    ]  # fmt: skip
    assert themselves(names)[0] == Participant("old/anna/1.mp4", "", False)


@pytest.mark.parametrize("divider", [",", ";", "\t"])
def test_participants_by_list(tmp_path, divider):
    lines = (
        ["\ufeffFile", "Participant", "Group"],
        ["anna/1.mp4", "Anna", "old"], ["2.mp4", "Anna", ""],
        ["three", "Zoë; or not", "new"], ["unused", "Nobody", ""], ["", "", ""],
    )  # fmt: skip
    text = "\n".join(divider.join(f'"{c}"' if ";" in c else c for c in line) for line in lines)
    (tmp_path / "people.csv").write_text(text, "utf-8")
    whose = by_list(["site/anna/1.mp4", "x/2.mp4", "three.mp4", "four"], tmp_path / "people.csv")
    assert whose == [
        Participant("Anna", "old"), Participant("Anna", ""), Participant("Zoë; or not", "new"),
        Participant("four", "", named=False),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "lacks a column"),
        (b"film,who\na.mp4,Anna\n", "lacks a column"),
        (b"film,participant\nz.mp4,Anna\n", r"names none of the films; name them as in 'a.mp4'"),
        (b"film,participant\na.mp4,Anna\na.mp4,Ben\n", "names the film 'a.mp4' twice"),
        (b"film,participant\n\xff\xfe", "save it as CSV UTF-8"),
        (None, "cannot be read as a table"),
    ],
)
def test_a_bad_list_is_one_sentence(tmp_path, content, sentence):
    path = tmp_path / "people.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SettingsError, match=sentence):
        by_list(["a.mp4"], path)


def test_names_are_sorted_and_hidden_files_left_out(tmp_path):
    for name in ("b", "a"):
        write(tmp_path / f"{name}.parquet")
    write(tmp_path / ".howifeel-1.part.csv")
    assert [each.name for each in find([tmp_path])[0]] == ["a", "b"]


def test_films_of_a_manifest_stand_in_the_natural_order_of_their_names(tmp_path):
    names = ("talk 10", "b/talk 9", "Talk 9", "c", "a/talk 2")
    for n in range(5):
        write(tmp_path / f"{n}.csv")
    rows = [entry(f"{name}.mp4", outputs=(f"{n}.csv",)) for n, name in enumerate(names)]
    manifest.write(tmp_path / manifest.NAME, rows)
    assert [each.name.removesuffix(".mp4") for each in find([tmp_path])[0]] == [
        "a/talk 2", "b/talk 9", "c", "Talk 9", "talk 10",
    ]  # fmt: skip


def test_names_cannot_command_a_terminal_or_turn_the_text_around(tmp_path):
    write(tmp_path / "a\x1b[31m\u202eb\n.csv")
    (found,), _ = find([tmp_path])
    assert found.name == "a\\x1b[31m\\u202eb\\n"


def test_tables_are_whole(tmp_path):
    (found,), _ = find([write(tmp_path / "a.parquet")])
    assert isinstance(timeline.read_table(found.table), Table)
