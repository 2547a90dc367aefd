"""`make screenshots`: pictures of every page, in both themes and two sizes, in docs/images/.

The face in them is scikit-image's `astronaut` (NASA, public domain), filmed by `demo.py`. The
window runs under Xvfb where `xvfb-run` is installed, and without a screen otherwise.
"""

from __future__ import annotations

import argparse
import itertools
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
INSIDE = "SCREENSHOTS_INSIDE"
SIZES = ((1280, 800), (1024, 640))
THEMES = ("dark", "light")
LARGEST_BYTES = 150 * 1024
LIVE_S, REVIEW_S = 12.0, 4.6
"""When the face in the films is large and in light: late, so that there are curves, and early."""


def main() -> int:
    """Render all pages; 0 when each of them has its pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dir", type=Path, default=ROOT / "docs" / "images")
    parser.add_argument("--language", default="en", help="two letters")
    parser.add_argument("--only", default="", help="name of one page")
    arguments = parser.parse_args()
    if not os.environ.get(INSIDE):
        return _again()
    arguments.dir.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        _render(Path(folder), arguments.dir, arguments.language, arguments.only)
    return 0


def _again() -> int:
    """Start once more with a screen to draw on."""
    screen = ["xvfb-run", "-a", "-s", "-screen 0 1600x1000x24"]
    drawn = os.environ | {INSIDE: "1", "QT_QPA_PLATFORM": "xcb"}
    probe = [sys.executable, "-c", "from PySide6.QtGui import QGuiApplication; QGuiApplication([])"]
    works = (
        shutil.which(screen[0])
        and not subprocess.run([*screen, *probe], env=drawn, capture_output=True).returncode
    )
    if not works:
        screen, drawn = [], drawn | {"QT_QPA_PLATFORM": "offscreen"}
    return subprocess.run([*screen, sys.executable, *sys.argv], env=drawn).returncode


def _render(work: Path, target: Path, language: str, only: str) -> None:
    from howifeel.desktop import app as desktop_app
    from howifeel.desktop import strings

    app = desktop_app.application()
    strings.install(app, language)
    films = _films(work)
    for theme in THEMES:
        for size in SIZES:
            for name, picture in _pictures(work, films, theme, size, only):
                path = target / f"{name}-{theme}-{size[0]}x{size[1]}.png"
                _save(picture, path)
                print(f"{path}  {path.stat().st_size // 1024} kB", flush=True)


def _films(work: Path) -> list[Path]:
    """A folder of films, one of them damaged."""
    import demo

    folder = work / "films"
    folder.mkdir()
    films = [folder / name for name in ("interview.mp4", "portrait.mp4", "rehearsal.mp4")]
    demo.build_clip(films[0], fps=8, seconds=20, pace=0.4)
    demo.build_clip(films[1], 320, 180, 12)
    shutil.copy(films[1], films[2])
    demo.build_clip(work / "camera.mp4", seconds=16, pace=0.15)  # slow: a busy machine keeps up
    (folder / "unfinished.mp4").write_bytes(films[0].read_bytes()[:4000])
    return [*films, folder / "unfinished.mp4"]


def _pictures(
    work: Path, films: list[Path], theme: str, size: tuple[int, int], only: str
) -> Iterator[tuple[str, Any]]:
    """Each page by name as a QPixmap."""
    with _window(work, theme, size) as window:
        if only in ("", "start"):
            _settle(0.3)
            yield "start", window.grab()
        window.consent.give()
        for index, (name, page) in enumerate(window.pages.items()):
            if only in ("", name):
                window.show_page(index)
                _PREPARE.get(name, lambda window, page, films: _settle(0.5))(window, page, films)
                yield name, window.grab()


@contextmanager
def _window(work: Path, theme: str, size: tuple[int, int]) -> Iterator[Any]:
    from PySide6.QtCore import QSettings
    from PySide6.QtWidgets import QApplication

    from howifeel.config import Settings
    from howifeel.desktop import theme as themes
    from howifeel.desktop.preferences import Preferences
    from howifeel.desktop.window import Window
    from howifeel.session import Store

    fresh = work / f"{theme}-{size[0]}"
    kept = QSettings(str(fresh / "preferences.ini"), QSettings.Format.IniFormat)
    themes.apply(QApplication.instance(), theme)
    window = Window(Settings(), Preferences(kept), Store(fresh / "sessions"))
    window.resize(*size)
    window.show()
    yield window
    window.close()
    window.deleteLater()


def _live(window: Any, page: Any, films: list[Path]) -> None:
    """A large face, some seconds of curves."""
    page.open(str(films[0].parents[1] / "camera.mp4"))
    _until(lambda: page.picture.shot and page.picture.shot.moment.time_s > LIVE_S)
    page.model.pause(True)
    _settle(0.4)


def _review(window: Any, page: Any, films: list[Path]) -> None:
    """A session of an analysed film, at a large face."""
    from howifeel import annotate, engine
    from howifeel.config import Settings

    table = films[0].with_name("interview.parquet")
    if not table.exists():
        job = annotate.Job(str(films[0]), timeline=table)
        annotate.annotate(job, engine.load(Settings()))
    page.open_session(window.store.import_timeline(table, films[0], "Interview"))
    _settle(2.0)
    page.session.playback.seek(REVIEW_S)
    _settle(1.0)


def _batch(window: Any, page: Any, films: list[Path]) -> None:
    """Something done, something failed, something at work."""
    from howifeel.desktop.batch.plan import Outputs

    results = window.store.folder.parent / "results"
    results.mkdir(parents=True, exist_ok=True)
    page.outputs.show_outputs(Outputs(folder=results))
    page.outputs.changed.emit(Outputs(folder=results))
    page.add([str(film) for film in (*films[1:], films[0])])
    _until(lambda: len(page.model.entries) == len(films) and not page.model.searching)
    page.model.start()
    _until(lambda: (page.model.entries[1].share or 0) > 0.4)
    page.queue.select(0)
    _settle(0.3)


def _about(window: Any, page: Any, films: list[Path]) -> None:
    _settle(2.5)


_PREPARE: dict[str, Callable] = {
    "live": _live, "review": _review, "batch": _batch, "about": _about,
}  # fmt: skip


def _settle(seconds: float) -> None:
    """Let the window work."""
    end = time.monotonic() + seconds
    _until(lambda: time.monotonic() > end)


def _until(ready: Callable[[], object], timeout_s: float = 600) -> None:
    from PySide6.QtWidgets import QApplication

    end = time.monotonic() + timeout_s
    while not ready():
        if time.monotonic() > end:
            raise SystemExit("A page did not get ready.")
        QApplication.processEvents()
        time.sleep(0.01)


def _save(pixmap: Any, path: Path) -> None:
    """As a PNG with a palette; the colours of the window are in it, however rare they are."""
    from PIL import Image
    from PySide6.QtGui import QImage

    image = pixmap.toImage().convertToFormat(QImage.Format.Format_RGB888)
    size, raw = (image.width(), image.height()), bytes(image.constBits())
    picture = Image.frombytes("RGB", size, raw, "raw", "RGB", image.bytesPerLine())
    exact = _swatches()
    for colours in (256, 160, 112, 80):
        found = picture.quantize(colours - len(exact)).getpalette() or []
        palette = Image.new("P", (1, 1))
        palette.putpalette([*found[: 3 * (colours - len(exact))], *itertools.chain(*exact)])
        picture.quantize(palette=palette, dither=Image.Dither.NONE).save(path, optimize=True)
        if path.stat().st_size <= LARGEST_BYTES:
            return


def _swatches() -> list[tuple[int, int, int]]:
    """Colours that must stay what they are, RGB."""
    from PySide6.QtGui import QColor

    from howifeel import emotions
    from howifeel.desktop import theme

    look = theme.current()
    names = [getattr(look, field.name) for field in fields(look) if field.name != "dark"]
    shown = [theme.colour_of(name) for name in (*emotions.NAMES, emotions.UNSURE)]
    on_picture = [QColor(*emotions.COLOURS_BGR[name][::-1]) for name in emotions.NAMES]
    colours = (*map(QColor, names), *shown, *on_picture)
    return sorted({(colour.red(), colour.green(), colour.blue()) for colour in colours})


if __name__ == "__main__":
    sys.exit(main())
