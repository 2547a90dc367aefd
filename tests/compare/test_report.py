"""Which films a comparing report counts together, and what it warns of."""

import re

from builders import moment, reading
from clips import write_clip
from howifeel import timeline
from howifeel.compare.find import Found
from howifeel.compare.participants import Participant, by_folder, themselves
from howifeel.compare.report import write
from howifeel.video import open_source
from html_page import Page


def found(folder, file, name, notes=()):
    with timeline.writer_for(folder / file) as writer:
        for n in range(50):
            writer.add(moment(n, reading()))
    return Found(name, folder / file, None, notes)


def test_films_stand_for_themselves_whatever_they_are_called(tmp_path):
    both = [found(tmp_path, "1.csv", "talk"), found(tmp_path, "2.csv", "talk")]
    write(both, themselves(["talk", "talk"]), (), tmp_path / "c.html")
    text = Page((tmp_path / "c.html").read_text("utf-8")).text
    assert text.count("talk 2.0 s 100 % 1") == 2


def test_films_of_a_participant_are_counted_together(tmp_path):
    both = [found(tmp_path, "1.csv", "a"), found(tmp_path, "2.csv", "b")]
    write(both, [Participant("Anna"), Participant("Anna")], (), tmp_path / "c.html")
    text = Page((tmp_path / "c.html").read_text("utf-8")).text
    assert "in 2 films of 1 participant." in text and "Anna 2 4.0 s 100 % 2" in text


def test_films_that_were_not_read_as_a_whole_are_named_on_top(tmp_path):
    """With the sentence that a film really gets which is cut off."""
    whole = write_clip(tmp_path / "whole.mkv", frames=60)
    cut = tmp_path / "cut.mkv"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    with open_source(cut) as source:
        list(source)
        damage = source.damage
    films = [found(tmp_path, "1.csv", "cut.mkv", (damage, "It has no sound."))]
    films += [found(tmp_path, "2.csv", "b", ("The run was told to stop after 5 s.",))]
    films += [found(tmp_path, "3.csv", "c", ("It has no sound.",))]
    notes = write(films, themselves("abc"), (), tmp_path / "c.html").notes
    sentence = f"2 films were not read as a whole. cut.mkv: {damage} b: The run was told to stop"
    assert notes == (f"{sentence} after 5 s.",)
    text = (tmp_path / "c.html").read_text("utf-8")
    warnings = "".join(re.findall(r'class="note warning".*?</div>', text))
    assert "cut.mkv" in warnings and "sound" not in warnings


def test_many_that_were_not_read_as_a_whole_are_counted(tmp_path):
    films = [found(tmp_path, f"{n}.csv", f"{n}", ("It is damaged.",)) for n in range(7)]
    (note,) = write(films, themselves("0123456"), (), tmp_path / "c.html").notes
    assert note.startswith("7 films were") and note.endswith(" 2 more under Remarks.")
    assert note.count("damaged") == 5


def test_a_film_of_no_participant_is_named_and_counts_in_its_group(tmp_path):
    films = [found(tmp_path, f"{n}.csv", name) for n, name in enumerate(("old/anna/1", "old/2"))]
    whose = by_folder([film.name for film in films])
    (note,) = write(films, whose, (), tmp_path / "c.html").notes
    assert note == "1 film belongs to no participant, and stands for itself: old/2."
    text = Page((tmp_path / "c.html").read_text("utf-8")).text
    assert "anna old 2.0 s" in text and "old/2 old 2.0 s" in text and "old 2 4.0 s" in text


def test_participants_without_a_group_are_named_where_there_are_groups(tmp_path):
    names = ("old/anna/1", "new/2", "new/3")
    films = [found(tmp_path, f"{n}.csv", name) for n, name in enumerate(names)]
    notes = write(films, by_folder(names), (), tmp_path / "c.html").notes
    assert notes == ("1 participant has no group: new.",)
    notes = write(films, [Participant(name) for name in names], (), tmp_path / "d.html").notes
    assert notes == ()
