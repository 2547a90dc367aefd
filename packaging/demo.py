"""`make demo`: films a photograph, runs howifeel-video on the film, and shows what came out.

The photograph is scikit-image's bundled `astronaut` (NASA, public domain); the sound is a tone.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from skimage import data

SECONDS = 8
SOUND_RATE = 48_000

# Second, centre (column, row) and width of the camera's view in the photograph, its tilt in
# degrees, and the brightness: near, far, tilted, dark, away from the face, and back.
KEYFRAMES = np.array(
    [
        [0.0, 245, 150, 500, 0, 1.0],
        [2.0, 225, 120, 260, 0, 1.0],
        [3.0, 225, 120, 260, 14, 1.0],
        [4.0, 225, 120, 300, -14, 0.45],
        [5.0, 225, 140, 300, 0, 1.0],
        [6.0, 380, 330, 250, 0, 1.0],
        [6.8, 380, 330, 250, 0, 1.0],
        [8.0, 225, 120, 200, 0, 1.0],
    ]
)


def build_clip(
    target: Path,
    width: int = 854,
    height: int = 480,
    fps: int = 25,
    *,
    seconds: int = SECONDS,
    pace: float = 1.0,
) -> None:
    """Write the film in H.264 and AAC; the camera moves more slowly where `pace` is below 1."""
    photograph = np.ascontiguousarray(data.astronaut()[:, :, ::-1])
    with av.open(str(target), "w") as film:
        picture = film.add_stream("libx264", rate=fps, options={"crf": "18", "preset": "fast"})
        picture.width, picture.height, picture.pix_fmt = width, height, "yuv420p"
        sound = film.add_stream("aac", rate=SOUND_RATE, layout="mono")
        for index in range(fps * seconds):
            view = _view(photograph, index / fps * pace, width, height)
            frame = av.VideoFrame.from_ndarray(view, format="bgr24")
            frame.pts, frame.time_base = index, Fraction(1, fps)
            film.mux(picture.encode(frame))
        film.mux(picture.encode(None))
        for start in range(0, SOUND_RATE * seconds, 1024):
            film.mux(sound.encode(_tone(start)))
        film.mux(sound.encode(None))


def _view(photograph: np.ndarray, second: float, width: int, height: int) -> np.ndarray:
    column, row, seen, tilt, light = (
        np.interp(second, KEYFRAMES[:, 0], KEYFRAMES[:, k]) for k in range(1, 6)
    )
    move = cv2.getRotationMatrix2D((column, row), tilt, width / seen)
    move[:, 2] += (width / 2 - column, height / 2 - row)
    view = cv2.warpAffine(
        photograph, move, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT
    )
    return cv2.convertScaleAbs(view, alpha=light)


def _tone(start: int) -> av.AudioFrame:
    times = np.arange(start, start + 1024) / SOUND_RATE
    samples = (0.1 * np.sin(2 * np.pi * 440 * times)).astype(np.float32)
    frame = av.AudioFrame.from_ndarray(samples[None], format="fltp", layout="mono")
    frame.pts, frame.sample_rate, frame.time_base = start, SOUND_RATE, Fraction(1, SOUND_RATE)
    return frame


def contact_sheet(video: Path, target: Path, columns: int = 3, rows: int = 4) -> None:
    """Write a PNG with evenly spaced frames of a video."""
    with av.open(str(video)) as film:
        frames = [f.to_ndarray(format="bgr24") for f in film.decode(video=0)]
    chosen = [
        frames[k] for k in np.linspace(0, len(frames) - 1, columns * rows).round().astype(int)
    ]
    height, width = frames[0].shape[:2]
    small = [cv2.resize(frame, (640, 640 * height // width)) for frame in chosen]
    lines = [np.hstack(small[k : k + columns]) for k in range(0, len(small), columns)]
    cv2.imwrite(str(target), np.vstack(lines))


def main() -> int:
    """Build the film, analyse it, and print where everything is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dir", type=Path, default=Path("demo"), help="where to write")
    folder = parser.parse_args().dir
    folder.mkdir(parents=True, exist_ok=True)
    clip, annotated, table = (folder / n for n in ("clip.mp4", "annotated.mp4", "timeline.csv"))
    build_clip(clip)
    command = [Path(sys.executable).with_name("howifeel-video"), clip, "--force"]
    done = subprocess.run([*command, "--out", annotated, "--timeline", table])
    if done.returncode:
        return done.returncode
    sheet = folder / "contact-sheet.png"
    contact_sheet(annotated, sheet)
    print(f"\nannotated video  {annotated}\ntimeline         {table}\ncontact sheet    {sheet}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
