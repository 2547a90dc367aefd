"""A report says what its timelines come to, and nothing that a name smuggles in."""

import re
from dataclasses import replace

import pytest

from builders import face, moment, reading
from howifeel.report import Subject, write
from howifeel.report.section import MOST_CHARTS
from howifeel.timeline import Marker, Table
from howifeel.types import Moment
from html_page import Page
from recordings import ORIGIN

TALK = Table.of(
    [
        *(moment(n, reading("happy" if n % 300 < 200 else "sad")) for n in range(1500)),
        *(moment(n, gap="blurred") for n in range(1500, 2000)),
    ]
)
EVIL = "<script>alert(1)</script> & \"quotes\" 'too' \x00\x1b ]]>"


@pytest.fixture
def page(tmp_path):
    def page(*subjects, title=""):
        write(tmp_path / "report.html", subjects, title)
        parsed = Page((tmp_path / "report.html").read_text("utf-8"))
        assert (parsed.open, parsed.wrong) == ([], [])
        return parsed

    return page


def test_the_figures_of_a_face(page):
    found = page(Subject("A talk", TALK, ORIGIN, "2026-11-21 15:30"))
    assert "Read for 1:00. Shown longest: looks happy, 67 % of this time (" in found.text
    assert "of the time a face was read 75 %" in found.text
    assert "the face was too blurred 20.0 s 25 %" in found.text
    assert "2026-11-21 15:30" in found.text
    assert f"m.onnx SHA-256 {'ab' * 32}" in found.text
    assert "hold = 0.1" in found.text


def test_what_could_not_be_named_comes_first_where_it_is_more(page):
    stream = [moment(n, reading(unsure=n % 4 > 0)) for n in range(100)]
    text = page(Subject("A talk", Table.of(stream))).text
    assert "Read for 4.0 s. Unsure: 75 %. Shown longest: looks happy, 25 % of this time." in text
    stream = [moment(n, reading(unsure=True)) for n in range(100)]
    assert "Unsure: 100 %. No expression" in page(Subject("A talk", Table.of(stream))).text


def test_films_of_the_same_name_are_told_apart_by_their_path_in_the_folder(page):
    origin = replace(ORIGIN, source="/home/zoe/films/old/talk.mp4")
    subjects = [Subject("talk.mp4", TALK, origin, path=f"{p}/talk.mp4") for p in ("old", "new")]
    text = page(subjects[0]).text
    assert text.startswith(" old/talk.mp4 old/talk.mp4 What faces")
    assert "The recording old/talk.mp4" in text and "Source old/talk.mp4 Model" in text
    assert "zoe" not in text
    both = page(*subjects).text
    assert re.search("All faces .* old/talk.mp4 Face 1 .* new/talk.mp4 Face 1", both)


def test_empty_settings_are_left_out(page):
    settings = {"detector_files": [], "unsure_below": None, "model": "", "hold": 0, "mirror": False}
    text = page(Subject("A talk", TALK, replace(ORIGIN, settings=settings))).text
    assert "Settings hold = 0, mirror = False " in text


@pytest.mark.parametrize("folder", ["/home/zoe/films/", "C:\\Users\\zoe\\"])
def test_folders_stay_private(page, folder):
    origin = replace(
        ORIGIN, source=folder + "talk.mp4", settings={"model": folder + "m.onnx", "hold": 0.1}
    )
    text = page(Subject("A talk", TALK, origin)).text
    assert "talk.mp4" in text and "model = m.onnx, hold = 0.1" in text
    assert "zoe" not in text


def test_manners(page):
    text = page(Subject("A talk", TALK)).text
    assert "looks happy" in text
    assert "Barrett et al. 2019" in text
    for claim in (" is happy", " feels ", "was happy", "emotion recognition"):
        assert claim not in text


def test_nothing_is_loaded_or_run(page):
    subject = Subject("A talk", TALK, ORIGIN, thumbnail=b"\xff\xd8\xff")
    found = page(subject)
    assert {name for name, _ in found.elements}.isdisjoint({"script", "link", "iframe", "a"})
    assert [attrs["src"][:23] for attrs in found.all("img")] == ["data:image/jpeg;base64,"]
    for _, attrs in found.elements:
        assert not {name for name in attrs if name.startswith("on")}
        assert {"href", "srcset"}.isdisjoint(attrs)
    policy = [m["content"] for m in found.all("meta") if "http-equiv" in m]
    assert policy == ["default-src 'none'; style-src 'unsafe-inline'; img-src data:"]


