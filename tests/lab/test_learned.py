"""When a page must say that its classifier has learned nothing."""

import numpy as np
import pytest

from howifeel.lab.kit import learned

LABELS = np.arange(210) % 7


class TestDoubts:
    def test_a_classifier_that_reads_faces_is_not_doubted(self):
        answers = np.where(np.arange(210) % 10 < 7, LABELS, (LABELS + 1) % 7)
        assert learned.doubts(LABELS, answers) == ()

    def test_accuracy_near_that_of_one_answer_is_said_with_both_figures(self):
        (sentence,) = learned.doubts(
            LABELS, np.random.default_rng(0).permutation(LABELS), "The net"
        )
        assert sentence.startswith("The net names 1")
        assert "14.3\u00a0%" in sentence
        assert "hardly learned" in sentence

    def test_two_answers_for_everything_are_said_though_accuracy_is_above_chance(self):
        answers = np.where(np.isin(LABELS, (2, 4)), LABELS, 2)
        assert (answers == LABELS).mean() == pytest.approx(2 / 7)
        assert "fear or sad" in learned.doubts(LABELS, answers)[0]

    def test_two_answers_are_right_where_there_are_two_labels(self):
        labels = np.array([3, 6] * 50)
        assert learned.doubts(labels, labels) == ()


class TestDoubtsOf:
    def test_only_those_that_hardly_learned_are_named_with_their_accuracy(self):
        one = np.full(210, 3)
        (told,) = learned.doubts_of(LABELS, {"good": LABELS, "lazy": one, "idle": one})
        assert "Of 3 networks these have hardly learned: lazy (14.3\u00a0%), idle (14" in told
        assert "good" not in told
        assert learned.doubts_of(LABELS, {"good": LABELS}) == ()

    def test_of_many_only_some_are_named(self):
        (told,) = learned.doubts_of(LABELS, {f"n{i}": np.full(210, 3) for i in range(20)})
        assert "n7 (" in told and "n8 (" not in told
        assert "and 12 more" in told
