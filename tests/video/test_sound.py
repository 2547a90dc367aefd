"""Sound arrives as it was: the same packets at the same times, or at least the same tones."""

from fractions import Fraction

import av
import numpy as np
import pytest

import shared
from clips import corners, decoded_sound, write_clip, write_sound
from howifeel.video import VideoSink, open_source

CLIPS_WITH_SOUND = (
    "driving_d10.mp4", "driving_d11.mp4", "driving_d12.mp4", "driving_d3.mp4", "driving_d6.mp4",
    "face_noface.mov", "no_face.mp4", "short_hamilton_clip.mp4", "single_face.mp4",
    "source_s18.mp4",
)  # fmt: skip


def copy(path, target, frames=None, step=1):
    """Write a video anew: all its sound and every `step`-th picture, or its first `frames`."""
    with open_source(path) as source, VideoSink(target, source.info, sound_from=path) as sink:
        for frame in source:
            if frame.index % step == 0:
                sink.write(frame.image, frame.time_s)
            if frame.index + 1 == frames:
                sink.end_early()
                break
    return target, sink.notes


def packets(path, track=0):
    """Payload and begin in seconds of all packets of a sound track."""
    with av.open(str(path)) as file:
        stream = file.streams.audio[track]
        found = [(bytes(p), float(p.pts * p.time_base)) for p in file.demux(stream) if p.size]
    return [payload for payload, _ in found], [begin for _, begin in found]


def assert_same_packets(before, after, track=0, within_s=1e-6):
    payloads, begins = packets(before, track)
    found_payloads, found_begins = packets(after, track)
    assert found_payloads == payloads
    assert found_begins == pytest.approx(begins, abs=within_s)


@pytest.mark.parametrize(
    ("suffix", "format_of_sound"),
    [
        ("mp4", "aac"), ("mp4", "mp3"), ("mp4", "opus"), ("mov", "aac"), ("mov", "mp3"),
        ("mov", "pcm"), ("mkv", "aac"), ("mkv", "mp3"), ("mkv", "opus"), ("mkv", "pcm"),
    ],
)  # fmt: skip
def test_packets_are_copied(tmp_path, suffix, format_of_sound):
    path = write_clip(tmp_path / f"a.{suffix}", sound=(format_of_sound,))
    target, notes = copy(path, tmp_path / f"b.{suffix}")
    assert_same_packets(path, target)
    assert notes == ()


def test_packets_are_copied_into_another_container(tmp_path):
    path = write_clip(tmp_path / "a.mp4", sound=("aac",))
    target, notes = copy(path, tmp_path / "b.mkv")
    assert_same_packets(path, target, within_s=0.6e-3)
    assert notes == ()


def test_opus_stays_in_webm(tmp_path):
    path = write_clip(tmp_path / "a.webm", codec="libvpx-vp9", sound=("opus",))
    target, notes = copy(path, tmp_path / "b.webm")
    assert_same_packets(path, target, within_s=1.1e-3)
    assert notes == ()


@pytest.mark.parametrize("name", CLIPS_WITH_SOUND)
def test_packets_of_real_clips(tmp_path, name):
    path = shared.existing("videos", name)
    target, notes = copy(path, tmp_path / f"b{path.suffix}", step=25)
    assert_same_packets(path, target, within_s=1e-4)
    assert notes == ()


def test_all_tracks_with_their_languages(tmp_path):
    path = write_clip(tmp_path / "a.mkv", sound=("aac", "mp3"), languages=("deu", "eng"))
    target, _ = copy(path, tmp_path / "b.mkv")
    for track in (0, 1):
        assert_same_packets(path, target, track)
    with av.open(str(target)) as file:
        assert [track.language for track in file.streams.audio] == ["deu", "eng"]


@pytest.mark.parametrize(
    ("suffix", "target_suffix", "format_of_sound", "expected"),
    [("mp4", "webm", "aac", "opus"), ("mkv", "mov", "opus", "aac"), ("mkv", "webm", "pcm", "opus")],
)
def test_what_does_not_fit_is_converted(tmp_path, suffix, target_suffix, format_of_sound, expected):
    path = write_clip(tmp_path / f"a.{suffix}", frames=50, sound=(format_of_sound,))
    target, notes = copy(path, tmp_path / f"b.{target_suffix}")
    assert len(notes) == 1
    assert "converted" in notes[0]
    with av.open(str(target)) as file:
        assert file.streams.audio[0].codec_context.codec.canonical_name == expected
    before, after = decoded_sound(path), decoded_sound(target)
    assert len(after) == pytest.approx(len(before), abs=4000)
    assert loudest_hertz(after) == pytest.approx(loudest_hertz(before), abs=2)
    assert np.std(after) == pytest.approx(np.std(before), rel=0.1)


