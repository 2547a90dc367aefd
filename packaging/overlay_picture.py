"""A picture of the overlay page over a film, for docs/images/: what a streaming program shows.

The face is scikit-image's `astronaut` (NASA, public domain), filmed by `demo.py`. Chromium is
needed.

    python packaging/overlay_picture.py
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WIDTH, HEIGHT = 1280, 720
SHOWN_MS = 2500
LARGE_FACE_S = 3.0
"""When the face in the film is large."""


def main() -> int:
    """Take the picture; 0 when it is there."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "images" / "overlay.jpg")
    arguments = parser.parse_args()
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    if not browser:
        print("The overlay needs Chromium; install chromium.", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        _compose(browser, Path(folder), arguments.out)
    print(f"{arguments.out}  {arguments.out.stat().st_size // 1024} kB")
    return 0


def _compose(browser: str, work: Path, target: Path) -> None:
    """The page as it is, over the frame that it speaks of."""
    from PIL import Image

    import demo
    from howifeel import emit, engine
    from howifeel.config import Settings
    from howifeel.live import Live

    film, cards = work / "film.mp4", work / "cards.png"
    demo.build_clip(film, WIDTH, HEIGHT, fps=10, seconds=30, pace=0.2)
    live = Live(str(film), engine.load(Settings()))
    try:
        page = live.emit(emit.parse("ws:0")).wait_open()
        live.start()
        shot = None
        while shot is None or shot.moment.time_s < LARGE_FACE_S or not shot.moment.readings:
            time.sleep(0.05)
            shot = live.latest() or shot
        live.pause(True)
        time.sleep(0.5)
        shot = live.latest() or shot
        subprocess.run(
            [browser, "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
             "--default-background-color=00000000", f"--window-size={WIDTH},{HEIGHT}",
             f"--timeout={SHOWN_MS}", f"--user-data-dir={work}", f"--screenshot={cards}",
             f"{page}&scale=1.4"],
            check=True, capture_output=True,
        )  # fmt: skip
    finally:
        live.stop()
    picture = Image.fromarray(shot.frame.image[:, :, ::-1]).convert("RGBA")
    picture.alpha_composite(Image.open(cards).convert("RGBA").crop((0, 0, WIDTH, HEIGHT)))
    small = picture.convert("RGB").resize((WIDTH // 2, HEIGHT // 2), Image.Resampling.LANCZOS)
    small.save(target, quality=88, optimize=True)


if __name__ == "__main__":
    sys.exit(main())
