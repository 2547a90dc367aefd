import os
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

import media
from clips import corner_names, corners, noise, write_clip
from howifeel.errors import OutputError, SourceError
from howifeel.files import atomic
from howifeel.video import SINK_SUFFIXES, VideoSink, open_source, sink
from howifeel.video.source import SourceInfo

MILLISECOND = Fraction(1, 1000)
VARIABLE = [0, 33, 133, 140, 390, 423, 456, 1456, 1457, 1507]


def info(width=64, height=48, time_base=MILLISECOND, **more):
    return SourceInfo(
        name="made up", kind="pattern", width=width, height=height, fps=Fraction(25), frames=None,
        duration_s=None, time_base=time_base, live=False, **more,
    )  # fmt: skip


def write(path, images, times, about=None, **how):
    about = about or info(images[0].shape[1], images[0].shape[0])
    with VideoSink(path, about, **how) as sink:
        for image, time_s in zip(images, times, strict=True):
            sink.write(image, time_s)
    return path


def copy(path, target, **how):
    with open_source(path) as source, VideoSink(target, source.info, **how) as sink:
        for frame in source:
            sink.write(frame.image, frame.time_s)
    return target


def read(path):
    with open_source(path) as source:
        frames = list(source)
    assert source.damage is None
    return frames


def open_handles():
    return len(list(Path("/proc/self/fd").iterdir()))


