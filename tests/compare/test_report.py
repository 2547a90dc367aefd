"""Which films a comparing report counts together, and what it warns of."""

import re
from dataclasses import replace

from builders import moment, reading
from clips import write_clip
from howifeel import timeline
from howifeel.compare.find import Found
from howifeel.compare.participants import Participant, by_folder, themselves
from howifeel.compare.report import write
from howifeel.report.comparison import Missing
from howifeel.timeline.summary import Summary
from howifeel.video import open_source
from html_page import Page
from recordings import ORIGIN


def found(folder, file, name, notes=()):
    with timeline.writer_for(folder / file) as writer:
        for n in range(50):
            writer.add(moment(n, reading()))
    return Found(name, folder / file, None, notes)


def names_of(films):
    return [film.name for film in films]


def test_films_stand_for_themselves_whatever_they_are_called(tmp_path):
    both = [found(tmp_path, "1.csv", "talk"), found(tmp_path, "2.csv", "talk")]
    write(both, themselves(["talk", "talk"]), (), tmp_path / "c.html")
    text = Page((tmp_path / "c.html").read_text("utf-8")).text
    assert text.count("talk 2.0 s 100 % 1") == 2


def test_pictures_are_called_so_and_have_no_seconds(tmp_path):
    with timeline.writer_for(tmp_path / "a.csv") as writer:
        writer.add(moment(0, reading()))
    outcome = write(
        [Found("a", tmp_path / "a.csv", None)], themselves("a"), (), tmp_path / "c.html"
    )
    assert outcome.films == "1 picture"
    text = Page((tmp_path / "c.html").read_text("utf-8")).text
    assert "1 picture side by side" in text and "1.0 s" not in text
    assert outcome.notes[0].startswith("How 1 picture was made is not known")


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
    films += [found(tmp_path, "2.csv", "b", ("It broke off. What came before was kept.",))]
    sound = "The sound of the source is damaged; what came before was kept."
    films += [found(tmp_path, "3.csv", "c", ("It has no sound.", sound))]
    _, note = write(films, themselves(names_of(films)), (), tmp_path / "c.html").notes
    sentence = f"2 films were not read as a whole. cut.mkv: {damage} b: It broke off."
    assert note == f"{sentence} What came before was kept."
    text = (tmp_path / "c.html").read_text("utf-8")
    warnings = "".join(re.findall(r'class="note warning".*?</div>', text))
    assert "cut.mkv" in warnings and "sound" not in warnings


def test_damage_is_told_first_and_what_was_told_to_stop_is_only_counted(tmp_path):
    stop, gone = "The run was told to stop after 5 s.", "It broke off. What came before was kept."
    films = [found(tmp_path, f"{n}.csv", f"a{n}", (stop,)) for n in range(6)]
    _, note = write(films, themselves(names_of(films)), (), tmp_path / "a.html").notes
    assert note == "6 films were not read as a whole. 6 were told to stop."
    films += [found(tmp_path, "b.csv", "b", (gone, stop))]
    films += [found(tmp_path, "c.csv", "c", (stop, "The video is damaged."))]
    _, note = write(films, themselves(names_of(films)), (), tmp_path / "b.html").notes
    told = f"c: The video is damaged. b: {gone} 6 more were told to stop."
    assert note == f"8 films were not read as a whole. {told}"


def test_many_that_were_not_read_as_a_whole_are_counted(tmp_path):
    films = [found(tmp_path, f"{n}.csv", f"{n}", ("It is damaged.",)) for n in range(7)]
    _, note = write(films, themselves("0123456"), (), tmp_path / "c.html").notes
    assert note.startswith("7 films were") and note.endswith(" 2 more under Remarks.")
    assert note.count("damaged") == 5


def test_a_film_of_no_participant_is_named_and_counts_in_no_group(tmp_path):
    films = [found(tmp_path, f"{n}.csv", name) for n, name in enumerate(("old/anna/1", "old/2"))]
    whose = by_folder([film.name for film in films])
    _, note = write(films, whose, (), tmp_path / "c.html").notes
    assert note == "1 film belongs to no participant and is counted with none: old/2."
    text = Page((tmp_path / "c.html").read_text("utf-8")).text
    assert "in 1 film of 1 participant and 1 film of no participant" in text
    assert "anna old 2.0 s" in text and "old/2 old 2.0 s" in text and "old 1 2.0 s" in text


def test_films_that_no_list_names_are_neither_participants_nor_a_group(tmp_path):
    names = [f"{n}.mp4" for n in range(7)]
    films = [found(tmp_path, f"{n}.csv", name) for n, name in enumerate(names)]
    whose = [*themselves(names[:6]), Participant("Anna", "first")]
    _, note = write(films, whose, (), tmp_path / "c.html").notes
    most = "0.mp4, 1.mp4, 2.mp4, 3.mp4, 4.mp4 and 1 more"
    assert note == f"6 films belong to no participant and are counted with none: {most}."
    text = Page((tmp_path / "c.html").read_text("utf-8")).text
    assert "in 1 film of 1 participant and 6 films of no participant" in text
    assert "films 7 participant 1 of film" in text and "no group" not in text
    groups = re.search(r"Groups on average (.*) Film by film", text)[1]
    assert groups.endswith(" first 1 2.0 s 100 % 1 0 % 0 % 0 % 100 % 0 % 0 % 0 % 0 %")


def test_people_stand_in_the_natural_order_of_groups_and_names(tmp_path):
    whose = [Participant(f"P{n}", group) for group in ("new", "before") for n in (10, 9)]
    whose += themselves(["talk"])
    films = [found(tmp_path, f"{n}.csv", f"{n}") for n in range(5)]
    missing = [Missing("film 10", "It failed."), Missing("film 9", "It failed.")]
    outcome = write(films, whose, missing, tmp_path / "c.html")
    text = Page((tmp_path / "c.html").read_text("utf-8")).text
    people = re.findall(r"\b(P\d+ \w+) 2.0 s", text.partition("Groups on average")[0])
    assert people == ["P9 before", "P10 before", "P9 new", "P10 new"]
    assert "in 4 films of 2 participants and 1 film" in text and "participants 2 groups 2" in text
    assert [film.name for film in outcome.missing] == ["film 9", "film 10"]


def test_what_makes_films_hard_to_compare_is_told_first(tmp_path):
    films = [found(tmp_path, f"{n}.csv", f"{n}", ("It is damaged.",)) for n in range(2)]
    for each, below in zip(films, (0.4, 0.6), strict=True):
        origin = replace(ORIGIN, settings={"unsure_below": below})
        timeline.write_sidecar(timeline.sidecar_of(each.table), origin, Summary())
    notes = write(films, themselves("01"), (), tmp_path / "c.html").notes
    assert notes[0].startswith("These films were not made alike: they differ in unsure_below")
    assert notes[1].startswith("2 films were not read as a whole")
    text = Page((tmp_path / "c.html").read_text("utf-8")).text
    assert text.count(notes[0]) == text.count(notes[1]) == 1


def test_participants_without_a_group_are_named_where_there_are_groups(tmp_path):
    names = ("old/anna/1", "new/2", "new/3")
    films = [found(tmp_path, f"{n}.csv", name) for n, name in enumerate(names)]
    notes = write(films, by_folder(names), (), tmp_path / "c.html").notes
    assert notes[1:] == ("1 participant has no group and is in no average: new.",)
    text = Page((tmp_path / "c.html").read_text("utf-8")).text
    assert "no group" not in text.partition("Groups on average")[2]
    notes = write(films, [Participant(name) for name in names], (), tmp_path / "d.html").notes
    assert len(notes) == 1
