import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import face, moment, reading
from howifeel.timeline import writer_for

FPS = 25


def label(top, track=1):
    return reading(top, of=face(track=track))


def cues(tmp_path, stream):
    with writer_for(tmp_path / "a.srt") as writer:
        for each in stream:
            writer.add(each)
    return parsed((tmp_path / "a.srt").read_text("utf-8"))


def parsed(text):
    result = []
    for number, block in enumerate(text.split("\n\n")[:-1], start=1):
        first, times, words = block.split("\n")
        assert first == str(number)
        assert re.fullmatch(r"\d\d:[0-5]\d:[0-5]\d,\d{3} --> \d\d:[0-5]\d:[0-5]\d,\d{3}", times)
        result.append((*map(seconds, times.split(" --> ")), words))
    return result


def seconds(clock):
    hours, minutes, rest = clock.split(":")
    return 3600 * int(hours) + 60 * int(minutes) + float(rest.replace(",", "."))


def frames(*parts):
    """A stream from (seconds, readings) parts."""
    stream = []
    for lasts_s, *readings in parts:
        stream += [moment(len(stream) + n, *readings) for n in range(round(lasts_s * FPS))]
    return stream


def test_equal_labels_become_one_cue(tmp_path):
    assert cues(tmp_path, frames((2, label("happy")))) == [(0, 2, "Face 1: looks happy")]


def test_a_change_of_label_starts_the_next_cue_at_once(tmp_path):
    assert cues(tmp_path, frames((2, label("happy")), (1, label("sad")))) == [
        (0, 2, "Face 1: looks happy"),
        (2, 3, "Face 1: looks sad"),
    ]


def test_a_short_interruption_is_closed(tmp_path):
    stream = frames((2, label("happy")), (0.3,), (2, label("happy")))
    assert cues(tmp_path, stream) == [(0, pytest.approx(4.3, abs=0.05), "Face 1: looks happy")]
    stream = frames((2, label("happy")), (0.3, label("fear")), (2, label("happy")))
    assert cues(tmp_path, stream) == [(0, pytest.approx(4.3, abs=0.05), "Face 1: looks happy")]


def test_a_long_pause_ends_the_cue_where_the_face_was_lost(tmp_path):
    assert cues(tmp_path, frames((2, label("happy")), (1,), (2, label("happy")))) == [
        (0, 2, "Face 1: looks happy"),
        (3, 5, "Face 1: looks happy"),
    ]


def test_a_short_sight_makes_no_cue(tmp_path):
    stream = frames((1,), (0.2, label("fear")), (1,), (2, label("happy", track=2)))
    assert [words for *_, words in cues(tmp_path, stream)] == ["Face 2: looks happy"]


def test_unsure_is_said_and_names_no_expression(tmp_path):
    unsure = reading("sad", unsure=True)
    assert cues(tmp_path, frames((1, unsure))) == [(0, 1, "Face 1: unsure")]


def test_a_long_cue_is_divided_without_a_pause(tmp_path):
    found = cues(tmp_path, frames((25, label("neutral"))))
    assert [cue[:2] for cue in found] == [(0, 10), (10, 20), (20, 25)]


def test_two_faces_have_their_own_cues_in_the_order_of_time(tmp_path):
    one, two = label("neutral", track=1), label("happy", track=2)
    found = cues(tmp_path, frames((1, one), (2, one, two), (1, one)))
    assert found == [(0, 4, "Face 1: looks neutral"), (1, 3, "Face 2: looks happy")]


labels = st.lists(
    st.tuples(st.sampled_from([1, 2]), st.sampled_from(["happy", "sad", "fear"])),
    max_size=2,
    unique_by=lambda pair: pair[0],
)


@given(st.lists(st.tuples(st.floats(0.04, 3), labels), max_size=12))
def test_cues_are_sorted_long_enough_and_never_overlap_in_one_track(tmp_path_factory, parts):
    stream = frames(*[(s, *[label(top, track) for track, top in pairs]) for s, pairs in parts])
    found = cues(tmp_path_factory.mktemp("srt"), stream)
    assert found == sorted(found, key=lambda cue: cue[0])
    ends = {}
    for start, end, words in found:
        assert 0.499 <= end - start <= 10.05
        track = words.split(":")[0]
        assert start >= ends.get(track, 0)
        ends[track] = end


def test_memory_stays_flat_beside_a_face_that_never_changes(tmp_path):
    with writer_for(tmp_path / "a.srt") as writer:
        for n in range(20 * 60 * 5):
            changing = label(("happy", "sad")[n // 5 % 2], track=2)
            writer.add(moment(n, label("neutral"), changing, fps=5))
            assert len(writer._ended) <= 12
