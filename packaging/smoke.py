"""`make smoke`: installs each package of dist/ into a clean place and uses it as a stranger would.

Each annotates the demo film, opens the window without a screen and under Xvfb, and plays the film
in it for a picture of the screen. The .deb and the .tar.zst are installed into a Debian 12 of
their own where this runs as root and debootstrap is there, the wheel into a fresh environment.
"""

from __future__ import annotations

import argparse
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import av
import pyarrow.parquet

import demo
from howifeel.desktop.start.consent_model import TEXT
from places import RELEASE, Debian, Environment, Folder, Place, run

ROOT = Path(__file__).resolve().parents[1]
BAR_S = 60
"""Installed, and the main job done, on a clean Debian 12."""

SCREEN = "1280x800"
PLAYS_S = 12.0
"""How long the window may play before its picture is taken; a busy machine starts slowly."""


JOB = "howifeel-video annotates the demo film"
"""The main job."""


class Steps:
    """Runs steps and tells how long each took, by the clock and of the processor.

    On a busy machine the clock tells more about the others; the processor's time is the program's.
    """

    def __init__(self, title: str) -> None:
        print(f"\n{title}\n   clock   processor", flush=True)
        self.taken: dict[str, tuple[float, float]] = {}

    def __call__(self, name: str, work: Callable[[], object]) -> None:
        """Do it and print its seconds."""
        start, busy = time.monotonic(), _processor_s()
        work()
        self.taken[name] = (time.monotonic() - start, _processor_s() - busy)
        self._told(name, *self.taken[name])

    def total(self, what: str, *names: str) -> None:
        """Print the seconds of several steps together."""
        clock, busy = (sum(self.taken[name][k] for name in names) for k in (0, 1))
        self._told(what, clock, busy)

    @staticmethod
    def _told(name: str, clock: float, busy: float) -> None:
        print(f"  {clock:6.1f} s  {busy:6.1f} s  {name}", flush=True)


