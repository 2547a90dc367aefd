"""`howifeel-video`: annotated copies and timelines of videos, pictures and cameras."""

from __future__ import annotations

import argparse
import json
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from howifeel import annotate, engine, plugins
from howifeel.cli import common
from howifeel.cli.jobs import jobs, sources
from howifeel.cli.progress import ProgressLine, clock
from howifeel.errors import HowIFeelError

PROGRAM = "howifeel-video"
EXAMPLES = """\
  howifeel-video talk.mp4 --out annotated.mp4
  howifeel-video talk.mp4 --timeline talk.csv
  howifeel-video party.jpg --out annotated.jpg
  howifeel-video interviews/ --out results/ --timeline "results/{name}.parquet"
  howifeel-video 0 --live --seconds 10 --out camera.mp4
"""


def parser() -> argparse.ArgumentParser:
    """The command line of howifeel-video."""
    made = common.parser_for(
        PROGRAM,
        "Shows what the faces in a video or picture look like they express. "
        "Everything is computed on this machine.",
        EXAMPLES,
    )
    drawn = ", ".join(annotate.DEFAULT_OVERLAYS)
    add = made.add_argument
    add(
        "inputs",
        nargs="+",
        metavar="IN",
        help="video, picture, folder of either, URL, or camera number (with --live)",
    )
    add(
        "--out",
        metavar="FILE",
        help="annotated copy, sound kept; for several inputs a folder or a name with {name}",
    )
    add(
        "--timeline",
        metavar="FILE",
        help="readings as .csv, .jsonl, .parquet or .srt; {name} stands for the input's name",
    )
    add(
        "--overlay",
        action="append",
        choices=plugins.names("howifeel.overlay"),
        help=f"what to draw, repeatable (default: {drawn})",
    )
    add("--live", action="store_true", help="the input is a camera; Ctrl-C ends the recording")
    add("--seconds", type=float, metavar="N", help="stop after N seconds of each input")
    add("--force", action="store_true", help="replace files that exist")
    add("--json", action="store_true", help="print one JSON object per input on stdout")
    common.add_settings_flags(made)
    return made


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code: 0 done, 1 failed, 2 usage, 130 interrupted."""
    arguments = parser().parse_args(argv)
    return common.guarded(PROGRAM, lambda: _run(arguments), debug=arguments.debug)


def _run(arguments: argparse.Namespace) -> int:
    todo = jobs(
        sources(arguments.inputs, live=arguments.live),
        arguments.out,
        arguments.timeline,
        overlays=tuple(arguments.overlay or annotate.DEFAULT_OVERLAYS),
        force=arguments.force,
        stop_after_s=arguments.seconds,
    )
    loaded = engine.load(common.settings_from(arguments))
    stopped = _stop_on_interrupt() if arguments.live else _never
    failures = [
        error
        for job in todo
        if (error := _do(job, loaded, stopped, as_json=arguments.json)) is not None
    ]
    if failures and len(todo) > 1:
        print(f"{PROGRAM}: {len(failures)} of {len(todo)} inputs failed.", file=sys.stderr)
    return common.FAILED if failures else common.DONE


def _do(
    job: annotate.Job, loaded: engine.Engine, stopped: Callable[[], bool], *, as_json: bool
) -> HowIFeelError | None:
    """Do one job and report it; the error if it failed."""
    line = ProgressLine(Path(job.source).name, "frames")
    try:
        outcome = annotate.annotate(
            job, loaded, lambda progress: line.update(progress.frames, progress.total), stopped
        )
    except HowIFeelError as error:
        line.close()
        print(f"{PROGRAM}: {error}", file=sys.stderr)
        if as_json:
            print(json.dumps({"source": job.source, "error": str(error)}), flush=True)
        return error
    except BaseException:
        line.close()
        raise
    line.close()
    for note in outcome.notes:
        print(f"{PROGRAM}: {note}", file=sys.stderr)
    print(_as_json(outcome, loaded) if as_json else _in_words(outcome, loaded), flush=True)
    return None


def _as_json(outcome: annotate.Outcome, loaded: engine.Engine) -> str:
    report = {
        "source": outcome.source,
        "written": [str(path) for path in outcome.written],
        "frames": outcome.frames,
        "wall_s": round(outcome.wall_s, 3),
        "device": loaded.classifier.device,
        "notes": outcome.notes,
        "summary": outcome.summary,
    }
    return json.dumps(report)


def _in_words(outcome: annotate.Outcome, loaded: engine.Engine) -> str:
    speed = outcome.frames / outcome.wall_s
    written = ", ".join(str(path) for path in outcome.written)
    return (
        f"{outcome.source}: {outcome.frames} frames in {clock(outcome.wall_s)} "
        f"({speed:.0f} per second, {loaded.classifier.device}) -> {written}"
    )


def _never() -> bool:
    return False


def _stop_on_interrupt() -> Callable[[], bool]:
    """Let Ctrl-C end a live recording well: the returned function tells whether it was pressed."""
    pressed: list[int] = []
    signal.signal(signal.SIGINT, lambda number, stack: pressed.append(number))
    return lambda: bool(pressed)


if __name__ == "__main__":
    sys.exit(main())
