import numpy as np
import pytest

from howifeel import emotions
from howifeel.overlay._text import text


def test_masks_lie_between_nothing_and_full():
    mask = text("looks happy", 20)
    assert mask.dtype == np.float32
    assert mask.min() == 0
    assert 0.95 < mask.max() <= 1


@pytest.mark.parametrize("size", [10, 20, 56])
def test_all_words_of_a_size_are_equally_high_and_grow_with_it(size):
    masks = [text(words, size) for words in (*emotions.PHRASES.values(), "100 %", "unsure")]
    assert len({mask.shape[0] for mask in masks}) == 1
    assert masks[0].shape[0] == pytest.approx(1.25 * size, abs=3)
    once, twice = (text("looks sad", times * size).shape[1] for times in (1, 2))
    assert twice == pytest.approx(2 * once, abs=3)


def test_no_letter_is_cut_off():
    for words in (*emotions.PHRASES.values(), *emotions.NAMES, "100 %"):
        mask = text(words, 24)
        framed = text(f" {words} ", 24)
        assert mask.sum() == pytest.approx(framed.sum(), rel=0.02)
        assert mask[0].max() == 0
        assert mask[-1].max() < 0.8


def test_words_keep_their_space_at_small_sizes():
    for size in range(10, 20):
        empty = text("looks fearful", size).max(axis=0) < 0.1
        runs = "".join("x" if e else " " for e in empty).split()
        assert max(map(len, runs)) >= 2
