import json
from pathlib import Path

import pytest

from howifeel.annotate import Outcome
from howifeel.cli.outcome import as_json, in_words


@pytest.mark.parametrize("frames", [1, 20])
def test_names_of_files_cannot_command_the_terminal(frames):
    odd = Path("out/\x1b]0;title\x07\n.mp4")
    outcome = Outcome("a.mp4", (odd, Path("b.csv")), frames, 2.0, {}, ())
    said = in_words(outcome, "cpu")
    assert said.isprintable()
    assert said.endswith(" -> out/\\x1b]0;title\\x07\\n.mp4, b.csv")
    assert json.loads(as_json(outcome, "cpu"))["written"] == [str(odd), "b.csv"]
