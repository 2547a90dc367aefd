"""Small videos made on the spot, so that a test knows every pixel, time stamp and packet."""

from fractions import Fraction

import av
import numpy as np

CORNERS_BGR = {
    "red": (0, 0, 255), "green": (0, 255, 0), "blue": (255, 0, 0), "white": (255, 255, 255),
}  # fmt: skip
SOUND_ENCODERS = {"aac": "aac", "mp3": "libmp3lame", "opus": "libopus", "pcm": "pcm_s16le"}


def corners(width=64, height=48):
    """A picture with red, green, blue and white quarters, row by row; uint8 BGR."""
    image = np.zeros((height, width, 3), np.uint8)
    red, green, blue, white = CORNERS_BGR.values()
    image[: height // 2, : width // 2], image[: height // 2, width // 2 :] = red, green
    image[height // 2 :, : width // 2], image[height // 2 :, width // 2 :] = blue, white
    return image


def corner_names(image):
    """Which of the four colours each quarter of a picture shows, row by row."""
    height, width = image.shape[:2]
    points = [(y, x) for y in (height // 4, 3 * height // 4) for x in (width // 4, 3 * width // 4)]
    known = np.array(list(CORNERS_BGR.values()), int)
    nearest = [np.abs(known - image[point].astype(int)).sum(1).argmin() for point in points]
    return [list(CORNERS_BGR)[index] for index in nearest]


def noise(index, width=64, height=48):
    """A picture that compresses badly and differs from frame to frame; uint8 BGR."""
    return np.random.default_rng(index).integers(0, 256, (height, width, 3), np.uint8)


def write_clip(
    path,
    *,
    frames=20,
    picture=noise,
    codec="libx264",
    pix_fmt="yuv420p",
    rate=25,
    time_base=None,
    ticks=None,
    sound=(),
    sound_s=None,
    languages=(),
    rotation=0,
    mirrored=False,
    pixel_aspect=None,
    metadata=None,
    options=None,
    container_options=None,
):
    """Write a clip; `ticks` are its time stamps in units of `time_base`.

    `sound` names the formats of its tracks, `sound_s` how long they are in seconds.
    """
    first = picture(0)
    time_base = time_base or Fraction(1, rate)
    with av.open(str(path), "w", container_options=container_options or {}) as file:
        file.metadata.update(metadata or {})
        video = file.add_stream(codec, rate=rate, options=options or {})
        video.height, video.width = first.shape[:2]
        video.pix_fmt = pix_fmt
        video.time_base = video.codec_context.time_base = time_base
        if pixel_aspect:
            video.codec_context.sample_aspect_ratio = pixel_aspect
        if rotation or mirrored:
            video.set_display_rotation(rotation, mirrored, False)
        tracks = [file.add_stream(SOUND_ENCODERS[name], rate=48_000) for name in sound]
        for track, language in zip(tracks, languages, strict=False):
            track.metadata["language"] = language
        seconds = frames / rate if sound_s is None else sound_s
        for number, track in enumerate(tracks):
            for frame in _tone(seconds, 440 * (number + 1)):
                file.mux(track.encode(frame))
            file.mux(track.encode(None))
        for index, tick in enumerate(ticks or range(frames)):
            frame = av.VideoFrame.from_ndarray(picture(index), format="bgr24")
            frame.pts, frame.time_base = tick, time_base
            file.mux(video.encode(frame.reformat(format=pix_fmt)))
        file.mux(video.encode(None))
    return path


def write_sound(path, codec="libmp3lame", seconds=0.5):
    """Write a file with sound only."""
    with av.open(str(path), "w") as file:
        track = file.add_stream(codec, rate=48_000)
        for frame in _tone(seconds, 440):
            file.mux(track.encode(frame))
        file.mux(track.encode(None))
    return path


def _tone(seconds, hertz, block=960):
    phase = np.arange(round(seconds * 48_000 / block) * block) * 2 * np.pi * hertz / 48_000
    wave = (8000 * np.sin(phase)).astype(np.int16)
    for start in range(0, len(wave), block):
        samples = np.repeat(wave[start : start + block], 2)[np.newaxis]
        frame = av.AudioFrame.from_ndarray(samples, format="s16", layout="stereo")
        frame.sample_rate, frame.pts, frame.time_base = 48_000, start, Fraction(1, 48_000)
        yield frame


def decoded_sound(path, track=0):
    """All samples of a sound track, mono float32 at 48 kHz."""
    resampler = av.AudioResampler(format="flt", layout="mono", rate=48_000)
    with av.open(str(path)) as file:
        parts = [
            part.to_ndarray()[0]
            for frame in file.decode(file.streams.audio[track])
            for part in resampler.resample(frame)
        ]
    return np.concatenate(parts)