@pytest.mark.parametrize("suffix", SINK_SUFFIXES)
class TestTimeStamps:
    def test_a_variable_rate_is_kept(self, tmp_path, suffix):
        times = [tick / 1000 for tick in VARIABLE]
        path = write(tmp_path / f"a{suffix}", [noise(i) for i in range(10)], times)
        assert [frame.time_s for frame in read(path)] == pytest.approx(times, abs=1e-9)

    @pytest.mark.parametrize("ticks", [11_988, 90_000, 1_000_000])
    def test_a_fine_clock_is_kept(self, tmp_path, suffix, ticks):
        base = Fraction(1, ticks)
        times = [float((7 + ticks // 30 * i + i % 2) * base) for i in range(10)]
        images = [noise(i) for i in range(10)]
        path = write(tmp_path / f"a{suffix}", images, times, info(time_base=base))
        error = 1e-9 if suffix in (".mp4", ".mov") else 0.5e-3
        assert [frame.time_s for frame in read(path)] == pytest.approx(times, abs=error)

    def test_a_late_start_is_kept(self, tmp_path, suffix):
        path = write(tmp_path / f"a{suffix}", [corners()] * 3, [0.9, 0.94, 0.98])
        times = [frame.time_s for frame in read(path)]
        assert times == pytest.approx([0.9, 0.94, 0.98], abs=1e-9)

    def test_a_time_that_does_not_grow_is_a_tick_later(self, tmp_path, suffix):
        path = write(tmp_path / f"a{suffix}", [corners()] * 4, [0.5, 0.5, 0.2, 1.0])
        times = [frame.time_s for frame in read(path)]
        assert times == pytest.approx([0.5, 0.501, 0.502, 1.0], abs=1e-9)


class TestPixels:
    @pytest.mark.parametrize("suffix", SINK_SUFFIXES)
    @pytest.mark.parametrize(("width", "height"), [(63, 47), (64, 47), (63, 48), (17, 17)])
    def test_odd_sizes_grow_by_a_copy_of_the_edge(self, tmp_path, suffix, width, height):
        image = corners(width, height)
        path = write(tmp_path / f"a{suffix}", [image] * 3, [0, 0.1, 0.2])
        found = read(path)[0].image
        assert found.shape == (height + height % 2, width + width % 2, 3)
        assert corner_names(found) == ["red", "green", "blue", "white"]
        assert found[-1, -1] == pytest.approx(image[-1, -1], abs=12)

    def test_pictures_follow_one_another(self, tmp_path):
        images = [np.full((48, 64, 3), 25 * i, np.uint8) for i in range(10)]
        path = write(tmp_path / "a.mp4", images, [i / 25 for i in range(10)])
        means = [frame.image.mean() for frame in read(path)]
        assert means == pytest.approx([25 * i for i in range(10)], abs=3)

    def test_the_picture_may_be_read_only_and_is_not_kept(self, tmp_path):
        image = corners()
        frozen = image.view()
        frozen.setflags(write=False)
        with VideoSink(tmp_path / "a.mp4", info()) as sink:
            sink.write(frozen, 0.0)
            image[:] = 0
            sink.write(image[:, ::-1], 0.1)
        assert corner_names(read(tmp_path / "a.mp4")[0].image) == ["red", "green", "blue", "white"]

    @pytest.mark.parametrize("suffix", [".mp4", ".mov", ".mkv"])
    def test_pixel_aspect(self, tmp_path, suffix):
        about = info(pixel_aspect=Fraction(4, 3))
        path = write(tmp_path / f"a{suffix}", [corners()] * 3, [0, 0.1, 0.2], about)
        with open_source(path) as source:
            assert source.info.pixel_aspect == Fraction(4, 3)

    def test_another_size_is_a_mistake(self, tmp_path):
        with (
            VideoSink(tmp_path / "a.mp4", info()) as sink,
            pytest.raises(ValueError, match=r"\(48, 64\)"),
        ):
            sink.write(corners(), 0)
            sink.write(corners(32, 32), 1)


class TestSound:
    """Sound stays in step with the pictures: all its time stamps are kept, not only its packets.

    That holds for the packets before zero too, in which a decoder gets going (priming, 21 ms in
    AAC). An .mkv file rounds every time to a millisecond, so that up to half of one is lost.
    """

    @pytest.mark.parametrize(("suffix", "within_s"), [(".mp4", 0), (".mov", 0), (".mkv", 0.5e-3)])
    @pytest.mark.parametrize("source_suffix", [".mp4", ".mkv"])
    def test_time_stamps(self, tmp_path, source_suffix, suffix, within_s):
        path = write_clip(tmp_path / f"a{source_suffix}", frames=50, sound=("aac", "mp3"))
        before = media.probe(path)
        after = media.probe(copy(path, tmp_path / f"b{suffix}", sound_from=path))
        assert after.sound == before.sound
        assert after.times == pytest.approx(before.times, abs=1e-9)
        for found, expected in zip(after.sound_times, before.sound_times, strict=True):
            assert -0.025 < expected[0] < 0
            assert expected[-1] > 1.9
            assert found == pytest.approx(expected, abs=within_s + 1e-9)

    def test_sound_and_pictures_of_a_broadcast_move_together(self, tmp_path):
        path = write_clip(tmp_path / "a.ts", frames=50, sound=("mp3",))
        before = media.probe(path)
        after = media.probe(copy(path, tmp_path / "b.mp4", sound_from=path))
        shift = before.times[0] - after.times[0]
        assert shift > 0.01
        assert np.subtract(before.times, after.times) == pytest.approx(shift, abs=1e-6)
        (found,), (expected,) = after.sound_times, before.sound_times
        assert np.subtract(expected, found) == pytest.approx(shift, abs=1e-6)


class TestContainer:
    @pytest.mark.parametrize(
        ("suffix", "codec", "expected"),
        [
            (".mp4", "auto", "h264"), (".mov", "auto", "h264"), (".mkv", "auto", "h264"),
            (".webm", "auto", "vp9"), (".MP4", "auto", "h264"), (".mp4", "av1", "av1"),
            (".webm", "av1", "av1"), (".mp4", "mpeg4", "mpeg4"), (".mkv", "vp9", "vp9"),
        ],
    )  # fmt: skip
    def test_codecs(self, tmp_path, capfd, suffix, codec, expected):
        times = [tick / 1000 for tick in VARIABLE]
        images = [noise(i) for i in range(10)]
        path = write(tmp_path / f"a{suffix}", images, times, codec=codec)
        with av.open(str(path)) as file:
            assert file.streams.video[0].codec_context.codec.canonical_name == expected
        assert len(read(path)) == 10
        assert capfd.readouterr() == ("", "")

    @pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may")
    def test_an_encoder_takes_no_priority_over_other_programs(self, tmp_path):
        sink._works.cache_clear()
        with VideoSink(tmp_path / "a.mkv", info(), codec="av1") as open_sink:
            open_sink.write(noise(0), 0.0)
            threads = [int(task.name) for task in Path("/proc/self/task").iterdir()]
            assert len(threads) > 5
            assert {os.sched_getscheduler(thread) for thread in threads} == {os.SCHED_OTHER}

    def test_a_codec_whose_clock_is_coarse(self, tmp_path):
        base = Fraction(1, 90_000)
        times = [float(3003 * i * base) for i in range(10)]
        images, about = [noise(i) for i in range(10)], info(time_base=base)
        path = write(tmp_path / "a.mp4", images, times, about, codec="mpeg4")
        assert [frame.time_s for frame in read(path)] == pytest.approx(times, abs=1e-5)

    def test_a_player_can_start_before_the_whole_file_is_there(self, tmp_path):
        data = write(tmp_path / "a.mp4", [corners()], [0]).read_bytes()
        assert data.index(b"moov") < data.index(b"mdat")

    @pytest.mark.parametrize("suffix", [".avi", ".txt", "", ".jpg"])
    def test_unknown_suffix(self, tmp_path, suffix):
        with pytest.raises(OutputError, match=r"\.mp4, \.mov, \.mkv, \.webm"):
            VideoSink(tmp_path / f"a{suffix}", info())

    def test_a_codec_that_does_not_fit(self, tmp_path):
        with pytest.raises(OutputError, match=r"\.webm file holds no h264; choose one of vp9, av1"):
            VideoSink(tmp_path / "a.webm", info(), codec="h264")

    @pytest.mark.parametrize("absent", ["no_such_encoder", "h264_amf"])
    def test_an_encoder_that_cannot_be_opened_gives_way(self, tmp_path, monkeypatch, absent):
        monkeypatch.setitem(sink._ENCODERS, "h264", sink._Encoder(absent, {}))
        path = write(tmp_path / "a.mp4", [noise(i) for i in range(3)], [0.0, 0.1, 0.2])
        with av.open(str(path)) as file:
            assert file.streams.video[0].codec_context.codec.canonical_name == "av1"
        with pytest.raises(OutputError, match="This installation cannot encode h264"):
            VideoSink(tmp_path / "b.mp4", info(), codec="h264")

    @pytest.mark.parametrize("suffix", SINK_SUFFIXES)
    def test_the_title_is_kept_and_the_place_is_not(self, tmp_path, suffix):
        tags = {"title": "Grüße", "artist": "me", "location": "+48.1-011.5/"}
        path = write_clip(tmp_path / "a.mp4", metadata=tags)
        target = copy(path, tmp_path / f"b{suffix}", sound_from=path)
        with av.open(str(target)) as file:
            found = {name.lower(): text for name, text in file.metadata.items()}
        assert (found["title"], found["artist"]) == ("Grüße", "me")
        assert "location" not in found


class TestFailure:
    def test_no_picture_at_all(self, tmp_path):
        with pytest.raises(OutputError, match="no picture"), VideoSink(tmp_path / "a.mp4", info()):
            pass

    def test_a_folder_that_is_missing(self, tmp_path):
        with pytest.raises(OutputError, match="No such file"):
            VideoSink(tmp_path / "none" / "a.mp4", info())

    @pytest.mark.parametrize("suffix", SINK_SUFFIXES)
    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
    def test_a_full_disk(self, tmp_path, suffix):
        path = tmp_path / f"a{suffix}"
        path.symlink_to("/dev/full")
        with pytest.raises(OutputError, match="No space left on device"):
            write(path, [noise(i) for i in range(50)], [i / 25 for i in range(50)])

    @pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs /proc")
    def test_an_exception_in_the_block_passes_through(self, tmp_path):
        sound = write_clip(tmp_path / "sound.mp4", sound=("aac",))
        before = open_handles()
        with (
            pytest.raises(KeyError),
            atomic(tmp_path / "a.mp4") as path,
            VideoSink(path, info(), sound_from=sound) as sink,
        ):
            sink.write(corners(), 0)
            raise KeyError
        assert open_handles() == before
        assert [path.name for path in tmp_path.iterdir()] == ["sound.mp4"]

    def test_an_abandoned_file_is_not_completed(self, tmp_path):
        path = tmp_path / "a.mp4"
        with pytest.raises(KeyError), VideoSink(path, info(640, 480)) as sink:
            for index in range(100):
                sink.write(noise(index, 640, 480), index / 25)
            assert path.stat().st_size > 1_000_000
            raise KeyError
        with pytest.raises(SourceError):
            open_source(path)

    def test_a_picture_that_is_too_large_to_encode(self, tmp_path):
        with pytest.raises(OutputError, match=r"cannot be encoded.*size"):
            VideoSink(tmp_path / "a.mp4", info(width=40_000, height=20_000))
