"""The list that says whom a film shows."""

import pytest

from howifeel.compare.participants import by_list
from howifeel.errors import SettingsError


@pytest.mark.timeout(20)
def test_a_pipe_in_the_place_of_the_list_is_not_waited_for(pipe, tmp_path):
    with pytest.raises(SettingsError, match=r"a table .it is a pipe"):
        by_list(["talk.mp4"], pipe(tmp_path / "people.csv"))
