import io
import json
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

import fakes
from howifeel import emotions
from howifeel.classify import Answer
from howifeel.cli.train import main
from howifeel.config import Settings
from howifeel.engine import Engine
from howifeel.train import end_to_end
from howifeel.train.data import DataError
from howifeel.train.scores import score, table
from howifeel.types import Box, Face

SHADE = {name: 30 + 30 * position for position, name in enumerate(emotions.NAMES)}


class Shades:
    """Names the expression that a picture's shade of blue stands for, in its largest face."""

    name, sha256, device, notes, spec = "shades", "0", "cpu", (), fakes.SPEC

    def classify(self, frame, faces):
        (face,) = faces
        assert face.box.width == 60
        blue = int(frame.image[30, 30, 0])
        probs = np.full((1, 7), 0.05, np.float32)
        probs[0, round((blue - 30) / 30)] = 0.7
        return Answer(probs, None)


class TwoFaces:
    """A large and a small face in pictures that are not black."""

    name, sha256 = "two faces", None

    def detect(self, frame):
        if frame.image[30, 30].max() < 10:
            return ()
        return Face(Box(70, 0, 100, 30), 0.99), Face(Box(0, 0, 60, 60), 0.9)


def picture(shade):
    image = np.zeros((80, 100, 3), np.uint8)
    image[..., 2] = shade  # blue in RGB
    generator = np.random.default_rng(0)
    image[..., 1] = generator.integers(0, 255, image.shape[:2]) * (shade > 0)  # sharp
    return Image.fromarray(image)


@pytest.fixture
def folder(tmp_path):
    """Two happy and one sad picture, one happy one without a face, one of contempt."""
    for label, name, shade in (
        ("happiness", "1.png", SHADE["happy"]),
        ("happiness", "2.png", SHADE["surprise"]),
        ("happiness", "none.png", 0),
        ("Sad", "1.png", SHADE["sad"]),
        ("contempt", "1.png", SHADE["sad"]),
    ):
        (tmp_path / label).mkdir(exist_ok=True)
        picture(shade).save(tmp_path / label / name)
    (tmp_path / "Sad" / "notes.txt").write_text("not a picture")
    return tmp_path


def engine():
    return Engine(TwoFaces(), Shades(), Settings())


def scores(answers):
    raw, calibrated = answers.probs["raw"], answers.probs["calibrated"]
    return score(raw, calibrated, answers.labels, 0.5, "test", answers.missed)


def test_a_missed_face_is_an_error_and_other_labels_are_left_out(folder):
    answers = end_to_end.read(folder, engine())
    assert (len(answers.labels), len(answers.missed), answers.unknown) == (3, 1, 1)
    found = scores(answers)
    assert (found.count, found.missed) == (4, 1)
    assert found.accuracy == pytest.approx(2 / 4)
    assert found.recall["happy"] == pytest.approx(1 / 3)
    assert found.recall["sad"] == 1
    assert found.covered == pytest.approx(3 / 4)
    assert np.sum(found.confusion) == 3
    assert "(n = 4, 1 without a usable face)" in table([found])
    assert "disgust -" in table([found])


def test_macro_f1_and_small_counts_say_what_they_are_of(folder):
    found = scores(end_to_end.read(folder, engine()))  # one happy face is read as surprise
    assert found.counts == dict.fromkeys(emotions.NAMES, 0) | {"happy": 3, "sad": 1}
    assert found.macro_f1 == pytest.approx((2 * 1 / (3 + 1) + 1) / 2)
    assert found.as_dict()["counts"] == found.counts
    text = table([found])
    assert "macro F1  0.7500 (mean of the 2 that have pictures)" in text
    assert "happy 33.3% (n = 3)  sad 100.0% (n = 1)  surprise -" in text


def test_all_seven_and_many_pictures_need_no_explanation():
    labels = np.repeat(np.arange(7), 30)
    answers = np.eye(7)[labels]
    text = table([score(answers, answers, labels, 0.5, "test")])
    assert "macro F1  1.0000   NLL" in text
    assert text.count("n = ") == 1


@pytest.mark.parametrize("words", [[], ["--json"]])
def test_it_is_told_which_answers_the_program_uses(folder, words, monkeypatch, capsys):
    bias = (0.0,) * 6 + (1.0,)
    for spec, told in ((replace(fakes.SPEC, bias=bias), 1), (fakes.SPEC, 0)):
        monkeypatch.setattr(Shades, "spec", spec)
        monkeypatch.setattr(end_to_end.engine, "load", lambda settings: engine())
        assert main(["evaluate", "--end-to-end", str(folder), *words]) == 0
        printed = capsys.readouterr()
        text = printed.err if words else printed.out
        assert text.count("howifeel-video show the answers") == told
        assert printed.out.count(", corrected for the camera") == told


def test_the_halves_are_every_other_picture(folder):
    halves = [end_to_end.read(folder, engine(), half) for half in ("first", "second")]
    counts = [len(each.labels) + len(each.missed) + each.unknown for each in halves]
    assert counts == [3, 2]
    whole = end_to_end.read(folder, engine())
    assert sum(len(each.labels) for each in halves) == len(whole.labels)


def test_parquet_gives_the_same_as_folders(folder, tmp_path):
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    rows = []
    for path in sorted(folder.glob("*/*.png")):
        rows.append({"image": {"bytes": path.read_bytes()}, "label": path.parent.name})
    parquet = tmp_path / "pictures.parquet"
    pq.write_table(pa.Table.from_pylist(rows), parquet)
    first, second = (scores(end_to_end.read(data, engine())) for data in (folder, parquet))
    assert first.as_dict() == second.as_dict()


def test_numbers_are_labels_in_our_order_or_in_that_of_the_file(tmp_path):
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    buffer = io.BytesIO()
    picture(SHADE["fear"]).save(buffer, "PNG")
    rows = [{"image": {"bytes": buffer.getvalue()}, "label": emotions.NAMES.index("fear")}]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "one.parquet")
    assert scores(end_to_end.read(tmp_path, engine())).recall["fear"] == 1
    names = ["contempt", "sad", "fear"]
    info = {"info": {"features": {"label": {"names": names, "_type": "ClassLabel"}}}}
    table = pa.table({"image": [rows[0]["image"]] * 3, "label": [2, 0, 0]})
    table = table.replace_schema_metadata({"huggingface": json.dumps(info)})
    pq.write_table(table, tmp_path / "one.parquet")
    answers = end_to_end.read(tmp_path, engine())
    assert answers.labels.tolist() == [emotions.NAMES.index("fear")]
    assert answers.unknown == 2


def test_mistakes_are_one_sentence(folder, tmp_path):
    with pytest.raises(DataError, match="no pictures at"):
        end_to_end.read(tmp_path / "nowhere", engine())
    (folder / "happiness" / "2.png").write_bytes(b"junk")
    with pytest.raises(DataError, match=r"2\.png is damaged"):
        end_to_end.read(folder, engine())
    empty = tmp_path / "empty" / "happy"
    empty.mkdir(parents=True)
    with pytest.raises(DataError, match="no face was found"):
        end_to_end.read(empty.parent, engine())
    broken = tmp_path / "broken.parquet"
    broken.write_bytes(b"junk")
    with pytest.raises(DataError, match="no Parquet file"):
        end_to_end.read(broken, engine())
