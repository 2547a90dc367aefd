import os
import re
import struct
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from clips import corner_names, corners, noise, write_clip, write_sound
from howifeel.errors import SourceError
from howifeel.video import open_source
from opened import fails, read

FASTSTART = {"movflags": "+faststart"}
VARIABLE = tuple(int(tick) for tick in np.cumsum([0, 33, 100, 7, 250, 33, 33, 1000, 1, 50]))


@pytest.fixture(scope="module", params=["mp4", "mov", "mkv", "avi", "ts", "webm"])
def whole(request, tmp_path_factory):
    """An intact file of 60 frames, with its index at the beginning."""
    suffix = request.param
    return write_clip(
        tmp_path_factory.mktemp("whole") / f"a.{suffix}",
        frames=60,
        codec={"avi": "mpeg4", "webm": "libvpx-vp9"}.get(suffix, "libx264"),
        options={"deadline": "realtime"} if suffix == "webm" else None,
        container_options=FASTSTART if suffix in ("mp4", "mov") else None,
    )


class TestTimeStamps:
    @pytest.mark.parametrize("suffix", ["mp4", "mov", "mkv"])
    @pytest.mark.parametrize("base", [Fraction(1, 1000), Fraction(1, 90_000)])
    def test_variable_rate(self, tmp_path, suffix, base):
        scale = base.denominator // 1000
        path = write_clip(
            tmp_path / f"a.{suffix}", frames=len(VARIABLE), rate=30, time_base=base,
            ticks=[tick * scale for tick in VARIABLE],
        )  # fmt: skip
        times = [frame.time_s for frame in read(path)[0]]
        assert times == pytest.approx([tick / 1000 for tick in VARIABLE], abs=1e-9)

    def test_a_late_first_frame_stays_late(self, tmp_path):
        path = write_clip(tmp_path / "a.mkv", ticks=[900, 940, 980], time_base=Fraction(1, 1000))
        assert [frame.time_s for frame in read(path)[0]] == [0.9, 0.94, 0.98]

    def test_avi_has_frame_numbers_in_place_of_time_stamps(self, tmp_path):
        path = write_clip(tmp_path / "a.avi", codec="mpeg4", options={"bf": "2"})
        times = [frame.time_s for frame in read(path)[0]]
        assert len(times) == 20
        assert np.diff(times) == pytest.approx(0.04, abs=1e-9)

    def test_the_clock_of_a_broadcast_starts_at_zero(self, tmp_path):
        hour = 3600 * 90_000
        path = write_clip(
            tmp_path / "a.ts", frames=5, time_base=Fraction(1, 90_000),
            ticks=[hour + 3600 * index for index in range(5)],
        )  # fmt: skip
        times = [frame.time_s for frame in read(path)[0]]
        assert 0 <= times[0] < 1
        assert np.diff(times) == pytest.approx(0.04, abs=1e-9)

    def test_time_runs_on_where_broadcasts_were_joined(self, tmp_path):
        path = write_clip(tmp_path / "a.ts", frames=60)
        joined = tmp_path / "joined.ts"
        joined.write_bytes(path.read_bytes() * 2)
        times = [frame.time_s for frame in read(joined)[0]]
        assert 118 <= len(times) <= 120
        assert times[-1] == pytest.approx(119 * 0.04, abs=0.1)
        assert np.diff(times).max() < 0.1


class TestPixels:
    def test_first_size_is_kept_when_the_size_changes(self, tmp_path):
        large = write_clip(tmp_path / "a.ts", picture=lambda index: corners(128, 96))
        small = write_clip(tmp_path / "b.ts", picture=lambda index: corners(64, 48))
        joined = tmp_path / "joined.ts"
        joined.write_bytes(large.read_bytes() + small.read_bytes())
        frames, _ = read(joined)
        assert 38 <= len(frames) <= 40
        assert {frame.image.shape for frame in frames} == {(96, 128, 3)}
        assert corner_names(frames[-1].image) == ["red", "green", "blue", "white"]

    @pytest.mark.parametrize(("width", "height"), [(63, 47), (1, 1), (17, 48)])
    def test_odd_sizes(self, tmp_path, width, height):
        path = write_clip(
            tmp_path / "a.mkv", codec="ffv1", pix_fmt="yuv444p",
            picture=lambda index: noise(index, width, height),
        )  # fmt: skip
        frames, _ = read(path)
        assert {frame.image.shape for frame in frames} == {(height, width, 3)}

    def test_ten_bits_per_sample(self, tmp_path):
        path = write_clip(
            tmp_path / "a.mkv", codec="libx265", pix_fmt="yuv420p10le",
            options={"x265-params": "log-level=none"}, picture=lambda index: corners(),
        )  # fmt: skip
        assert corner_names(read(path)[0][0].image) == ["red", "green", "blue", "white"]


