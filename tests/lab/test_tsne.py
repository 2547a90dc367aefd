"""Maps of features: which pictures they are of, and what cannot be measured."""

from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from howifeel.errors import SettingsError  # noqa: E402
from howifeel.lab import tsne  # noqa: E402
from howifeel.lab.kit import drawn, study  # noqa: E402
from howifeel.lab.kit.out import Out  # noqa: E402
from howifeel.train.data import DataError  # noqa: E402

SMALL = tsne.Options(model="howifeel", perplexity=5, neighbours=3, device="cpu")


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Runs with the shipped model on drawn faces of which so many of each label are kept."""

    def run(options, *, kept):
        faces = drawn.faces(1, 12)
        places = [np.flatnonzero(faces.labels == label)[:most] for label, most in kept.items()]
        some = faces.where(np.sort(np.concatenate(places)))
        monkeypatch.setattr(study, "faces", lambda options: (some, "drawn faces"))
        begun = []
        out = Out(tmp_path, tmp_path, lambda *progress: begun.append(progress))
        try:
            return tsne.run(options, out)
        except (DataError, SettingsError):
            assert not begun
            raise

    return run


def neighbours(result):
    return [number for number in result.numbers if "neighbours in the" in number.name]


def test_an_expression_without_pictures_takes_no_figures_away(run):
    result = run(SMALL, kept={0: 99, 3: 99, 6: 99})
    assert len(neighbours(result)) == 2
    assert "5-fold cross-validation" in result.protocol


def test_a_rare_expression_leaves_the_neighbours_out_and_is_named(run):
    result = run(SMALL, kept={0: 99, 3: 99, 6: 4})
    assert not neighbours(result)
    assert "5-fold" not in result.protocol
    meaning = " ".join(result.meaning)
    assert "fewer than 5 of neutral, too few" in meaning
    assert "last layer adds little" not in meaning


def test_protocol_counts_the_pictures_that_were_used(run):
    faces = drawn.faces(1, 12).part("PublicTest")
    result = run(replace(SMALL, shown=50), kept=dict.fromkeys(range(7), 99))
    used = next(number for number in result.numbers if number.name.startswith("accuracy"))
    assert used.value == pytest.approx(round(used.value * 49) / 49)
    assert result.protocol.startswith(f"49 of {len(faces)} pictures of PublicTest of drawn faces,")
    assert "n = " not in result.protocol


@pytest.mark.parametrize(
    ("given", "kept", "said"),
    [
        ({"neighbours": 30}, {0: 99, 3: 99}, "--neighbours 30 cannot be found among the 19 other"),
        ({"perplexity": 12.0}, {0: 99, 3: 99}, "--perplexity 12 needs more than 36 pictures"),
        ({"perplexity": 2.0}, {3: 99}, "show one expression"),
    ],
)
def test_too_few_pictures_are_said_before_any_work(run, given, kept, said):
    with pytest.raises((SettingsError, DataError), match=said):
        run(replace(SMALL, **given), kept=kept)
