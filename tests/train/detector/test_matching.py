import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from howifeel.train.detector.matching import (
    BACKGROUND,
    FACE,
    IGNORED,
    UNMARKED,
    MatchRule,
    iou,
    match,
)
from howifeel.train.detector.priors import DEFAULT_MAPS, decode, make_priors, to_corners
from howifeel.types import Box

PRIORS = make_priors(DEFAULT_MAPS, 128, 128)
NONE = np.zeros((0, 4), np.float32)
position, length = st.integers(0, 100), st.integers(1, 27)
boxes = st.builds(lambda x, y, w, h: (x, y, x + w, y + h), position, position, length, length)
face_lists = st.lists(boxes, max_size=6)


def array(boxes):
    return np.array(boxes, np.float32).reshape(-1, 4)


@given(boxes, boxes)
def test_overlap_is_that_of_the_box_type(left, right):
    expected = Box(*left).iou(Box(*right))
    assert abs(iou(array([left]), array([right]))[0, 0] - expected) < 1e-6


@given(face_lists)
def test_each_prior_that_answers_for_a_face_points_at_a_real_one(faces):
    targets = match(PRIORS, array(faces), NONE, MatchRule())
    found = targets.labels == FACE
    assert found.any() == bool(faces)
    for box in decode(targets.offsets[found], PRIORS[found]):
        assert np.abs(array(faces) - box).max(axis=1).min() < 0.05


def test_every_face_has_a_prior_even_a_tiny_one():
    faces = array([(3, 3, 6, 6), (60, 60, 64, 64), (20, 70, 90, 120)])
    targets = match(PRIORS, faces, NONE, MatchRule())
    owned = decode(targets.offsets, PRIORS)[targets.labels == FACE]
    for face in faces:
        assert np.abs(owned - face).max(axis=1).min() < 0.05


def test_ignored_faces_are_neither_face_nor_background():
    ignored = array([(40, 40, 60, 60)])
    targets = match(PRIORS, NONE, ignored, MatchRule())
    assert set(targets.labels) == {UNMARKED, IGNORED}
    near = np.abs(PRIORS[:, :2] - 50).max(axis=1) < 5
    assert (targets.labels[near & (PRIORS[:, 2] == 25)] == IGNORED).all()


def test_a_real_face_wins_over_an_ignored_one_at_the_same_place():
    face = array([(40, 40, 60, 60)])
    targets = match(PRIORS, face, face + 2, MatchRule())
    assert (targets.labels == FACE).any()


def test_background_is_marked_only_where_it_touches_a_face():
    face = array([(100, 100, 130, 140)])
    labels = match(PRIORS, face, NONE, MatchRule()).labels
    touches = iou(to_corners(PRIORS), face)[:, 0] > 0
    assert set(labels[touches]) == {FACE, IGNORED, BACKGROUND}
    assert set(labels[~touches]) == {UNMARKED}


def test_a_small_face_gets_as_many_priors_as_there_are_near_ones():
    face = array([(62, 62, 74, 74)])
    near = iou(to_corners(PRIORS), face)[:, 0] >= MatchRule().least_overlap
    assert near.sum() > 3
    assert (match(PRIORS, face, NONE, MatchRule()).labels == FACE).sum() == 3
    assert (match(PRIORS, face, NONE, MatchRule(least_priors=1)).labels == FACE).sum() == 2


def test_what_is_too_small_for_any_prior_makes_the_nearest_one_ignored():
    labels = match(PRIORS, NONE, array([(66, 66, 69, 69)]), MatchRule()).labels
    nearest = np.abs(PRIORS[:, :2] - 67.5).max(axis=1) < 1
    smallest = PRIORS[:, 2] == PRIORS[:, 2].min()
    assert (labels[nearest & smallest] == IGNORED).all()
    assert (nearest & smallest).any()