def loudest_hertz(samples):
    middle = samples[len(samples) // 4 : -len(samples) // 4]
    return np.abs(np.fft.rfft(middle)).argmax() * 48_000 / len(middle)


def test_sound_of_a_broadcast_starts_with_its_pictures(tmp_path):
    hour = 3600 * 90_000
    path = write_clip(
        tmp_path / "a.ts", frames=25, sound=(), time_base=Fraction(1, 90_000),
        ticks=[hour + 3600 * index for index in range(25)],
    )  # fmt: skip
    target, _ = copy(path, tmp_path / "b.mp4")
    with av.open(str(target)) as file:
        assert file.streams.video[0].start_time * file.streams.video[0].time_base < 1

    path = write_clip(tmp_path / "c.ts", frames=25, sound=("aac",))
    target, _ = copy(path, tmp_path / "d.mp4")
    with av.open(str(path)) as before, av.open(str(target)) as after:
        lead_before, lead_after = (
            file.streams.video[0].start_time * file.streams.video[0].time_base
            - file.streams.audio[0].start_time * file.streams.audio[0].time_base
            for file in (before, after)
        )
    assert float(lead_after) == pytest.approx(float(lead_before), abs=0.001)
    assert np.array_equal(decoded_sound(path), decoded_sound(target))


def test_sound_and_pictures_take_turns_in_the_file(tmp_path):
    path = write_clip(tmp_path / "a.mp4", frames=250, sound=("aac",))
    target, _ = copy(path, tmp_path / "b.mp4")
    latest = {"audio": 0.0, "video": 0.0}
    with av.open(str(target)) as file:
        for packet in sorted((p for p in file.demux() if p.size), key=lambda p: p.pos):
            latest[packet.stream.type] = float(packet.dts * packet.time_base)
            assert abs(latest["audio"] - latest["video"]) < 1.5


def test_sound_longer_than_the_pictures_is_kept(tmp_path):
    path = write_clip(tmp_path / "a.mp4", frames=10, sound=("aac",), sound_s=4)
    target, _ = copy(path, tmp_path / "b.mp4")
    assert_same_packets(path, target)


def test_sound_ends_with_the_pictures_when_they_end_early(tmp_path):
    path = write_clip(tmp_path / "a.mp4", frames=100, sound=("aac",))
    target, _ = copy(path, tmp_path / "b.mp4", frames=25)
    payloads, begins = packets(target)
    assert payloads == packets(path)[0][: len(payloads)]
    assert begins[-1] == pytest.approx(1.0, abs=0.05)


def test_a_silent_source(tmp_path):
    path = write_clip(tmp_path / "a.mp4")
    target, notes = copy(path, tmp_path / "b.mp4")
    with av.open(str(target)) as file:
        assert not file.streams.audio
    assert notes == ()


def test_a_source_that_has_gone(tmp_path):
    with open_source("test:64x48@10x1") as source:
        gone = tmp_path / "gone.mp4"
        with VideoSink(tmp_path / "b.mp4", source.info, sound_from=gone) as sink:
            for frame in source:
                sink.write(frame.image, frame.time_s)
    assert "left out" in sink.notes[0]
    with open_source(tmp_path / "b.mp4") as source:
        assert len(list(source)) == 10


@pytest.mark.parametrize("kept", [0.2, 0.5, 0.8, 0.95])
@pytest.mark.parametrize("suffix", ["mp4", "mkv"])
def test_sound_that_is_cut_off(tmp_path, suffix, kept):
    options = {"movflags": "+faststart"} if suffix == "mp4" else None
    whole = write_clip(
        tmp_path / f"a.{suffix}", frames=60, sound=("aac",), container_options=options
    )
    cut = tmp_path / f"cut.{suffix}"
    cut.write_bytes(whole.read_bytes()[: int(whole.stat().st_size * kept)])
    target, _ = copy(cut, tmp_path / f"b.{suffix}")
    payloads, _ = packets(target)
    assert payloads == packets(whole)[0][: len(payloads)]
    with open_source(target) as source:
        assert list(source)


@pytest.mark.parametrize("target_suffix", ["mp4", "webm"])
def test_broken_sound_does_not_stop_the_pictures(tmp_path, target_suffix):
    path = tmp_path / "a.mkv"
    write_clip(path, frames=60, picture=lambda index: corners(), sound=("aac",))
    data = bytearray(path.read_bytes())
    dice = np.random.default_rng(0)
    for position in dice.integers(len(data) // 3, len(data), 200):
        data[position] = dice.integers(256)
    path.write_bytes(data)
    target, _ = copy(path, tmp_path / f"b.{target_suffix}")
    with open_source(target) as source:
        assert len(list(source)) > 20


def test_sound_without_pictures_is_a_source_of_sound(tmp_path):
    song = write_sound(tmp_path / "song.mp3", seconds=1)
    with (
        open_source("test:64x48@10x1") as source,
        VideoSink(tmp_path / "b.mp4", source.info, sound_from=song) as sink,
    ):
        for frame in source:
            sink.write(frame.image, frame.time_s)
    assert packets(tmp_path / "b.mp4")[0] == packets(song)[0]
