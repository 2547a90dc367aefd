import numpy as np
import pytest

from builders import face, moment, reading
from howifeel import emotions, overlay
from howifeel.config import Settings
from howifeel.overlay._chip import box_area, chips
from howifeel.types import Box, Face

WIDTH, HEIGHT = 640, 360


def draw(*readings, ground=90, width=WIDTH, height=HEIGHT):
    image = np.full((height, width, 3), ground, np.uint8)
    return overlay.drawn(image, moment(0, *readings), [overlay.build("boxes", Settings())])


def changed(one, other):
    return (one.astype(int) != other).any(axis=2)


def nearness(image, colour):
    """Distance of each pixel from a colour."""
    return np.abs(image.astype(int) - colour).max(axis=2)


@pytest.mark.parametrize("top", emotions.NAMES)
@pytest.mark.parametrize("ground", [0, 128, 255])
def test_the_frame_has_the_colour_of_the_expression(top, ground):
    drawn = draw(reading(top, of=face(250, 150, 100)), ground=ground)
    corner = drawn[145:175, 245:275]
    assert nearness(corner, emotions.COLOURS_BGR[top]).min() < 12


def test_an_unsure_face_has_a_grey_frame_and_no_percentage():
    drawn = draw(reading("happy", 0.3, of=face(250, 150, 100), unsure=True))
    assert nearness(drawn[145:175, 245:275], emotions.UNSURE_BGR).min() < 12
    assert nearness(drawn, emotions.COLOURS_BGR["happy"]).min() > 40
    named = draw(reading("happy", 0.3, of=face(250, 150, 100)))
    assert changed(drawn, draw()).sum() < changed(named, draw()).sum()


def test_the_label_says_something_else_for_another_expression_or_number():
    label = np.s_[110:150, 230:400]
    happy = draw(reading("happy", 0.7, of=face(250, 150, 100)))[label]
    surer = draw(reading("happy", 0.8, of=face(250, 150, 100)))[label]
    sad = draw(reading("sad", 0.7, of=face(250, 150, 100)))[label]
    for one, other in ((happy, surer), (happy, sad)):
        assert changed(one, other).sum() > 20
    assert nearness(happy, (245, 245, 245)).min() < 10


def test_the_label_is_readable_on_any_ground():
    for ground in (0, 255):
        label = draw(reading(of=face(250, 150, 100)), ground=ground)[125:140, 252:300]
        light = label.mean(axis=2)
        assert light.max() - np.median(light) > 130


def test_far_from_a_face_nothing_changes():
    touched = changed(draw(reading(of=face(250, 150, 100))), draw())
    rows, columns = np.nonzero(touched)
    assert rows.min() > 110
    assert rows.max() < 260
    assert columns.min() > 230
    assert columns.max() < 420
    assert not touched[170:230, 270:330].any()


def test_a_gap_draws_nothing():
    assert (draw() == 90).all()


def test_several_faces_are_numbered_and_one_is_not():
    one = draw(reading(of=face(100, 150, 100, track=4)))
    two = draw(reading(of=face(100, 150, 100, track=4)), reading(of=face(450, 150, 100, track=5)))
    assert changed(one[100:150, 60:300], two[100:150, 60:300]).any()
    assert not changed(one[155:300, 60:300], two[155:300, 60:300]).any()


@pytest.mark.parametrize(
    "box",
    [
        Box(200, 0, 340, 150),
        Box(0, 0, 60, 60),
        Box(600, 310, 640, 360),
        Box(0, 300, 60, 360),
        Box(0, 0, WIDTH, HEIGHT),
    ],
)
def test_at_a_border_the_whole_label_stays_in_the_picture(box):
    middle = Box(300, 150, 300 + box.width, 150 + box.height)
    if box.height == HEIGHT:
        middle = Box(0, 150, WIDTH, 250)

    def letters(where):
        drawn = draw(reading(of=Face(where, 0.9)))
        return (nearness(drawn, (245, 245, 245)) < 20).sum()

    assert letters(box) == letters(middle)


def test_labels_of_neighbours_do_not_cover_each_other():
    def letters(*readings):
        return (nearness(draw(*readings, ground=0), (245, 245, 245)) < 20).sum()

    left, right = face(250, 150, 60, track=1), face(315, 150, 60, track=2)
    far = face(500, 150, 60, track=2)
    near_pair = letters(reading(of=left), reading("sad", of=right))
    assert near_pair == letters(reading(of=left), reading("sad", of=far))


def test_the_drawing_grows_with_the_picture():
    def share(scale):
        drawn = draw(
            reading(of=face(250 * scale, 150 * scale, 100 * scale)),
            width=WIDTH * scale,
            height=HEIGHT * scale,
        )
        return changed(drawn, np.full_like(drawn, 90)).mean()

    assert share(2) == pytest.approx(share(1), rel=0.35)
    assert share(6) > 0.3 * share(1)


def test_a_crowd_has_all_frames_but_only_labels_that_cover_nothing():
    crowd = [
        reading(
            emotions.NAMES[n % 7], of=face(40 + 45 * (n % 12), 60 + 60 * (n // 12), 32, track=n)
        )
        for n in range(40)
    ]
    what = moment(0, *crowd)
    labels = chips(what, WIDTH, HEIGHT)
    assert 6 <= len(labels) < 40
    for n, label in enumerate(labels[6:], start=6):
        assert not any(label.area.overlap(other.area) for other in labels[:n])
        others = [box_area(r) for r in crowd if r is not label.reading]
        assert not any(map(label.area.overlap, others))
    touched = changed(draw(*crowd), draw())
    for each in crowd:
        box = each.face.box
        assert touched[box.y0 : box.y1, box.x0 : box.x1].any()


def test_a_full_hundred_percent_fits_into_its_label():
    label, wider = (
        chips(moment(0, reading("surprise", p, of=face(250, 150, 100))), WIDTH, HEIGHT)[0]
        for p in (0.99, 1.0)
    )
    assert wider.area.width > label.area.width
