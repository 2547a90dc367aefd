"""What the chart of a face shows, and where."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest

from builders import face, moment, reading
from howifeel import emotions
from howifeel.report import chart
from howifeel.report.palette import DARK, LIGHT, PAGE
from howifeel.report.strip import strip
from howifeel.timeline import Marker, Table

SVG = "{http://www.w3.org/2000/svg}"


def drawn(stream, **options):
    return ElementTree.fromstring(chart.svg(Table.of(stream), 1, title="A face", **options))


def rects(root, colour):
    found = [r for r in root.iter(f"{SVG}rect") if r.get("fill") == colour]
    return [(float(r.get("x", 0)), float(r.get("x", 0)) + float(r.get("width"))) for r in found]


def areas(root):
    """Colour -> the lists of points of its areas."""
    found = {}
    for path in root.iter(f"{SVG}path"):
        if path.get("fill-opacity"):
            numbers = [float(n) for n in re.findall(r"-?[\d.]+", path.get("d"))]
            found.setdefault(path.get("fill"), []).append(np.reshape(numbers, (-1, 2)))
    return found


def at(share):
    """Where a share of the time lies, in pixels."""
    return chart._LEFT + chart._PLOT * share


def test_the_strip_shows_what_was_shown_when_it_was_shown():
    tops = ["happy"] * 50 + ["sad"] * 25 + ["happy"] * 25
    root = drawn([moment(n, reading(top)) for n, top in enumerate(tops)])
    assert rects(root, LIGHT.fill["happy"]) == [
        pytest.approx((at(0), at(0.5)), abs=2), pytest.approx((at(0.75), at(1)), abs=2),
    ]  # fmt: skip
    assert rects(root, LIGHT.fill["sad"]) == [pytest.approx((at(0.5), at(0.75)), abs=2)]
    assert {text.text for text in root.iter(f"{SVG}text")} >= {*emotions.NAMES, "0.0 s", "4.0 s"}


def test_unsure_is_a_thin_line_and_no_expression():
    root = drawn([moment(n, reading("sad", 0.3, unsure=True)) for n in range(50)])
    assert rects(root, LIGHT.fill["sad"]) == []
    (line,) = [r for r in root.iter(f"{SVG}rect") if r.get("fill") == LIGHT.fill["unsure"]]
    assert float(line.get("height")) < chart._RIBBON / 4


def test_a_gap_is_drawn_as_a_gap():
    stream = [moment(n, *([] if 40 <= n < 60 else [reading("happy")])) for n in range(100)]
    root = drawn(stream)
    assert rects(root, LIGHT.band) == [pytest.approx((at(0.4), at(0.6)), abs=2)]
    before, after = areas(root)[LIGHT.fill["happy"]]
    assert before[:, 0].max() == pytest.approx(at(0.4), abs=2)
    assert after[:, 0].min() == pytest.approx(at(0.6), abs=2)


def test_a_face_that_comes_late_and_leaves_early_has_gaps_around_it():
    stream = [moment(n, *([reading("happy")] if 30 <= n < 50 else [])) for n in range(100)]
    root = drawn(stream)
    assert rects(root, LIGHT.band) == [
        pytest.approx((at(0), at(0.3)), abs=2), pytest.approx((at(0.5), at(1)), abs=2),
    ]  # fmt: skip


def test_an_area_is_as_high_as_its_probability():
    low, high = ([moment(n, reading("happy", p)) for n in range(9)] for p in (0.4, 0.8))
    heights = [np.ptp(areas(drawn(s))[LIGHT.fill["happy"]][0][:, 1]) for s in (low, high)]
    assert heights[1] == pytest.approx(2 * heights[0], abs=0.2)
    assert heights[1] < chart._ROW


def test_a_number_that_would_lie_on_the_one_before_is_left_out():
    stream = [moment(n, reading("sad", of=face(0, 0, 9, track=1))) for n in range(100)]
    times = (0.5, 0.51, 0.52, 2.0)
    root = drawn(stream, markers=[Marker(t, f"at {t}") for t in times])
    numbers = [g.findtext(f"{SVG}text") for g in root.iter(f"{SVG}g")]
    assert numbers == ["1", None, None, "4"]
    assert len([p for p in root.iter(f"{SVG}path") if p.get("stroke-dasharray")]) == len(times)


def test_markers_are_numbered_where_they_are():
    stream = [moment(n, reading()) for n in range(100)]
    root = drawn(stream, markers=[Marker(1, "<one>"), Marker(2, "two"), Marker(99, "outside")])
    circles = [float(circle.get("cx")) for circle in root.iter(f"{SVG}circle")]
    assert circles == pytest.approx([at(0.25), at(0.5)], abs=1)
    titles = [title.text for title in root.iter(f"{SVG}title")]
    assert "0:01: <one>" in titles


def test_a_stretch_fills_the_width():
    stream = [moment(n, reading("sad" if n >= 75 else "happy")) for n in range(100)]
    root = drawn(stream, start_s=2.0, end_s=4.0)
    assert rects(root, LIGHT.fill["sad"]) == [pytest.approx((at(0.5), at(1)), abs=2)]


def test_a_headline_moves_the_chart_down():
    stream = [moment(n, reading()) for n in range(9)]
    plain, headed = drawn(stream), drawn(stream, headline="Zoë & <me>")
    assert "Zoë & <me>" in {text.text for text in headed.iter(f"{SVG}text")}
    heights = [int(root.get("viewBox").split()[3]) for root in (plain, headed)]
    assert heights == [chart.HEIGHT, chart.HEIGHT + chart.HEADLINE]
    assert headed.find(f"{SVG}g").get("transform") == f"translate(0 {chart.HEADLINE})"


def test_another_face_and_a_stretch_without_frames_are_all_gap():
    other = [moment(n, reading(of=face(track=2))) for n in range(9)]
    for root in (drawn(other), drawn(other, start_s=50, end_s=60), drawn([])):
        assert rects(root, LIGHT.band) == [(at(0), at(1))]
        assert areas(root) == {}


def test_an_hour_is_as_small_as_ten_minutes():
    sizes = [
        len(chart.svg(Table.of(moment(n, reading(), fps=1) for n in range(n)), 1, title=""))
        for n in (600, 3600)
    ]
    assert sizes[1] < 1.1 * sizes[0]


@pytest.mark.parametrize("palette", [LIGHT, DARK, PAGE])
def test_every_palette_colours_the_same_chart(palette):
    root = drawn([moment(n, reading()) for n in range(9)], palette=palette)
    assert len(areas(root)) == 7
    assert root.find(f"{SVG}rect").get("fill") == palette.panel


def test_columns_keep_the_mean():
    generator = np.random.default_rng(0)
    values = generator.uniform(0.3, 1, 5000)
    rows = Table.of(moment(n, reading("sad", p)) for n, p in enumerate(values))
    columns = strip(rows, rows.start_s, rows.end_s, 100)
    assert len(columns.probs) == 100
    weights = columns.end_s - columns.start_s
    mean = np.average(columns.probs[:, emotions.NAMES.index("sad")], weights=weights)
    assert mean == pytest.approx(values.mean(), abs=1e-3)
    assert columns.probs.sum(axis=1) == pytest.approx(1, abs=1e-4)
