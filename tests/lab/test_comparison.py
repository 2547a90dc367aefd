"""P-values of runs, where there are any."""

import pytest

from howifeel.lab.kit import comparison, intervals


class TestPaired:
    def test_a_single_run_tells_nothing(self):
        assert intervals.paired([0.1]) is None

    def test_equal_gains_have_no_p_value_and_are_not_called_chance(self):
        assert intervals.paired([0.1, 0.1]) is None
        assert intervals.paired([0.0, 0.0]) == 1

    def test_p_is_that_of_scipy(self):
        from scipy import stats

        changes = [0.02, 0.05, 0.01]
        assert intervals.paired(changes) == pytest.approx(stats.ttest_1samp(changes, 0).pvalue)


def test_ways_without_a_test_are_not_counted_as_questions():
    found = comparison.table(
        "t", "way", {"plain": [0.5, 0.5], "same": [0.5, 0.75], "one": [0.75, 0.75]}, "plain"
    )
    rows = {row[0]: row[3:] for row in found.rows}
    assert rows["one"] == ("-", "-")
    assert rows["same"][0] == rows["same"][1] == "0.5"