def test_names_are_text_and_never_markup(page):
    subject = Subject(
        EVIL, TALK, ORIGIN, EVIL, (Marker(2.0, EVIL),), {1: EVIL}, notes=(EVIL,)
    )  # fmt: skip
    found = page(subject, subject, title=EVIL)
    assert found.all("script") == []
    assert found.text.count("<script>alert(1)</script> & \"quotes\" 'too'") > 8
    assert not re.search("[\x00\x1b]", found.text)


def test_names_markers_baseline_and_notes_are_shown(page):
    subject = Subject(
        "A talk", TALK, markers=(Marker(65, "Film begins"),), names={1: "Zoë"}, baselines=(1,),
        notes=("The source is damaged after 1:20.",),
    )  # fmt: skip
    text = page(subject).text
    for words in (
        "Zoë", "1 1:05 Film begins", "relative to the person's neutral face",
        "The source is damaged after 1:20.",
    ):  # fmt: skip
        assert words in text
    assert "relative to" not in page(Subject("A talk", TALK)).text


def test_several_timelines_are_compared(page):
    other = Table.of(moment(n, reading("sad")) for n in range(50))
    found = page(Subject("First", TALK), Subject("Second", other), title="Two")
    assert "Two" in found.text
    assert "What faces looked like in 2 recordings" in found.text
    assert re.search(r"First Face 1 1:00 happy 67 % \d+ to \d+ % 0 %", found.text)
    assert "Second Face 1 2.0 s sad 100 %" in found.text
    assert len([svg for svg in found.all("svg") if svg.get("role") == "img"]) == 2


def test_a_crowd_gets_charts_for_those_who_stayed_longest(page):
    stream = [
        moment(n, *(reading(of=face(9 * t, track=t)) for t in range(1, 13) if n < 20 * (t + 4)))
        for n in range(320)
    ]
    found = page(Subject("A crowd", Table.of(stream)))
    charts = [svg["aria-label"] for svg in found.all("svg") if svg.get("role") == "img"]
    assert [label.partition(":")[0] for label in charts] == [f"Face {t}" for t in range(5, 13)]
    assert len(charts) == MOST_CHARTS
    assert "4 more faces, read more briefly" in found.text


@pytest.mark.parametrize(
    "stream",
    [
        [],
        [moment(0)],
        [moment(0, reading())],
        [moment(0, reading(unsure=True)), moment(1, reading(unsure=True))],
        [Moment(n, t, gap="no face") for n, t in enumerate([0.0, 1e-6, 7200.0])],
    ],
)
def test_a_report_of_little_is_still_a_report(page, stream):
    found = page(Subject("Little", Table.of(stream)))
    assert "nan" not in found.text.lower()
    assert "How to read this" in found.text


def test_a_pause_of_the_stream_is_told(page):
    stream = [moment(n, reading()) for n in range(100)]
    stream += [Moment(n, 60 + n / 25, (reading(),)) for n in range(100, 200)]
    assert "the stream paused 59.8 s" in page(Subject("A pause", Table.of(stream))).text


def test_charts_have_words_for_those_who_cannot_see_them(page):
    found = page(Subject("A talk", TALK, thumbnail=b"\x89PNG"))
    (drawing,) = [svg for svg in found.all("svg") if svg.get("role") == "img"]
    assert "Face 1" in drawing["aria-label"]
    assert all("alt" in image for image in found.all("img"))
    assert found.all("html") == [{"lang": "en"}]
    others = [svg for svg in found.all("svg") if svg.get("role") != "img"]
    assert all(svg["aria-hidden"] == "true" for svg in others)


def test_a_report_about_nothing_is_refused(tmp_path):
    with pytest.raises(ValueError, match="at least one"):
        write(tmp_path / "a.html", [])
    assert list(tmp_path.iterdir()) == []
