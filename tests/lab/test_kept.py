"""What an interrupted run need not compute again."""

import numpy as np
import pytest

from howifeel.lab.kit import kept
from howifeel.lab.kit.out import Out


def test_an_array_is_computed_once_for_each_key(tmp_path):
    out = Out(tmp_path, tmp_path)
    asked = []

    def compute():
        asked.append(1)
        return np.array([[1.5, np.nan]], np.float32)

    first = kept.array(out, {"c": 1, "seed": 2}, compute)
    again = kept.array(Out(tmp_path, tmp_path), {"seed": 2, "c": 1}, compute)
    np.testing.assert_array_equal(first, again)
    assert again.dtype == np.float32
    assert len(asked) == 1
    kept.array(out, {"c": 2, "seed": 2}, compute)
    assert len(asked) == 2


def test_what_failed_is_not_kept(tmp_path):
    out = Out(tmp_path, tmp_path)
    with pytest.raises(ZeroDivisionError):
        kept.array(out, {}, lambda: np.array(1 / 0))
    assert not list(tmp_path.iterdir())
    assert kept.array(out, {}, lambda: np.array([1])).tolist() == [1]
