import numpy as np
import pytest

import clips
import fakes
from howifeel.annotate import Job, annotate
from howifeel.config import Settings
from howifeel.engine import Engine
from howifeel.errors import OutputError
from howifeel.types import Box, Face
from howifeel.video import open_source

FRAMES = 4
FACE = Face(Box(20, 20, 100, 100), 0.9)


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    path = tmp_path_factory.mktemp("clips") / "noise.mp4"
    return clips.write_clip(path, frames=FRAMES, picture=lambda n: clips.noise(n, 160, 120))


def run(film, out, *overlays, maps):
    detector = fakes.FakeDetector(*[[FACE]] * FRAMES)
    engine = Engine(detector, fakes.FakeClassifier(maps=maps), Settings())
    return annotate(Job(str(film), out, overlays=overlays), engine)


def pictures(path):
    with open_source(str(path)) as source:
        return [frame.image.astype(int) for frame in source]


def test_the_heat_overlay_gets_its_heat(film, tmp_path):
    warm = run(film, tmp_path / "warm.mp4", "heat", maps=True)
    cold = run(film, tmp_path / "cold.mp4", "heat", maps=False)
    assert warm.notes == ()
    assert cold.notes == (
        "fake.onnx brings no activation maps, so no heat is drawn; use another model.",
    )
    change = np.abs(np.subtract(pictures(warm.written[0]), pictures(cold.written[0])))
    hot, beyond = change[:, 30:50, 30:50].mean(), change[:, :, 120:].mean()
    assert hot > 10 * beyond


def test_a_target_that_appears_meanwhile_keeps_the_others_away(film, tmp_path):
    job = Job(str(film), tmp_path / "a.mp4", tmp_path / "a.csv", tmp_path / "a.html")
    engine = Engine(fakes.FakeDetector(*[[FACE]] * FRAMES), fakes.FakeClassifier(), Settings())
    with pytest.raises(OutputError, match=r"a\.csv appeared meanwhile"):
        annotate(job, engine, lambda progress: job.timeline.write_text("precious"))
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]
    assert job.timeline.read_text() == "precious"


def test_other_overlays_need_no_heat(film, tmp_path):
    assert run(film, tmp_path / "out.mp4", "boxes", maps=False).notes == ()


def test_a_blurred_video_shows_no_face(film, tmp_path):
    hidden = run(film, tmp_path / "hidden.mp4", "blur", maps=False)
    for image in pictures(hidden.written[0]):
        face = image[FACE.box.y0 : FACE.box.y1, FACE.box.x0 : FACE.box.x1]
        beyond = image[:, 140:]
        assert face.std() < 0.3 * beyond.std()
