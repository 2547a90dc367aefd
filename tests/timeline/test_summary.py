import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import face, moment, reading
from howifeel import emotions
from howifeel.timeline import Summary, write_sidecar
from howifeel.types import Moment, Provenance


def summary(stream):
    result = Summary()
    for each in stream:
        result.add(each)
    return result.as_dict()


def at(time_s, *readings, gap=None):
    return Moment(0, time_s, readings, gap or (None if readings else "no face"))


tops = st.sampled_from(emotions.NAMES)
found = st.lists(st.builds(reading, tops, st.floats(0.3, 1), unsure=st.booleans()), max_size=4)
reasons = st.sampled_from(("no face", "too small", "blurred"))
streams = st.lists(st.tuples(st.floats(0, 1e4), found, reasons), max_size=20).map(
    lambda parts: [at(time_s, *of, gap=None if of else gap) for time_s, of, gap in sorted(
        parts, key=lambda part: part[0]
    )]
)  # fmt: skip


@given(streams)
def test_every_frame_has_a_face_or_a_gap(stream):
    result = summary(stream)
    assert result["frames"] == len(stream)
    assert result["frames_with_face"] + sum(result["gaps"].values()) == len(stream)
    if stream:
        assert result["coverage"] == pytest.approx(
            result["frames_with_face"] / len(stream), abs=1e-5
        )


@given(streams)
def test_the_shares_of_time_sum_to_one(stream):
    result = summary(stream)
    if result["unsure_share"] is None:
        return
    shares = [*result["time_share"].values(), result["unsure_share"]]
    assert sum(shares) == pytest.approx(1, abs=1e-4)
    assert sum(result["mean_probability"].values()) == pytest.approx(1, abs=1e-4)


def test_shares_weigh_by_how_long_a_frame_lasts():
    happy, sad = reading("happy", 0.8), reading("sad", 0.8)
    result = summary([at(0.0, happy), at(3.0, sad), at(4.0)])
    assert result["duration_s"] == 5.0
    assert result["time_share"]["happy"] == 0.75
    assert result["time_share"]["sad"] == 0.25
    assert result["mean_probability"]["happy"] == pytest.approx(
        0.75 * 0.8 + 0.25 * 0.2 / 6, abs=1e-5
    )


def test_unsure_time_counts_for_no_expression():
    stream = [at(0.0, reading("happy", unsure=True)), at(1.0, reading("happy"))]
    result = summary(stream)
    assert (result["unsure_share"], result["time_share"]["happy"]) == (0.5, 0.5)


def test_gaps_are_counted_by_reason():
    stream = [moment(0), moment(1, gap="blurred"), moment(2, gap="blurred"), moment(3, reading())]
    result = summary(stream)
    assert result["gaps"] == {"no face": 1, "too small": 0, "blurred": 2, "deleted": 0}
    assert result["coverage"] == 0.25


def test_tracks_and_the_most_faces_are_counted():
    one, two = reading(of=face(track=1)), reading(of=face(track=2))
    result = summary([moment(0, one), moment(1, one, two), moment(2, two)])
    assert (result["tracks"], result["faces_max"]) == (2, 2)


def test_a_lone_picture_has_shares_but_no_duration():
    result = summary([at(0.0, reading("happy"), reading("sad"))])
    assert result["duration_s"] == 0
    assert result["time_share"]["happy"] == result["time_share"]["sad"] == 0.5


def test_nothing_read_leaves_the_shares_open():
    for stream in ([], [at(0.0), at(1.0)]):
        result = summary(stream)
        assert result["unsure_share"] is None
        assert set(result["time_share"].values()) == {None}


def test_reading_the_statistics_early_changes_nothing():
    stream = [at(0.0, reading("happy")), at(1.0, reading("sad")), at(5.0)]
    looked = Summary()
    for each in stream:
        looked.add(each)
        looked.as_dict()
    assert looked.as_dict() == summary(stream)


def test_the_sidecar_holds_origin_and_summary(tmp_path):
    origin = Provenance(
        "zoë.mp4", "howifeel.onnx", "ab" * 32, "caffe_ssd", None, "cpu", {"hold": 0.1}, "0.1.0"
    )
    counted = Summary()
    counted.add(moment(0, reading()))
    write_sidecar(tmp_path / "a.json", origin, counted, ["cut short"])
    text = (tmp_path / "a.json").read_text("utf-8")
    content = json.loads(text)
    assert list(content) == [
        "source", "model", "model_sha256", "detector", "detector_sha256", "device", "settings",
        "version", "not_shipped", "summary", "notes",
    ]  # fmt: skip
    assert content["notes"] == ["cut short"]
    assert content["source"] == "zoë.mp4"
    assert content["settings"] == {"hold": 0.1}
    assert content["summary"] == counted.as_dict()
    assert '\n  "source": "zoë.mp4"' in text
