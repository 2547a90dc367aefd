"""What is kept of the picture."""

import numpy as np
import pytest

import media
import shared
from builders import face, moment, reading
from clips import decoded_sound, noise, write_clip
from howifeel import engine
from howifeel.config import Settings
from howifeel.session import Store
from howifeel.session.pictures import AHEAD_S, Hider
from howifeel.types import Moment
from howifeel.video import open_source
from recordings import ORIGIN, record

TICKS = tuple(int(tick) for tick in np.cumsum([0, 33, 100, 7, 250, 33, 33, 1000, 40, 50]))


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "sessions")


def blobs(n):
    """Smooth, so that it survives encoding; every picture differs."""
    picture = np.zeros((64, 96, 3), np.uint8)
    picture[:, :, 0], picture[20:40, :, 1] = 40 + 4 * n, 200
    return picture


def test_pictures_keep_their_times(store):
    moments = [Moment(n, 7 + tick / 1000, gap="no face") for n, tick in enumerate(TICKS)]
    session = store.open(record(store, *moments, picture=blobs, keep="full"))
    assert media.probe(session.video).times == pytest.approx(session.table.time_s, abs=1e-3)
    assert session.video_offset_s == 0
    assert session.keeps_video
    with open_source(session.video) as source:
        shown = [frame.image[50, 10, 0] for frame in source]
    assert shown == pytest.approx([40 + 4 * n for n in range(len(TICKS))], abs=3)


def test_sound_belongs_to_its_pictures_wherever_the_recording_begins(tmp_path, store):
    clip = write_clip(tmp_path / "a.mkv", frames=100, sound=("pcm",), sound_s=4)
    with open_source(clip) as source:
        recorder = store.record("", source.info, ORIGIN, "full", sound_from=clip)
        for frame in source:
            if 1.0 <= frame.time_s < 3.0:
                recorder.add(frame, Moment(frame.index, frame.time_s, gap="no face"))
    session = store.open(recorder.finish().id)
    assert media.probe(session.video).times[0] == 0
    whole, kept = decoded_sound(clip), decoded_sound(session.video)
    assert len(kept) == pytest.approx(2 * 48_000, abs=4_800)
    begin = media.probe(session.video).sound_times[0][0]
    first = round((1 + begin) * 48_000)
    assert np.abs(kept[:4_800] - whole[first : first + 4_800]).max() < 1e-3


def test_a_session_without_pictures_refers_to_its_file(tmp_path, store):
    clip = write_clip(tmp_path / "a.mp4")
    moments = [Moment(n, 0.4 + n / 25, gap="no face") for n in range(5)]
    id = record(store, *moments, sound_from=clip)
    session = store.open(id)
    assert (session.video, session.video_offset_s, session.keeps_video) == (clip, 0.4, False)
    clip.unlink()
    assert store.open(id).video is None


@pytest.mark.parametrize("keep", ["blurred", "full"])
def test_a_lost_picture_is_not_replaced_by_the_file(tmp_path, store, keep):
    clip = write_clip(tmp_path / "a.mp4")
    id = record(store, moment(0), moment(1), keep=keep, sound_from=clip)
    (store.folder / id / "video.mkv").unlink()
    session = store.open(id)
    assert (session.video, session.info.picture) == (None, keep)


def test_every_face_is_hidden_and_nothing_else(store):
    seen = face(8, 8, 16, track=1)
    small = face(60, 30, 12, track=2)
    moments = [Moment(n, n / 25, (reading(of=seen),), unread=(small,)) for n in range(10)]
    texture = np.kron(noise(0, 48, 32), np.ones((2, 2, 1), np.uint8))
    full, blurred = (
        store.open(record(store, *moments, picture=texture, keep=keep))
        for keep in ("full", "blurred")
    )
    with open_source(full.video) as one, open_source(blurred.video) as other:
        change = [
            np.abs(a.image.astype(int) - b.image).mean(2) for a, b in zip(one, other, strict=True)
        ]
    for difference in change:
        for hidden in (seen, small):
            box = hidden.box
            assert difference[box.y0 : box.y1, box.x0 : box.x1].mean() > 25
        assert difference[:, 84:].mean() < 10


def test_a_face_is_hidden_before_it_was_first_found():
    hider, picture = Hider(), noise(0, 96, 64)
    stream = [moment(n) for n in range(40)]
    stream[30:] = [moment(n, reading(of=face(30, 20, 20, track=1))) for n in range(30, 40)]
    shown = [item for each in stream for item in hider.add(picture, each)] + hider.rest()
    assert [time_s for _, time_s in shown] == [each.time_s for each in stream]
    changed = [time_s for image, time_s in shown if (image != picture).any()]
    assert changed[0] == pytest.approx(stream[30].time_s - AHEAD_S, abs=0.05)
    assert changed == [each.time_s for each in stream if each.time_s >= changed[0]]


def test_large_pictures_do_not_fill_the_memory():
    hider, picture = Hider(), np.zeros((4000, 3000, 3), np.uint8)
    waiting = 0
    for n in range(8):
        waiting += 1 - len(hider.add(picture, moment(n)))
    assert waiting <= 3


def test_in_a_blurred_recording_of_a_real_person_no_face_is_found(store):
    clip = shared.existing("videos", "driving_d10.mp4")
    loaded = engine.load(Settings())
    with open_source(clip) as source:
        recorder = store.record("", source.info, ORIGIN, "blurred", sound_from=clip)
        analyser = loaded.analyser()
        for frame in source:
            recorder.add(frame, analyser.read(frame))
            if frame.index == 60:
                break
    session = store.open(recorder.finish().id)
    assert (session.table.gap < 0).mean() > 0.9
    with open_source(session.video) as source:
        found = [len(loaded.detector.detect(frame)) for frame in source]
    assert len(found) == 61
    assert sum(map(bool, found)) <= 2