class TestDamage:
    """A broken file gives either one sentence at once, or its good part and one sentence."""

    @pytest.mark.parametrize("kept", [0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.97])
    def test_cut_off(self, tmp_path, whole, kept):
        assert read(whole)[1] is None
        cut = tmp_path / whole.name
        data = whole.read_bytes()
        cut.write_bytes(data[: int(len(data) * kept)])
        try:
            frames, damage = read(cut)
        except SourceError:
            return
        assert 0 < len(frames) < 60
        if whole.suffix != ".ts" and kept < 0.97:
            assert f"({len(frames)} frames)" in damage

    def test_cut_off_before_the_index(self, tmp_path):
        whole = write_clip(tmp_path / "whole.mp4")
        cut = tmp_path / "cut.mp4"
        cut.write_bytes(whole.read_bytes()[:-200])
        assert "its index (moov) is missing" in fails(cut)

    @pytest.mark.parametrize("suffix", ["mp4", "ts"])
    def test_broken_in_the_middle(self, tmp_path, suffix):
        whole = write_clip(tmp_path / f"whole.{suffix}", frames=60, options={"g": "10"})
        data = bytearray(whole.read_bytes())
        middle = len(data) // 2
        data[middle : middle + 3000] = np.random.default_rng(0).bytes(3000)
        broken = tmp_path / f"broken.{suffix}"
        broken.write_bytes(data)
        frames, damage = read(broken)
        assert 30 < len(frames) < 60
        assert frames[-1].time_s > 2
        assert damage is not None and "damaged" in damage

    def test_garbage_never_crashes(self, tmp_path):
        data = write_clip(tmp_path / "a.mkv", frames=30).read_bytes()
        dice = np.random.default_rng(1)
        for attempt in range(30):
            broken = bytearray(data)
            for position in dice.integers(0, len(data), 20):
                broken[position] = dice.integers(256)
            path = tmp_path / f"{attempt}.mkv"
            path.write_bytes(broken)
            try:
                frames, _ = read(path)
            except SourceError:
                continue
            assert frames

    def test_a_held_last_frame_is_no_damage(self, tmp_path):
        path = write_clip(tmp_path / "a.mkv", ticks=[0, 40, 80, 9000], time_base=Fraction(1, 1000))
        assert read(path)[1] is None

    def test_sound_that_outlasts_the_pictures_is_no_damage(self, tmp_path):
        for suffix in ("mp4", "mkv"):
            path = write_clip(tmp_path / f"a.{suffix}", sound=("aac",), sound_s=5)
            assert read(path)[1] is None

    def test_leaving_early_is_no_damage(self, tmp_path):
        path = write_clip(tmp_path / "a.mp4")
        with open_source(path) as source:
            next(iter(source))
        assert source.damage is None


class TestHugeFrames:
    """A small file must not fill the memory, whether its header tells the truth or not."""

    @staticmethod
    def with_huge_frames(path, *which):
        """Motion JPEG of 64 x 48 pixels, in which some frames claim to be 12,000 x 12,000."""
        write_clip(path, frames=5, codec="mjpeg", pix_fmt="yuvj420p")
        begin, *frames = re.split(rb"(?<=\xff\xc0\x00\x11\x08)\x00\x30\x00\x40", path.read_bytes())
        assert len(frames) == 5
        sizes = [(12_000, 12_000) if index in which else (48, 64) for index in range(5)]
        data = [
            struct.pack(">HH", *size) + frame for size, frame in zip(sizes, frames, strict=True)
        ]
        path.write_bytes(begin + b"".join(data))
        return path

    def test_a_header_that_tells_it(self, tmp_path):
        path = write_clip(
            tmp_path / "a.mp4", frames=1, options={"preset": "ultrafast"},
            picture=lambda index: corners(6016, 6000),
        )  # fmt: skip
        assert "has 6016 x 6000 pixels; scale it down to 36 megapixels" in fails(path)

    def test_a_header_that_does_not_tell_it(self, tmp_path):
        path = self.with_huge_frames(tmp_path / "a.avi", *range(5))
        assert "above 36 megapixels" in fails(path)

    def test_frames_that_become_huge_are_left_out(self, tmp_path):
        frames, damage = read(self.with_huge_frames(tmp_path / "a.avi", 2))
        assert [frame.image.shape for frame in frames] == [(48, 64, 3)] * 4
        assert "broken frames were left out" in damage

    def test_the_largest_usual_format_is_read(self, tmp_path):
        path = write_clip(
            tmp_path / "a.avi", frames=1, codec="mjpeg", pix_fmt="yuvj420p",
            picture=lambda index: corners(8192, 4320),
        )  # fmt: skip
        (frame,), damage = read(path)
        assert frame.image.shape == (2160, 4096, 3)
        assert corner_names(frame.image) == ["red", "green", "blue", "white"]
        assert damage == "The frames, 8192 x 4320 pixels, were read at half their sides."


