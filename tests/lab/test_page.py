"""The page about one run, or several."""

import re
from collections import Counter
from dataclasses import replace

import pytest

from browser import chromium
from howifeel.lab.kit.page import page
from howifeel.lab.kit.result import Figure, ModelFacts, Number, Record, Result, Table
from html_page import Page

DRAWN = "Figures on drawn faces show that an experiment works"
SVG = (
    '<svg width="9pt" viewBox="0 0 9 9"><defs><clipPath id="p1"><rect/></clipPath></defs>'
    '<g id="axes_1" clip-path="url(#p1)"><g id="same"/><g id="same"/></g></svg>'
)


def run(folder, *, experiment="noise", data="fer2013", model="mine.onnx", numbers=(), quick=False):
    """A finished run in a folder."""
    folder.mkdir(parents=True)
    (folder / "curve.svg").write_text(SVG, "utf-8")
    result = Result(
        "PublicTest, single view.",
        numbers or (Number("accuracy", 0.5, 0.4, 0.6), Number("readings", 4, kind="count")),
        figures=(Figure("curve.svg", "A curve.", "A curve."),),
        model=ModelFacts(model, "0" * 64) if model else None,
        data=data,
        data_sha256="1" * 64,
        pages=("map.html",),
    )
    config = {
        "data": "/my data/fer",
        "part": "PublicTest",
        "runs": 4,
        "model": None,
        "levels": [1, 2],
    }
    record = Record(
        experiment, "It is small.", config, 1, quick, "c" * 40, "0.1", {"numpy": "2"}, "a machine",
        "now", 1.0, result,
    )  # fmt: skip
    return record, folder


@pytest.fixture
def two(tmp_path):
    """The same experiment on drawn faces and on others."""
    more = (Number("accuracy", 0.7, 0.6, 0.8), Number("gain", 0.1))
    return [
        run(tmp_path / "noise", data="drawn faces", model="small net", quick=True),
        run(tmp_path / "real" / "n", numbers=more),
    ]


def sections(text):
    """The text of each run, and of what stands before them."""
    before, *runs = text.split('<section id="')
    return Page(before).text, [Page("<section x='" + run).text for run in runs]


def test_runs_of_one_experiment_have_names_and_ids_of_their_own(two, tmp_path):
    text = page(two, beside=tmp_path)
    read = Page(text)
    assert not read.wrong
    ids = Counter(attrs["id"] for _, attrs in read.elements if "id" in attrs)
    assert set(ids.values()) == {1}
    links = [attrs["href"] for attrs in read.all("a") if attrs["href"].startswith("#")]
    assert len(set(links)) == 2
    assert {link[1:] for link in links} <= set(ids)
    for wanted in re.findall(r"url\(#([^)]+)\)", text):
        assert wanted in ids
    assert "noise: noise (small net)" in read.text
    assert "noise: n (mine.onnx)" in read.text


def test_a_caution_stands_where_it_belongs(two, tmp_path):
    before, (drawn, real) = sections(page(two, beside=tmp_path))
    assert DRAWN not in before
    assert DRAWN in drawn and "quick run" in drawn
    assert DRAWN not in real and "quick run" not in real


def test_runs_of_one_experiment_stand_side_by_side(two, tmp_path):
    before, _ = sections(page(two, beside=tmp_path))
    before = before.replace("\u00a0", " ")
    assert "on small net, drawn faces mine.onnx, fer2013" in before
    assert "accuracy 50.0 % (40.0 % to 60.0 %) 70.0 % (60.0 % to 80.0 %)" in before
    assert "readings 4 –" in before
    assert "gain – 10.0 %" in before
    other = run(tmp_path / "bias", experiment="bias")
    assert "side by side" not in page([two[0], other], beside=tmp_path)


def test_folders_of_one_name_are_told_by_their_paths(tmp_path):
    alike = [run(tmp_path / "dark" / "result"), run(tmp_path / "light" / "result")]
    text = Page(page(alike, beside=tmp_path)).text
    assert "noise: dark/result" in text and "noise: light/result" in text
    twice = Page(page([alike[0], alike[0]], beside=tmp_path))
    anchors = [attrs["id"] for attrs in twice.all("section") if "id" in attrs]
    assert len(set(anchors)) == 2


def test_model_data_and_command_are_shown(tmp_path):
    text = Page(page([run(tmp_path / "n")], beside=tmp_path)).text
    assert "On: mine.onnx, fer2013" in text
    assert "SHA-256 of the pictures used: 111" in text
    command = "howifeel-lab noise --data '/my data/fer' --part PublicTest --runs 4 --levels 1 2"
    assert command in text


@pytest.mark.parametrize(
    ("place", "link"),
    [("n", "map.html"), (".", "n/map.html"), ("pages/deep", "../../n/map.html")],
)
def test_files_of_a_run_are_linked_from_where_the_page_lies(place, link, tmp_path):
    found = [run(tmp_path / "n")]
    text = page(found, beside=tmp_path / place)
    assert link in [attrs["href"] for attrs in Page(text).all("a")]


def test_names_are_text_on_the_page(tmp_path):
    record, folder = run(tmp_path / "<b>", model="<i>.onnx")
    other = replace(record, summary="<script>")
    text = page([(record, folder), (other, folder)], beside=tmp_path)
    assert not Page(text).all("i") + Page(text).all("script")


def test_wide_tables_scroll_and_keep_words_whole(tmp_path):
    columns = tuple(f"pictures{number}" for number in range(16))
    record, folder = run(tmp_path / "n")
    wide = Table("Wide", columns, (columns,))
    found = replace(record, result=replace(record.result, tables=(wide,)))
    path = tmp_path / "page.html"
    path.write_text(page([(found, folder)], beside=tmp_path), "utf-8")
    with chromium() as tab:
        tab.ask("Page.enable")
        tab.open(path.as_uri())
        tab.wait(
            "document.readyState === 'complete' && document.querySelectorAll('.scroll').length > 0"
        )
        tab.picture(width=900, height=600)
        card = "[...document.querySelectorAll('.scroll')].at(-1)"
        assert tab.value(f"{card}.scrollWidth > {card}.clientWidth")
        lines = f"[...{card}.querySelectorAll('thead th')].map(th => th.getClientRects()[0].height)"
        assert max(tab.value(lines)) < 40
        assert tab.value("document.documentElement.scrollWidth <= innerWidth")
