"""`howifeel-compare`: one report that puts many films or participants side by side."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence
from pathlib import Path

from howifeel.cli import common
from howifeel.cli.progress import ProgressLine
from howifeel.errors import SettingsError

PROGRAM = "howifeel-compare"
EXAMPLES = """\
  howifeel-compare results/ --out compare.html
  howifeel-compare results/ --by folder --out compare.html
  howifeel-compare results/ --participants people.csv --out compare.html --pictures blurred
  howifeel-compare anna.csv ben.csv --out two.html --title "Before and after"
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code: 0 done, 1 failed, 2 usage, 130 interrupted."""
    arguments = parser().parse_args(argv)
    return common.guarded(PROGRAM, lambda: _run(arguments), debug=arguments.debug)


def parser() -> argparse.ArgumentParser:
    """The command line of howifeel-compare."""
    made = common.parser_for(
        PROGRAM,
        "Puts what howifeel-video read in many films side by side, on one page that opens offline.",
        EXAMPLES,
    )
    add = made.add_argument
    add(
        "inputs",
        nargs="+",
        metavar="IN",
        help="folder into which howifeel-video wrote, its manifest.parquet, or timelines",
    )
    add("--out", type=Path, required=True, metavar="FILE.html", help="the report")
    whose = made.add_mutually_exclusive_group()
    whose.add_argument(
        "--by",
        choices=("film", "folder"),
        default="film",
        help="what stands side by side: each film, or the films of a folder together, as those "
        "of one participant; the folder around it is the group (default: film)",
    )
    whose.add_argument(
        "--participants",
        type=Path,
        metavar="FILE.csv",
        help="a table with the columns film and participant, and group if wanted",
    )
    add(
        "--pictures",
        choices=("none", "blurred", "plain"),
        default="none",
        help="a small picture of each film; blurred hides every face that is found (default: none)",
    )
    add("--title", default="", metavar="TEXT", help="headline of the report")
    add("--force", action="store_true", help="replace the report if it exists")
    return made


def _run(arguments: argparse.Namespace) -> int:
    """Load what is heavy only now, when Ctrl-C is already handled and --help is answered."""
    if arguments.out.suffix.lower() != ".html":
        raise SettingsError(
            f"A report is a web page: --out must end in .html, not {arguments.out}."
        )
    find = importlib.import_module("howifeel.compare.find")
    participants = importlib.import_module("howifeel.compare.participants")
    pictures = importlib.import_module("howifeel.compare.pictures")
    report = importlib.import_module("howifeel.compare.report")
    found, missing = find.find(arguments.inputs)
    names = [each.name for each in found]
    if arguments.participants:
        whose = participants.by_list(names, arguments.participants)
    elif arguments.by == "folder":
        whose = participants.by_folder(names)
    else:
        whose = participants.themselves(names)
    line = ProgressLine("compare", "timelines")
    try:
        outcome = report.write(
            found,
            whose,
            missing,
            arguments.out,
            title=arguments.title,
            take=pictures.taker(arguments.pictures),
            force=arguments.force,
            on_progress=lambda done: line.update(done, len(found)),
        )
    finally:
        line.close()
    for note in outcome.notes:
        print(f"{PROGRAM}: {note}", file=sys.stderr)
    for film in outcome.missing:
        print(f"{PROGRAM}: {film.name} is not in the report: {film.reason}", file=sys.stderr)
    print(f"{outcome.films} -> {outcome.path}")
    return common.DONE


if __name__ == "__main__":
    sys.exit(main())
