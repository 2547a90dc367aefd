import numpy as np
import pytest

from builders import face, moment, reading
from howifeel import emotions, overlay
from howifeel.config import Settings
from howifeel.overlay._chip import box_area, chips
from howifeel.overlay.bars import panels

WIDTH, HEIGHT = 1280, 720


def draw(*readings, width=WIDTH, height=HEIGHT, ground=90):
    image = np.full((height, width, 3), ground, np.uint8)
    return overlay.drawn(image, moment(0, *readings), [overlay.build("bars", Settings())])


def coloured(image, name):
    """Number of pixels in the full colour of an expression."""
    return (np.abs(image.astype(int) - emotions.COLOURS_BGR[name]).max(axis=2) < 10).sum()


@pytest.mark.parametrize("top", emotions.NAMES)
def test_the_bar_of_the_shown_expression_grows_with_its_probability(top):
    lengths = [
        coloured(draw(reading(top, p, of=face(300, 200, 200))), top) for p in (0.3, 0.6, 0.9)
    ]
    assert 0 < lengths[0] < lengths[1] < lengths[2]
    assert lengths[2] == pytest.approx(3 * lengths[0], rel=0.15)


def test_an_unsure_face_has_no_highlighted_bar():
    sure = draw(reading("happy", 0.5, of=face(300, 200, 200)))
    unsure = draw(reading("happy", 0.5, of=face(300, 200, 200), unsure=True))
    assert coloured(sure, "happy") > 100
    assert coloured(unsure, "happy") == 0


def test_a_gap_draws_nothing():
    assert (draw() == 90).all()


def test_only_the_panel_changes():
    what = moment(0, reading(of=face(300, 200, 200)))
    (panel,) = panels(what, WIDTH, HEIGHT)
    drawn = draw(*what.readings)
    x, y, width, height = panel.area
    assert (drawn[y : y + height, x : x + width] != 90).any()
    drawn[y : y + height, x : x + width] = 90
    assert (drawn == 90).all()


def area(*readings, width=WIDTH, height=HEIGHT):
    return [panel.area for panel in panels(moment(0, *readings), width, height)]


def test_the_panel_stands_right_of_the_face_else_left_else_below():
    (right,) = area(reading(of=face(300, 200, 200)))
    assert right.x > 500
    (left,) = area(reading(of=face(1000, 200, 200)))
    assert left.x + left.width < 1000
    (below,) = area(reading(of=face(20, 100, 440)), width=480, height=854)
    assert below.y > 540


def test_a_face_that_fills_the_picture_still_has_a_panel_inside_it():
    (panel,) = area(reading(of=face(0, 0, 720)), width=720, height=720)
    assert panel.x + panel.width <= 720
    assert panel.y + panel.height <= 720


@pytest.mark.parametrize("count", [2, 3, 12, 40])
def test_panels_cover_neither_faces_nor_labels_nor_each_other(count):
    random = np.random.default_rng(count)
    faces = [
        face(int(random.integers(0, 1100)), int(random.integers(0, 560)), 90 + n, track=n + 1)
        for n in range(count)
    ]
    what = moment(0, *(reading(of=each) for each in faces))
    placed = [panel.area for panel in panels(what, WIDTH, HEIGHT)]
    assert len(placed) <= 3
    others = [box_area(r) for r in what.readings]
    others += [chip.area for chip in chips(what, WIDTH, HEIGHT)]
    for n, panel in enumerate(placed):
        assert not any(panel.overlap(other) for other in placed[:n])
        if n:
            assert not any(panel.overlap(other) for other in others)


def test_the_largest_faces_have_the_panels():
    faces = [face(40 + 240 * n, 300, size, track=n + 1) for n, size in enumerate((20, 90, 20, 20))]
    titles = [p.title for p in panels(moment(0, *(reading(of=f) for f in faces)), WIDTH, HEIGHT)]
    assert titles[0] == "face 2"


def test_a_small_picture_is_left_free():
    assert (draw(reading(of=face(5, 5, 50)), width=160, height=120) == 90).all()


def test_no_panel_hides_most_of_a_face_of_a_small_picture():
    assert area(reading(of=face(65, 60, 120)), width=250, height=250) == []
