"""What a data set is made of: whole parts, samples, parts that are missing."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from howifeel.lab import data  # noqa: E402
from howifeel.lab.kit import drawn, study  # noqa: E402
from howifeel.lab.kit.out import Out  # noqa: E402
from howifeel.train.data import PRIVATE, PUBLIC, TRAINING, FaceSet  # noqa: E402


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Runs on given faces."""

    def run(faces, **given):
        monkeypatch.setattr(study, "faces", lambda options: (faces, "mine"))
        return data.run(data.Options(copies="narrow", **given), Out(tmp_path, tmp_path))

    return run


def value(result, name):
    (found,) = [number.value for number in result.numbers if name in number.name]
    return found


def moved(faces, usage, votes=None):
    """The same faces as another part."""
    return FaceSet(faces.images, faces.labels, np.full(len(faces), usage), votes)


def test_a_sample_is_sought_in_the_whole_of_training(run):
    training = drawn.faces(40, 1).part(TRAINING)
    result = run(study.joined(training, moved(training, PUBLIC)), pictures=35)
    assert value(result, "PublicTest with a near or exact copy in Training") == 1
    assert value(result, "pictures in Training") == len(training)
    assert f"sought of 35 of the {len(training)} pictures of PublicTest, drawn" in result.protocol
    assert "sought of" not in run(study.joined(training, moved(training, PUBLIC))).protocol


def test_private_test_alone_shows_counts_and_no_picture(run):
    faces = drawn.faces(3, 3)
    result = run(moved(faces, PRIVATE, faces.votes))
    assert value(result, "pictures in PrivateTest") == len(faces)
    assert not [figure for figure in result.figures if figure.faces]
    assert "FER+" not in result.protocol


def test_votes_in_private_test_alone_are_not_looked_at(run):
    faces = drawn.faces(3, 3)
    none = FaceSet(faces.images, faces.labels, faces.usage, np.zeros_like(faces.votes))
    result = run(study.joined(none, moved(faces, PRIVATE, faces.votes)))
    assert not [number for number in result.numbers if "FER+" in number.name]


def test_shares_of_votes_are_of_the_pictures_with_votes(run):
    faces = drawn.faces(20, 5)
    votes = np.zeros_like(faces.votes)
    votes[:40] = faces.votes[:40]
    votes[:10] = 0
    votes[:10, 9] = 10
    result = run(FaceSet(faces.images, faces.labels, faces.usage, votes))
    assert value(result, "no face or unknown") == pytest.approx(10 / 40)
    assert 0.5 < value(result, "label equals the majority") <= 30 / 40
    assert "shares of the 40 pictures with votes" in result.protocol
