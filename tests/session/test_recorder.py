import numpy as np
import pytest

import media
from builders import face, moment, reading
from fakes import without_locks
from howifeel.errors import OutputError
from howifeel.session import Marker, Store
from howifeel.timeline.rows import to_rows
from howifeel.types import Moment
from recordings import CAMERA, ORIGIN, add


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "sessions")


def rows(moments):
    return [row for each in moments for row in to_rows(each)]


def test_what_is_recorded_is_what_is_opened(store):
    recorder = store.record("A talk", CAMERA, ORIGIN, consent="I agree.")
    wanted = [moment(0, reading("sad")), moment(1), moment(2, reading(of=face(track=2)))]
    add(recorder, *wanted)
    info = recorder.finish()
    session = store.open(info.id)
    assert rows(session.timeline.moments) == rows(wanted)
    assert session.info == info == store.list()[0]
    assert (info.frames, info.faces, info.duration_s) == (3, 2, pytest.approx(0.12))
    assert (info.name, info.source, info.consent) == ("A talk", "camera 0", "I agree.")
    assert (info.provenance, info.picture, session.video) == (ORIGIN, "none", None)
    assert sorted(p.name for p in session.folder.iterdir()) == ["session.json", "timeline.parquet"]


def test_a_file_system_without_locks_can_be_recorded_to(store, monkeypatch):
    without_locks(monkeypatch)
    recorder = store.record("A talk", CAMERA, ORIGIN)
    add(recorder, moment(0, reading("sad")))
    with pytest.raises(OutputError, match="No locks available"):
        store.recover()
    assert recorder.finish().frames == 1


def test_time_and_index_count_from_the_first_frame(store):
    recorder = store.record("", CAMERA, ORIGIN)
    add(recorder, Moment(900, 30.0, gap="no face"), Moment(902, 30.5, gap="no face"))
    marker = recorder.mark("here")
    session = store.open(recorder.finish().id)
    assert [(m.index, m.time_s) for m in session.timeline.moments] == [(0, 0.0), (2, 0.5)]
    assert session.info.offset_s == 30.0
    assert session.info.markers == (marker,) == (Marker(0.5, "here"),)


def test_a_clock_that_starts_anew_is_joined_on(store):
    recorder = store.record("", CAMERA, ORIGIN)
    add(recorder, moment(0), moment(50), moment(0), moment(1))
    times = store.open(recorder.finish().id).table.time_s
    assert (np.diff(times) > 0).all()
    assert times[3] - times[2] == pytest.approx(0.04)


def test_a_broken_video_does_not_take_the_numbers_with_it(store):
    recorder = store.record("", CAMERA, ORIGIN, "full")
    add(recorder, *(moment(n) for n in range(50)))
    with pytest.raises(OutputError, match="no longer 96 x 64 pixels large"):
        add(recorder, moment(50), picture=np.zeros((32, 32, 3), np.uint8))
    session = store.open(recorder.finish().id)
    assert session.table.frames == 51
    assert len(media.probe(session.video).times) == 50


def test_baselines_are_kept_and_taken_back(store):
    recorder = store.record("", CAMERA, ORIGIN)
    add(recorder, moment(0, reading()))
    recorder.set_baseline(1, np.full(7, 1 / 7))
    recorder.set_baseline(2, np.full(7, 1 / 7))
    recorder.set_baseline(2, None)
    assert store.open(recorder.finish().id).info.baselines == {1: (1 / 7,) * 7}


def test_an_empty_recording_leaves_nothing(store):
    with pytest.raises(OutputError, match="Nothing was recorded"):
        store.record("", CAMERA, ORIGIN).finish()
    assert list(store.folder.iterdir()) == []


def test_a_discarded_recording_leaves_nothing(store):
    recorder = store.record("", CAMERA, ORIGIN)
    add(recorder, moment(0))
    recorder.discard()
    assert list(store.folder.iterdir()) == []


def test_two_recordings_of_one_name_and_second_get_names_of_their_own(store):
    both = [store.record("same", CAMERA, ORIGIN) for _ in range(2)]
    for recorder in both:
        add(recorder, moment(0))
    assert len({recorder.finish().id for recorder in both}) == len(store.list()) == 2


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="choose another folder"):
        Store(tmp_path / "file").record("", CAMERA, ORIGIN)
