"""`howifeel-video`: annotated copies and timelines of videos, pictures and cameras."""

from __future__ import annotations

import argparse
import importlib
import math
import sys
from collections.abc import Sequence
from contextlib import suppress

from howifeel import overlay, plugins
from howifeel.cli import common

PROGRAM = "howifeel-video"
EXAMPLES = """\
  howifeel-video talk.mp4 --out annotated.mp4
  howifeel-video talk.mp4 --timeline talk.csv --report talk.html
  howifeel-video party.jpg --out annotated.jpg
  howifeel-video interviews/ --out results/ --timeline "results/{name}.parquet"
  howifeel-video 0 --live --seconds 10 --out camera.mp4
  howifeel-video 0 --live --emit lsl --emit ws
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code: 0 done, 1 failed, 2 usage, 130 interrupted."""
    arguments = parser().parse_args(argv)
    return common.guarded(PROGRAM, lambda: _run(arguments), debug=arguments.debug)


def _run(arguments: argparse.Namespace) -> int:
    """Load what is heavy only now, when Ctrl-C is already handled and --help is answered."""
    writes = arguments.out or arguments.timeline or arguments.report
    is_live = arguments.emit or (arguments.live and not writes)
    return importlib.import_module(f"howifeel.cli.{'live' if is_live else 'annotate'}").run(
        arguments
    )


def parser() -> argparse.ArgumentParser:
    """The command line of howifeel-video."""
    made = common.parser_for(
        PROGRAM,
        "Shows what the faces in a video or picture look like they express. "
        "Everything is computed on this machine.",
        EXAMPLES,
    )
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
        "--report",
        metavar="FILE",
        help="charts and figures as one .html page that opens offline; {name} as above",
    )
    add(
        "--overlay",
        action="append",
        choices=plugins.names("howifeel.overlay"),
        help=f"what to draw, repeatable (default: {', '.join(overlay.DEFAULT)})",
    )
    add(
        "--live",
        action="store_true",
        help="the input has no end; Ctrl-C ends the recording. With nothing to write, readings are "
        "told once a second while a camera or film plays",
    )
    _add_streams(made)
    add("--seconds", type=_seconds, metavar="N", help="stop after N seconds of each input")
    add("--force", action="store_true", help="replace files that exist")
    _add_batch(made)
    add("--json", action="store_true", help="print one JSON object per input on stdout")
    common.add_settings_flags(made)
    made.set_defaults(program=PROGRAM)
    return made


def _add_batch(made: argparse.ArgumentParser) -> None:
    group = made.add_argument_group("several inputs", "see docs/scale.md")
    group.add_argument(
        "--workers",
        type=common.count,
        metavar="N",
        help="processes that share the work (default: one per core; 1 works in this process)",
    )
    group.add_argument(
        "--scheduler", metavar="ADDRESS", help="use the workers of a Dask cluster, tcp://HOST:PORT"
    )
    group.add_argument(
        "--tries",
        type=common.count,
        default=3,
        metavar="N",
        help="quarantine a file that so many workers died of (default: 3)",
    )
    group.add_argument(
        "--stall",
        type=common.count,
        default=600,
        metavar="S",
        help="end a worker that shows no new frame for so many seconds; that is a try too "
        "(default: 600; with several workers)",
    )


def _add_streams(made: argparse.ArgumentParser) -> None:
    group = made.add_argument_group(
        "other programs", "readings while they happen, with --live; see docs/streams.md"
    )
    group.add_argument(
        "--emit",
        action="append",
        default=[],
        metavar="lsl|osc|ws[:HOST][:PORT]",
        help="send readings by Lab Streaming Layer, Open Sound Control or WebSocket (with a page "
        "for OBS), repeatable; to this computer alone unless a host is named",
    )
    group.add_argument(
        "--emit-faces",
        type=int,
        default=1,
        metavar="N",
        help="how many faces have a place in what is sent, 1 to 8 (default: 1)",
    )
    group.add_argument(
        "--emit-token",
        default="",
        metavar="TEXT",
        help="what WebSocket clients must know, also as HOWIFEEL_EMIT_TOKEN (default: a new one)",
    )


def _seconds(text: str) -> float:
    with suppress(ValueError):
        if 0 < (value := float(text)) < math.inf:
            return value
    raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds above 0")


if __name__ == "__main__":
    sys.exit(main())