def main() -> int:
    """Try the packages; 0 when all of them work."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dist", type=Path, default=ROOT / "dist", help="where the packages are")
    parser.add_argument("--work", type=Path, default=ROOT / "build" / "smoke", help="in between")
    parser.add_argument("--only", choices=("wheel", "deb", "archive"), help="one kind of package")
    arguments = parser.parse_args()
    work: Path = arguments.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    clip = work / "clip.mp4"
    if not clip.exists():
        demo.build_clip(clip)
    tries = {"deb": (_deb, "*.deb"), "archive": (_archive, "*.tar.zst"), "wheel": (_wheel, "*.whl")}
    for kind, (attempt, pattern) in tries.items():
        if arguments.only in (None, kind):
            package = max(arguments.dist.glob(f"howifeel{pattern}"), default=None)
            if package is None:
                raise SystemExit(f"There is no {pattern} in {arguments.dist}; run make package.")
            attempt(package.resolve(), work, clip)
    return 0


def _deb(package: Path, work: Path, clip: Path) -> None:
    if Debian.possible():
        place = Debian(work / RELEASE, work / "deb")
        steps = Steps(f"{package.name} in a {place.told}")
        steps("apt-get update", place.update)
        steps("install", lambda: place.install(package))
    else:
        place = Folder(work / "deb", "usr/bin")
        steps = Steps(f"{package.name} in a {place.told}, without its dependencies")
        steps("install", lambda: run("dpkg", "-x", str(package), str(work / "deb")))
    use(place, steps, clip, work / "deb.png")
    steps.total(f"installed and main job done (bar: {BAR_S} s)", "install", JOB)
    if isinstance(place, Debian):
        steps("remove", lambda: _nothing(place.remove()))


def _archive(package: Path, work: Path, clip: Path) -> None:
    if Debian.possible():
        place = Debian(work / RELEASE, work / "archive")
        steps = Steps(f"{package.name} in a {place.told}")
        folder = ""

        def unpack() -> None:
            nonlocal folder
            folder = place.unpack(package)

        steps("unpack", unpack)
        steps(f"{JOB}, no other package installed", lambda: job(place, clip, f"{folder}/"))
        look_at(place, clip)
        return
    place = Folder(work / "archive", "here")
    steps = Steps(f"{package.name} in a {place.told}")
    target = work / "archive" / "here"
    target.mkdir()
    strip = ["tar", "--zstd", "--strip-components=1", "-xf", str(package), "-C", str(target)]
    steps("unpack", lambda: run(*strip))
    use(place, steps, clip, work / "archive.png")


def _wheel(package: Path, work: Path, clip: Path) -> None:
    place = Environment(work / "wheel")
    steps = Steps(f"{package.name} in a {place.told}")
    steps("install", lambda: place.install(package))
    use(place, steps, clip, work / "wheel.png")
    steps("howifeel-train says what it lacks", lambda: _says(
        place.command("howifeel-train", "--data", "."), 1, "howifeel[train]"
    ))  # fmt: skip


def use(place: Place, steps: Steps, clip: Path, picture: Path) -> None:
    """The main job, then the window."""
    steps(JOB, lambda: job(place, clip))
    look_at(place, clip)
    steps("a folder of two films, and a comparison of them", lambda: folder_of_films(place))
    offscreen = place.command("howifeel", "--smoke", QT_QPA_PLATFORM="offscreen", LANG="C.UTF-8")
    steps("window opens and closes, no screen", lambda: run(*offscreen))
    with xvfb() as screen:
        shown = place.command("howifeel", "--smoke", DISPLAY=screen, LANG="C.UTF-8")
        steps("window opens and closes, Xvfb", lambda: run(*shown))
        steps(f"window plays the film ({picture})", lambda: play(place, screen, picture))


def job(place: Place, clip: Path, folder: str = "") -> None:
    """Annotate the film."""
    (place.home / "clip.mp4").write_bytes(clip.read_bytes())
    outputs = ["--out", "annotated.mp4", "--timeline", "table.parquet", "--report", "report.html"]
    run(*place.command(f"{folder}howifeel-video", "clip.mp4", *outputs))


def look_at(place: Place, clip: Path) -> None:
    """See whether the annotated film, its table and its report are whole."""
    with av.open(str(clip)) as before, av.open(str(place.home / "annotated.mp4")) as after:
        frames = [sum(1 for _ in film.decode(video=0)) for film in (before, after)]
        sound = len(after.streams.audio)
    if frames[0] != frames[1] or not sound:
        raise SystemExit(
            f"The annotated film has {frames[1]} of {frames[0]} frames, {sound} sound."
        )
    table = pyarrow.parquet.read_table(place.home / "table.parquet")
    faces = table.num_rows - table["track"].null_count
    if faces < frames[0] // 2 or "<svg" not in (place.home / "report.html").read_text("utf-8"):
        raise SystemExit(
            f"The table has {faces} faces in {frames[0]} frames, or there is no chart."
        )


def folder_of_films(place: Place) -> None:
    """Two copies of the film that lies there already, and one page about both."""
    films = place.home / "films"
    films.mkdir(exist_ok=True)
    for name in ("first.mp4", "second.mp4"):
        (films / name).write_bytes((place.home / "clip.mp4").read_bytes())
    table = ["--timeline", "results/{name}.parquet", "--seconds", "3"]
    run(*place.command("howifeel-video", "films", *table))
    run(*place.command("howifeel-compare", "results", "--out", "compared.html"))
    page = (place.home / "compared.html").read_text("utf-8")
    if "first" not in page or "second" not in page:
        raise SystemExit("The comparison does not name both films.")


def play(place: Place, screen: str, picture: Path) -> None:
    """Play the film in the window, take a picture of the screen, and close it as Ctrl-C would."""
    settings = place.home / ".config" / "HowIFeel" / "HowIFeel.conf"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(f"[General]\nconsent={TEXT} {date.today()}\n", "utf-8")
    command = place.command("howifeel", "clip.mp4", DISPLAY=screen, LANG="C.UTF-8")
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as window:
        time.sleep(PLAYS_S)
        if window.poll() is None:
            screenshot(screen, picture)
            window.send_signal(signal.SIGINT)
        told = window.communicate(timeout=30)[0].decode()
    if window.returncode != 130:
        raise SystemExit(f"The window ended with {window.returncode}:\n{told}")


def screenshot(screen: str, target: Path) -> None:
    """Write what a screen shows as a PNG."""
    with av.open(screen, format="x11grab", options={"video_size": SCREEN}) as grabbed:
        frame = next(grabbed.decode(video=0))
    frame.to_image().save(target)


@contextmanager
def xvfb() -> Iterator[str]:
    """A screen in memory; gives its name, for example ":99"."""
    command = ["Xvfb", "-displayfd", "1", "-screen", "0", f"{SCREEN}x24", "-nolisten", "tcp", "-ac"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as server:
        assert server.stdout
        try:
            yield f":{server.stdout.readline().decode().strip()}"
        finally:
            server.terminate()


def _processor_s() -> float:
    """Seconds of the processor that finished programs have used."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _says(command: list[str], code: int, words: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != code or words not in done.stderr or "Traceback" in done.stderr:
        raise SystemExit(f"{command[-1]} ended with {done.returncode}:\n{done.stderr}")


def _nothing(left: list[str]) -> None:
    if left:
        raise SystemExit(f"These were left behind: {', '.join(left)}.")


if __name__ == "__main__":
    sys.exit(main())
