"""The list that says whom a film shows."""

import pytest

from howifeel.compare.participants import Participant, by_folder, by_list
from howifeel.errors import SettingsError


@pytest.mark.timeout(20)
def test_a_pipe_in_the_place_of_the_list_is_not_waited_for(pipe, tmp_path):
    with pytest.raises(SettingsError, match=r"a table .it is a pipe"):
        by_list(["talk.mp4"], pipe(tmp_path / "people.csv"))


def listed(tmp_path, *lines):
    path = tmp_path / "people.csv"
    path.write_text("\n".join(("film,participant", *lines)), "utf-8")
    return path


TALKS = ["old/first talk.mp4", "new/first talk.mp4"]


@pytest.mark.parametrize("entry", ["first talk.mp4", "first talk"])
def test_a_name_that_fits_several_films_gives_nobody_the_film_of_another(tmp_path, entry):
    path = listed(tmp_path, f"{entry},Anna")
    sentence = "'old/first talk.mp4' and 'new/first talk.mp4'; write the folder before the name"
    with pytest.raises(SettingsError, match=f"'{entry}' fits {sentence}"):
        by_list(TALKS, path)
    with pytest.raises(SettingsError, match="and 1 more; write"):
        by_list([*TALKS, "first talk/first talk.mp4"], path)


def test_the_folder_before_the_name_tells_films_apart(tmp_path):
    path = listed(tmp_path, "old/first talk.mp4,Anna", "first talk,Ben")
    assert by_list(TALKS, path) == [Participant("Anna"), Participant("Ben")]


def test_what_names_one_film_whole_does_not_name_another_in_a_folder(tmp_path):
    films = ["talk.mp4", "old/talk.mp4"]
    assert by_list(films, listed(tmp_path, "talk.mp4,Anna")) == [
        Participant("Anna"), Participant("old/talk.mp4", named=False),
    ]  # fmt: skip


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16"])
def test_a_table_in_another_encoding_is_one_sentence_without_the_codec(tmp_path, encoding):
    path = tmp_path / "people.csv"
    path.write_text("film;participant\nGespräch.mp4;Jörg\n", encoding)
    with pytest.raises(SettingsError, match="save it as CSV UTF-8") as refused:
        by_list(["Gespräch.mp4"], path)
    assert "codec" not in str(refused.value)


def test_a_film_in_the_folder_of_a_group_is_no_participant_of_the_groups_name():
    films = ["x/old/anna/1.mp4", "x/old/2.mp4", "x/old/3.mp4"]
    assert by_folder(films) == [
        Participant("anna", "old"),
        Participant("x/old/2.mp4", "old", named=False),
        Participant("x/old/3.mp4", "old", named=False),
    ]
    assert by_folder([*films, "y/old/anna/1.mp4"])[0:2] == [
        Participant("anna", "x/old"), Participant("x/old/2.mp4", "x/old", named=False),
    ]  # fmt: skip
    assert by_folder(["anna/1.mp4", "2.mp4"]) == [
        Participant("anna"), Participant("2.mp4", named=False),
    ]  # fmt: skip
