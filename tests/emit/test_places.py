"""Faces keep their place while they are in view; what is free goes to the largest."""

from dataclasses import replace

import pytest

from builders import face, moment, reading
from howifeel import emotions
from howifeel.emit import Place, Places
from howifeel.types import Moment


def of(track, size=40, top="happy", **more):
    return reading(top, of=face(track=track, size=size), **more)


def tracks(places):
    return [place.reading.face.track if place.reading else None for place in places]


def test_the_largest_face_comes_first():
    assert tracks(Places(1).fill(moment(0, of(1, 30), of(2, 60)))) == [2]
    assert tracks(Places(3).fill(moment(0, of(1, 30), of(2, 60)))) == [2, 1, None]


def test_a_face_keeps_its_place_when_a_larger_one_comes():
    places = Places(2)
    places.fill(moment(0, of(1, 30)))
    assert tracks(places.fill(moment(1, of(2, 90), of(1, 30)))) == [1, 2]
    assert tracks(places.fill(moment(2, of(2, 90)))) == [None, 2]
    assert tracks(places.fill(moment(3, of(2, 90), of(3, 20)))) == [3, 2]


@pytest.mark.parametrize("how", ["missed", "unread"])
def test_a_face_that_blinks_out_keeps_its_place(how):
    places = Places(1)
    places.fill(moment(0, of(1)))
    blink = Moment(1, 0.04, (of(2),), **{how: (face(track=1),)})
    (place,) = places.fill(blink)
    assert place == Place(None, "no face")
    assert tracks(places.fill(moment(2, of(1), of(2)))) == [1]


@pytest.mark.parametrize("gap", ["no face", "too small", "blurred"])
def test_a_gap_has_its_reason_in_every_place(gap):
    for place in Places(2).fill(moment(0, gap=gap)):
        assert place.reading is None and place.gap == gap
        assert gap in place.says


def test_a_reading_that_is_relative_to_a_neutral_face_is_known_as_such():
    plain = reading("happy")
    assert not Place(plain, None).is_relative and not Place(None, "no face").is_relative
    assert Place(replace(plain, unadjusted=reading("sad")), None).is_relative


def test_it_says_what_a_face_looks_like_or_that_it_is_unsure():
    for name in emotions.NAMES:
        assert Place(reading(name), None).says == emotions.PHRASES[name]
        assert Place(reading(name), None).says.startswith("looks ")
        assert Place(reading(name, unsure=True), None).says == "unsure"
