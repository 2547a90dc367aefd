import re

import pytest

from howifeel.errors import SourceError
from howifeel.video import open_source


def read(path):
    with open_source(path) as source:
        return list(source), source.damage


def fails(path):
    """The one sentence that a user reads."""
    with pytest.raises(SourceError) as caught, open_source(path):
        pass
    sentence = str(caught.value)
    assert re.fullmatch(r"[^\n]+\.", sentence)
    return sentence
