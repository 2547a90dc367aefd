from dataclasses import replace

import cv2
import numpy as np
import pytest

from builders import face, probs, reading
from howifeel.config import Settings
from howifeel.explain import SENTENCES, Reason, explain, explain_unread
from howifeel.types import Box, Face, Frame, Reading
from shared import existing

HER_FACE = Face(Box(175, 70, 270, 190), 0.95)
UNSURE = Reading(HER_FACE, probs("happy", 0.4), "happy", True)


def frame(image):
    return Frame(np.ascontiguousarray(image.astype(np.uint8)), 0, 0.0)


def darker(image):
    return 0.2 * image


def overexposed(image):
    return np.clip(3.0 * image, 0, 255)


def soft(image):
    return cv2.GaussianBlur(image, (0, 0), 3)


def scaled(image, factor):
    box = HER_FACE.box
    small = Box(*(round(factor * v) for v in (box.x0, box.y0, box.x1, box.y1)))
    picture = cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    return frame(picture), replace(UNSURE, face=replace(HER_FACE, box=small))


def kinds(frame, reading=UNSURE):
    return [reason.kind for reason in explain(frame, reading, Settings())]


def test_a_good_picture_leaves_only_doubt_about_the_expression(astronaut):
    assert kinds(frame(astronaut)) == ["faint"]


@pytest.mark.parametrize(
    ("change", "kind"), [(darker, "dark"), (overexposed, "overexposed"), (soft, "soft")]
)
def test_a_cause_in_the_picture_is_named_first(astronaut, change, kind):
    assert kinds(frame(change(astronaut))) == [kind, "faint"]


@pytest.mark.parametrize(("factor", "kind"), [(0.2, ["small"]), (0.5, [])])
def test_a_small_face_is_named_and_not_called_blurred(astronaut, factor, kind):
    assert kinds(*scaled(astronaut, factor)) == [*kind, "faint"]


def test_a_face_that_the_detector_doubts(astronaut):
    doubtful = replace(UNSURE, face=replace(HER_FACE, score=0.55))
    assert kinds(frame(astronaut), doubtful) == ["doubtful", "faint"]


def test_several_causes_are_all_named(astronaut):
    assert kinds(frame(darker(soft(astronaut)))) == ["soft", "dark", "faint"]


def test_a_sure_reading_needs_no_reason(astronaut):
    sure = replace(UNSURE, unsure=False)
    assert explain(frame(darker(astronaut)), sure, Settings()) == ()


def test_two_close_expressions_are_both_named(astronaut):
    close = (0.05, 0.0, 0.0, 0.0, 0.48, 0.02, 0.45)
    torn = Reading(HER_FACE, close, "sad", True)
    (reason,) = explain(frame(astronaut), torn, Settings())
    assert str(reason) == "Two expressions are close: sad and neutral."


def test_two_of_many_are_not_close(astronaut):
    spread = (0.2, 0.2, 0.2, 0.1, 0.1, 0.1, 0.1)
    (reason,) = explain(frame(astronaut), Reading(HER_FACE, spread, "angry", True), Settings())
    assert str(reason) == "No expression is clear; the likeliest is angry."


def test_faces_that_are_not_read_say_why(astronaut):
    picture, small = scaled(astronaut, 0.14)
    assert [r.kind for r in explain_unread(picture, small.face, Settings())] == ["too small"]
    blurred = frame(cv2.GaussianBlur(astronaut, (0, 0), 7))
    assert [r.kind for r in explain_unread(blurred, HER_FACE, Settings())] == ["too blurred"]


def test_the_limits_of_the_settings_count(astronaut):
    strict = Settings(min_face_px=400, min_sharpness=1000)
    assert [r.kind for r in explain_unread(frame(astronaut), HER_FACE, strict)] == ["too small"]
    sharp = Settings(min_sharpness=1000)
    assert [r.kind for r in explain_unread(frame(astronaut), HER_FACE, sharp)] == ["too blurred"]


@pytest.mark.parametrize("kind", SENTENCES)
def test_every_reason_is_one_short_sentence(kind):
    named = {"close": ("disgust", "fear"), "faint": ("surprise",)}.get(kind, ())
    sentence = str(Reason(kind, named))
    assert sentence.endswith(".")
    assert "{" not in sentence
    assert len(sentence) <= 80


@pytest.mark.parametrize("box", [Box(0, 0, 1, 512), Box(511, 511, 512, 512)])
def test_degenerate_boxes_are_survived(astronaut, box):
    assert kinds(frame(astronaut), reading(of=Face(box, 0.5), unsure=True))


# Photographs of people


@pytest.fixture(scope="module")
def people():
    """Forty photographs with the box of the face; uint8 (250, 250, 3), BGR."""
    parquet = pytest.importorskip("pyarrow.parquet")
    path = existing("expressions", "lfw-expressions.parquet")
    rows = parquet.read_table(path, columns=["image"]).slice(0, 600)["image"].to_pylist()[::15]
    return [cv2.imdecode(np.frombuffer(row["bytes"], np.uint8), 1) for row in rows]


MIDDLE = face(75, 70, 100)
"""The faces of these photographs are aligned."""


def share(people, kind, change=lambda image: image):
    found = [
        any(r.kind == kind for r in explain_unread(frame(change(image)), MIDDLE, Settings()))
        for image in people
    ]
    return np.mean(found)


@pytest.mark.parametrize(
    ("change", "kind"), [(darker, "dark"), (overexposed, "overexposed"), (soft, "soft")]
)
def test_on_photographs_a_reason_appears_with_its_cause_and_not_without(people, change, kind):
    assert share(people, kind) == 0
    caused = share(people, kind, change)
    too_far = share(people, "too blurred", change) if kind == "soft" else 0
    assert caused + too_far > 0.9
