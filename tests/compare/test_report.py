"""Which films a comparing report counts together."""

from builders import moment, reading
from howifeel import timeline
from howifeel.compare.find import Found
from howifeel.compare.participants import Participant, themselves
from howifeel.compare.report import write
from html_page import Page


def found(folder, file, name):
    with timeline.writer_for(folder / file) as writer:
        for n in range(50):
            writer.add(moment(n, reading()))
    return Found(name, folder / file, None)


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