class TestNotAVideo:
    def test_missing(self, tmp_path):
        assert "There is no file" in fails(tmp_path / "a.mp4")

    def test_folder(self, tmp_path):
        assert "is a folder" in fails(tmp_path)

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="knows no pipes")
    @pytest.mark.parametrize("name", ["film.mkv", "picture.png"])
    def test_pipe(self, tmp_path, name):
        os.mkfifo(tmp_path / name)
        assert "is a pipe or device, not a file; save it" in fails(tmp_path / name)

    @pytest.mark.skipif(not Path("/dev/zero").exists(), reason="needs /dev/zero")
    @pytest.mark.parametrize("name", ["film.mkv", "picture.png"])
    def test_device(self, tmp_path, name):
        (tmp_path / name).symlink_to("/dev/zero")
        assert "is a pipe or device" in fails(tmp_path / name)

    @pytest.mark.parametrize("suffix", ["mp4", "mkv", "jpg"])
    def test_empty(self, tmp_path, suffix):
        path = tmp_path / f"a.{suffix}"
        path.touch()
        assert "is empty" in fails(path)

    @pytest.mark.parametrize("name", ["notes.txt", "notes.mp4", "notes.srt", "notes"])
    def test_text(self, tmp_path, name):
        path = tmp_path / name
        path.write_text("1\n00:00:01,000 --> 00:00:02,000\nNo video at all.\n\n" * 20)
        assert "is not a video" in fails(path)

    @pytest.mark.parametrize("name", ["a.mp4", "a.avi", "a"])
    def test_random_bytes(self, tmp_path, name):
        path = tmp_path / name
        path.write_bytes(np.random.default_rng(0).bytes(20_000))
        assert "is not a video" in fails(path)

    @pytest.mark.parametrize(("suffix", "codec"), [("mp3", "libmp3lame"), ("m4a", "aac")])
    def test_sound_only(self, tmp_path, suffix, codec):
        assert "no picture" in fails(write_sound(tmp_path / f"a.{suffix}", codec))

    def test_a_song_with_its_cover(self, tmp_path):
        song, path = write_sound(tmp_path / "song.mp3"), tmp_path / "cover.mp3"
        with av.open(str(song)) as source, av.open(str(path), "w") as file:
            copy = file.add_stream_from_template(source.streams.audio[0])
            cover = file.add_stream("mjpeg", rate=1)
            cover.width, cover.height, cover.pix_fmt = 64, 48, "yuvj420p"
            cover.disposition = av.stream.Disposition.attached_pic
            frame = av.VideoFrame.from_ndarray(corners(), format="bgr24")
            file.mux(cover.encode(frame.reformat(format="yuvj420p")))
            for packet in source.demux(source.streams.audio[0]):
                if packet.size:
                    packet.stream = copy
                    file.mux(packet)
        with av.open(str(path)) as check:
            assert check.streams.video
        assert "no picture" in fails(path)

    def test_unknown_codec(self, tmp_path):
        path = write_clip(tmp_path / "a.mp4")
        path.write_bytes(path.read_bytes().replace(b"avc1", b"zzzz").replace(b"avcC", b"zzzC"))
        assert fails(path)

    @pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may all")
    def test_forbidden(self, tmp_path):
        path = write_clip(tmp_path / "a.mp4")
        path.chmod(0)
        assert "permissions" in fails(path)


@pytest.mark.parametrize("name", ["10:30 Gespräch.mp4", "café (1) #2 %d.mp4", "-0.mp4"])
def test_odd_names(tmp_path, name):
    frames, damage = read(write_clip(tmp_path / name))
    assert len(frames) == 20
    assert damage is None


def test_the_url_of_a_file_is_the_file(tmp_path):
    path = write_clip(tmp_path / "a #1 ü.mp4")
    with open_source(path.as_uri()) as source:
        assert len(list(source)) == 20
    assert source.info.kind == "file"
    assert source.info.name == path.name


def test_a_file_whose_name_is_a_number(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_clip(tmp_path / "a.mp4").rename(tmp_path / "7")
    assert len(read("./7")[0]) == 20


def test_texts_in_an_old_encoding(tmp_path):
    path = write_clip(tmp_path / "a.mkv", metadata={"title": "Gruess"})
    path.write_bytes(path.read_bytes().replace(b"Gruess", "Grüße ".encode("latin-1")))
    assert len(read(path)[0]) == 20


@pytest.mark.parametrize("mode", ["frag_keyframe+empty_moov", "frag_keyframe"])
def test_fragmented_mp4(tmp_path, mode):
    path = write_clip(
        tmp_path / "a.mp4", frames=60, options={"g": "10"}, container_options={"movflags": mode}
    )
    frames, damage = read(path)
    assert len(frames) == 60
    assert damage is None
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert 10 < len(read(path)[0]) < 50
