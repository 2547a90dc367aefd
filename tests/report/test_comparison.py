"""A comparison tells what was read, how sure that is, and what is missing; names stay text."""

import base64
import hashlib
import re
from dataclasses import replace

import pytest

from browser import chromium
from builders import face, moment, reading
from howifeel.report.comparison import Comparison, Film, Missing, Person, lanes, page
from howifeel.report.comparison.film import COLUMNS
from howifeel.report.comparison.origin import differing, warnings
from howifeel.timeline import Table
from howifeel.timeline.across import across
from howifeel.timeline.statistics import together
from howifeel.types import Moment
from html_page import Page
from recordings import ORIGIN

EVIL = "<script>alert(1)</script> & \"quotes\" 'too' \x00\x1b ]]>"


def film(name="a.mp4", tops=("happy",), *, frames=2000, gap=None, **options):
    """A film that shows each expression equally long; its last quarter is a gap if one is given."""
    until = frames * 3 // 4 if gap else frames
    read = [moment(n, reading(tops[n * 8 // frames % len(tops)])) for n in range(until)]
    lost = [moment(n, gap=gap) for n in range(until, frames)]
    return Film.of(name, Table.of(read + lost), **({"provenance": ORIGIN} | options))


def alone(*films):
    return tuple(Person(each.name, (each,), each.looks) for each in films)


@pytest.fixture
def parsed():
    def parsed(comparison, title="Compared"):
        found = Page(page(comparison, title))
        assert (found.open, found.wrong) == ([], [])
        return found

    return parsed


def test_films_stand_side_by_side_with_their_intervals(parsed):
    found = parsed(Comparison(alone(film("a.mp4"), film("b.mp4", ("happy", "sad"), gap="blurred"))))
    assert "What faces looked like in 2 films." in found.text
    assert "a.mp4 1:20 100 % 1 0 % 0 % 0 % 100 % 0 %" in found.text
    row = re.search(r"b\.mp4 1:20 75 % 1 0 % 0 % 0 % 50 % (\d+) to (\d+) % 50 %", found.text)
    assert row and int(row[1]) < 50 < int(row[2])
    assert "The face was too blurred" in found.text


def test_a_ribbon_shows_what_was_shown_when(parsed):
    shown = film(tops=("happy", "sad"), gap="no face")
    assert len(shown.strip.probs) <= COLUMNS
    found = parsed(Comparison(alone(shown)))
    paths = {p.get("class"): p["d"] for p in found.all("path") if "H" in p["d"] and "z" in p["d"]}
    assert set(paths) == {"of-happy", "of-sad"}
    edges = [float(x) for x in re.findall(r"M(\d+) 0H", paths["of-sad"])]
    assert edges == pytest.approx([125, 375, 625], abs=6)
    assert max(float(x) for x in re.findall(r"H(\d+)", paths["of-sad"])) <= 756


def test_unsure_is_a_thin_line_and_has_no_colour_of_an_expression(parsed):
    table = Table.of(moment(n, reading(unsure=True)) for n in range(100))
    found = parsed(Comparison(alone(Film.of("a.mp4", table))))
    ribbons = [p for p in found.all("path") if "z" in p["d"]]
    assert [(p["class"], "v4" in p["d"]) for p in ribbons] == [("of-unsure", True)]
    assert "a.mp4: unsure 100 %" in found.text


def test_a_film_without_a_face_is_told_and_has_no_shares(parsed):
    empty = Film.of("empty.mp4", Table.of(moment(n) for n in range(100)))
    found = parsed(Comparison(alone(empty, film())))
    assert "empty.mp4 4.0 s 0 % 0 no face was read" in found.text
    assert "nan" not in found.text.lower()
    assert "None" not in found.text


def test_films_of_nobody_are_told_but_are_no_participants(parsed):
    """Neither in the table of participants, nor in a mean, nor under the name of another."""
    anna, zoe, stray = alone(film("anna.mp4"), film("zoe.mp4"), film("stray.mp4"))
    (ben,) = alone(Film.of("ben.mp4", Table.of(moment(n) for n in range(100))))
    people = (
        replace(anna, name="Anna", group="old", named=True),
        replace(ben, name="Ben", group="old", named=True),
        replace(zoe, name="Zoe", named=True),
        replace(stray, group="old"),
    )
    text = (found := parsed(Comparison(people, groups={"old": anna.looks}))).text
    assert "in 3 films of 3 participants and 1 film of no participant." in text
    assert "films 4 participants 3 of film" in text
    participants, _, rest = text.partition("Side by side")[2].partition("Groups on average")
    assert "Anna old 1:20" in participants and "Zoe 1:20" in participants
    assert "stray" not in participants
    groups, _, films = rest.partition("Film by film")
    assert "old 1 1:20 100 % 1 0 %" in groups and "no group" not in rest
    assert "stray.mp4 old 1:20" in films
    dots = [p["d"].count("h0") for p in found.all("path") if "dots" in p.get("class", "")]
    assert dots == [1] * 8
    assert re.search(r"zoe\.mp4 .*No participant stray\.mp4", text.partition("Over time")[2])


def test_pictures_are_no_films_and_last_no_time(parsed):
    tables = [Table.of([moment(0, reading(top))]) for top in ("happy", "sad")]
    both = [
        Film.of(f"{n}.jpg", table, ORIGIN, picture=b"\xff\xd8") for n, table in enumerate(tables)
    ]
    blind = Film.of("blind.jpg", Table.of([moment(0)]), replace(ORIGIN, version="0"))
    found = parsed(Comparison(alone(*both, blind)))
    assert "in 3 pictures." in found.text and "pictures 3 with a face that was read 2" in found.text
    assert "0.jpg 100 % 1 0 %" in found.text
    assert "The pictures 0.jpg looks happy 100 %, unsure 0 %" in found.text
    assert len(found.all("img")) == 2
    anna = parsed(Comparison((Person("Anna", tuple(both), together(tables), named=True),)))
    assert "Anna 2 100 % 2 0 % 0 % 0 % 50 % 50 %" in anna.text
    for text in (found.text, anna.text):
        for word in ("1.0 s", "second", "of the time", "Over time", " film", "Film", "Length"):
            assert word not in text
    assert not [title for cell in found.all("td") if (title := cell.get("title"))]
    mixed = parsed(Comparison(alone(*both, film()))).text
    assert "in 3 films." in mixed and "Over time" in mixed


@pytest.mark.parametrize("stream", [[], [moment(0)], [moment(0, reading())]])
def test_films_of_next_to_nothing(parsed, stream):
    found = parsed(Comparison(alone(Film.of("tiny.mp4", Table.of(stream)))))
    assert "nan" not in found.text.lower()


def test_films_of_a_participant_are_one_line_and_also_told_one_by_one(parsed):
    films = (film("1.mp4"), film("2.mp4", ("sad",)))
    tables = [Table.of(moment(n, reading(top)) for n in range(2000)) for top in ("happy", "sad")]
    anna = Person("Anna", films, together(tables), named=True)
    found = parsed(Comparison((anna,)))
    assert re.search(r"Anna 2 2:40 100 % 2 0 % 0 % 0 % 50 % \d+ to \d+ % 50 %", found.text)
    assert "Film by film" in found.text
    assert "in 2 films of 1 participant." in found.text


def test_groups_have_means_and_intervals_from_eight_people_on(parsed):
    people = [
        replace_group(alone(film(f"{n}.mp4", tops))[0], "few" if n < 3 else "many")
        for n, tops in enumerate([("happy",), ("sad",)] * 6)
    ]
    groups = {
        name: across([p.looks for p in people if p.group == name]) for name in ("few", "many")
    }
    assert groups["few"].shares["happy"].low is None
    many = groups["many"].shares["happy"]
    assert many.low < many.value < many.high
    found = parsed(Comparison(tuple(people), groups=groups))
    assert "Groups on average" in found.text
    assert re.search(r"many 9 .*? 44 % \d+ to \d+ %", found.text)


def replace_group(person, group):
    return replace(person, group=group, named=True)


def test_many_people_share_one_lane_as_dots(parsed):
    people = alone(*(film(f"{n}.mp4", ("happy", "sad")) for n in range(lanes.MOST_LANES + 1)))
    found = parsed(Comparison(people))
    dots = [p["d"].count("h0") for p in found.all("path") if "dots" in p.get("class", "")]
    assert dots == [len(people)] * 8
    assert "their mean" in found.text


def test_other_models_and_settings_get_one_sentence_of_warning(parsed):
    same = [film("a.mp4"), film("b.mp4", provenance=replace(ORIGIN, device="cuda"))]
    assert warnings(same) == [] == warnings([])
    other = replace(ORIGIN, settings={"hold": 0.2}, model_sha256="cd" * 32)
    mixed = [*same, film("c.mp4", provenance=other), film("d.mp4", provenance=None)]
    assert set(differing(mixed)) >= {"hold", "SHA-256 of the model"}
    found = parsed(Comparison(alone(*mixed)))
    assert found.text.count("were not made alike") == 1
    assert "hold" in found.text and "(2 films)" in found.text
    assert "How 1 film was made is not known" in found.text


def test_folders_of_the_machine_stay_out_and_are_no_difference(parsed):
    def made(folder, **more):
        pair = [f"{folder}/net.prototxt", f"{folder}/net.caffemodel"]
        settings = {"model": f"{folder}/mine.onnx", "hold": 0.1, "detector_files": pair}
        return replace(ORIGIN, model="mine.onnx", settings=settings, **more)

    old = film("a.mp4", provenance=made("/home/zoe/old"))
    new = film("b.mp4", provenance=made(r"C:\Users\zoe\new"))
    assert differing([old, new]) == {} and warnings([old, new]) == []
    text = parsed(Comparison(alone(old, new))).text
    assert "zoe" not in text and "mine.onnx" in text and "net.prototxt, net.caffemodel" in text
    other = film("c.mp4", provenance=made("/x", model_sha256="cd" * 32))
    assert set(differing([old, other])) == {"SHA-256 of the model"}


def test_empty_settings_are_left_out_unless_they_differ(parsed):
    def made(below):
        return replace(ORIGIN, settings={"detector_files": [], "unsure_below": below, "hold": 0})

    both = [film("a.mp4", provenance=made(None)), film("b.mp4", provenance=made(None))]
    text = parsed(Comparison(alone(*both))).text
    assert "unsure_below" not in text and "detector_files" not in text and "hold 0" in text
    both[1] = film("b.mp4", provenance=made(0.4))
    assert "unsure_below none (1 film) 0.4 (1 film)" in parsed(Comparison(alone(*both))).text


def test_damaged_settings_in_a_sidecar_do_no_harm(parsed):
    damaged = replace(ORIGIN, settings=["nonsense"], model=None, version={"a": 1})
    assert "nonsense" not in parsed(Comparison(alone(film(provenance=damaged)))).text


def test_what_is_missing_is_listed_with_its_sentence(parsed):
    missing = (Missing("broken.mp4", "broken.mp4 holds no readable picture; use another copy."),)
    text = parsed(Comparison(alone(film()), missing)).text
    assert "Not in this comparison" in text
    assert "broken.mp4 holds no readable picture; use another copy." in text
    assert "Not in this comparison" not in parsed(Comparison(alone(film()))).text


def test_names_are_text_and_never_markup(parsed):
    origin = replace(ORIGIN, model=EVIL, settings={EVIL: EVIL}, version=EVIL)
    bad = film(EVIL, provenance=origin, notes=(EVIL,))
    person = Person(EVIL, (bad,), bad.looks, EVIL, named=True)
    comparison = Comparison(
        (person,), (Missing(EVIL, EVIL),), {EVIL: bad.looks}, {EVIL: {EVIL: EVIL}}
    )
    found = parsed(comparison, EVIL)
    assert len(found.all("script")) == 1
    assert found.text.count("<script>alert(1)</script> & \"quotes\" 'too'") > 12
    assert not re.search("[\x00\x1b]", page(comparison, EVIL))
    for _, attributes in found.elements:
        assert not {name for name in attributes if name.startswith("on")}


def test_nothing_is_loaded_and_only_the_one_script_may_run():
    text = page(Comparison(alone(film(picture=b"\xff\xd8\xff"))), "A")
    found = Page(text)
    assert {name for name, _ in found.elements}.isdisjoint({"link", "iframe", "a", "form"})
    assert [attrs["src"][:23] for attrs in found.all("img")] == ["data:image/jpeg;base64,"]
    (policy,) = [m["content"] for m in found.all("meta") if "http-equiv" in m]
    script = re.search(r"<script>(.*)</script>", text, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert policy.endswith(f"; script-src 'sha256-{digest}'")
    assert "unsafe-inline" not in policy.partition("script-src")[2]
    assert not re.search(r"https?://", re.sub(r'content="[^"]*"', "", text))


def test_manners_and_words_for_those_who_cannot_see(parsed):
    found = parsed(Comparison(alone(film())))
    assert "a.mp4: looks happy 100 %, unsure 0 %" in found.text
    for claim in (" is happy", " feels ", "was happy", "emotion recognition"):
        assert claim not in found.text
    for drawing in found.all("svg"):
        assert drawing.get("role") == "img"
    assert all("alt" in image for image in found.all("img"))


def test_several_faces_at_once_are_counted(parsed):
    both = [moment(n, reading(of=face(track=1)), reading(of=face(90, track=2))) for n in range(9)]
    pair = Film.of("pair.mp4", Table.of(both))
    assert (pair.tracks, pair.most_faces, pair.face_px) == (2, 2, 40)
    assert film().most_faces == 1


def test_a_pause_is_told(parsed):
    stream = [moment(n, reading()) for n in range(100)]
    stream += [Moment(n, 60 + n / 25, (reading(),)) for n in range(100, 200)]
    found = parsed(Comparison(alone(Film.of("pause.mp4", Table.of(stream)))))
    assert "The stream paused" in found.text


def test_nothing_to_compare_is_refused():
    with pytest.raises(ValueError, match="at least one"):
        page(Comparison(()), "Nothing")


def test_a_click_on_a_headline_sorts(tmp_path):
    films = [film("b2.mp4", ("sad",)), film("a10.mp4", ("happy", "sad")), film("a9.mp4")]
    films.append(Film.of("none.mp4", Table.of(moment(n) for n in range(100))))
    (tmp_path / "c.html").write_text(page(Comparison(alone(*films)), "Sorted"), "utf-8")
    names = (
        "[...document.querySelectorAll('table.wide tbody tr')].map(r => r.cells[0].textContent)"
        ".join(' ')"
    )
    buttons = "[...document.querySelectorAll('table.wide th button')]"
    click = buttons + ".find(b => b.textContent == '{}').click()"
    with chromium() as tab:
        tab.open((tmp_path / "c.html").as_uri())
        tab.wait(names, "b2.mp4 a10.mp4 a9.mp4 none.mp4")
        tab.wait("document.readyState", "complete")
        tab.value(click.format("happy"))
        tab.wait(names, "a9.mp4 a10.mp4 b2.mp4 none.mp4")
        tab.value(click.format("happy"))
        tab.wait(names, "b2.mp4 a10.mp4 a9.mp4 none.mp4")
        tab.value(click.format("Film"))
        tab.wait(names, "a9.mp4 a10.mp4 b2.mp4 none.mp4")
        sorted_by = "document.querySelector('table.wide th[aria-sort]').textContent"
        assert tab.value(sorted_by) == "Film"
