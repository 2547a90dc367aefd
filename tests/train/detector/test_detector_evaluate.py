from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from howifeel.train.detector.evaluate import (
    Ranked,
    average_precision,
    best_threshold,
    evaluate,
    rank,
    recall_at,
)
from howifeel.train.detector.picture import Picture


def picture(*faces):
    return Picture(np.zeros((480, 640, 3), np.uint8), np.array(faces, np.float32).reshape(-1, 4))


def found(*rows):
    return np.array(rows, np.float32).reshape(-1, 5)


FACE, OTHER = (100, 100, 200, 200), (300, 100, 400, 200)


def test_a_worked_example():
    pictures = [picture(FACE, OTHER), picture(FACE)]
    detections = [
        found((*FACE, 0.9), (*FACE, 0.6), (0, 0, 50, 50, 0.8)),  # hit, repeated, false
        found((110, 100, 210, 200, 0.7)),  # overlaps by 90/110: a hit
    ]
    ranked = rank(detections, pictures, min_px=20)
    assert ranked.hits.tolist() == [True, False, True, False]
    # recall 1/3 at precision 1, recall 2/3 at precision 2/3, the third face is never found
    assert average_precision(ranked.hits, ranked.faces) == pytest.approx((1 + 2 / 3) / 3)
    assert recall_at(ranked, 0.1) == pytest.approx(1 / 3)
    assert recall_at(ranked, 1.0) == pytest.approx(2 / 3)
    score, f1 = best_threshold(ranked)
    assert (score, f1) == pytest.approx((0.7, 2 / 3))


def test_a_doubtful_face_neither_helps_nor_hurts():
    doubtful = np.array([OTHER], np.float32)
    unsure = replace(picture(FACE), doubtful=doubtful)
    ranked = rank([found((*OTHER, 0.95), (*FACE, 0.9), (*OTHER, 0.8))], [unsure], min_px=20)
    assert ranked.faces == 1
    assert ranked.hits.tolist() == [True]
    nobody = replace(picture(), doubtful=doubtful)
    apart = found((*OTHER, 0.9), (*FACE, 0.8))
    assert rank([apart], [nobody], min_px=20).hits.tolist() == [False]


def test_small_faces_neither_help_nor_hurt():
    small = (10, 10, 30, 30)
    with_it, without = ([found((*small, 0.95), (*FACE, 0.9))], [found((*FACE, 0.9))])
    for detections in (with_it, without):
        ranked = rank(detections, [picture(FACE, small)], min_px=32)
        assert ranked.faces == 1
        assert ranked.hits.tolist() == [True]


def test_a_small_false_detection_counts_only_where_small_faces_do():
    detections = [found((300, 300, 330, 330, 0.95), (*FACE, 0.9))]
    assert rank(detections, [picture(FACE)], min_px=20).hits.tolist() == [False, True]
    assert rank(detections, [picture(FACE)], min_px=32).hits.tolist() == [True]


def test_sizes_are_measured_at_640_pixels():
    half = Picture(np.zeros((240, 320, 3), np.uint8), np.array([(0, 0, 20, 20)], np.float32))
    assert rank([found()], [half], min_px=40).faces == 1
    assert rank([found()], [half], min_px=41).faces == 0


def test_a_perfect_detector_scores_one_and_a_blind_one_zero():
    pictures = [picture(FACE, OTHER), picture()]
    truth = {id(p.image): p.faces for p in pictures}

    def perfect(image):
        faces = truth[id(image)]
        return np.concatenate([faces, np.ones((len(faces), 1), np.float32)], axis=1)

    for result in evaluate(perfect, pictures):
        assert (result.average_precision, result.recall_at_0_1, result.best_f1) == (1, 1, 1)
    for result in evaluate(lambda image: found(), pictures):
        assert (result.average_precision, result.recall_at_1, result.best_f1) == (0, 0, 0)


@given(st.lists(st.booleans(), max_size=30), st.integers(0, 10))
def test_average_precision_is_the_area_by_definition(hits, missed):
    faces = sum(hits) + missed
    hits = np.array(hits, bool)
    recalls = [hits[:n].sum() / max(faces, 1) for n in range(1, len(hits) + 1)]
    precisions = [hits[:n].mean() for n in range(1, len(hits) + 1)]
    area = sum(
        max(p for p, r in zip(precisions, recalls, strict=True) if r >= level / faces) / faces
        for level in range(1, hits.sum() + 1)
    )
    assert average_precision(hits, faces) == pytest.approx(area)


def test_recall_counts_only_what_comes_before_too_many_errors():
    ranked = Ranked(np.linspace(1, 0, 5, dtype=np.float32), np.array([1, 0, 1, 0, 1], bool), 4, 1)
    assert recall_at(ranked, 0.5) == 0.25
    assert recall_at(ranked, 1) == 0.5
    assert recall_at(ranked, 2) == 0.75
