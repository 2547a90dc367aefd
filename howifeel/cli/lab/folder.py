"""`howifeel-lab experiment DIR`: a folder with a config that is copied, edited and run."""

from __future__ import annotations

import shlex
from pathlib import Path

from howifeel.cli import trainer
from howifeel.cli.common import DONE, parser_for
from howifeel.cli.lab.running import PROGRAM, add_flags, check, kit, run_into, show, use_threads
from howifeel.errors import SettingsError


def run(words: list[str]) -> int:
    """Run the command with what was typed after `experiment`; the exit code."""
    return _new(words[1:]) if words[:1] == ["new"] else _run(words)


def _new(words: list[str]) -> int:
    folders = kit("folder")
    parser = parser_for(
        f"{PROGRAM} experiment new",
        f"Write a folder with {folders.FILE}, which tells all options of an experiment, or of a "
        "training.",
        f"  {PROGRAM} experiment new studies/dark --like noise\n"
        f"  {PROGRAM} experiment new studies/mine --like cpu     (a shipped recipe)",
    )
    parser.add_argument("folder", type=Path, metavar="DIR", help="a folder that does not exist yet")
    parser.add_argument(
        "--like", required=True, metavar="NAME", help=f"one of {', '.join(folders.kinds())}"
    )
    arguments = parser.parse_args(words)
    path = folders.write_example(arguments.folder, arguments.like)
    command = shlex.join([*PROGRAM.split(), "experiment", str(arguments.folder)])
    print(f"Edit {path}, then run: {command}")
    return DONE


def _run(words: list[str]) -> int:
    folders = kit("folder")
    parser = parser_for(
        f"{PROGRAM} experiment",
        f"Run what {folders.FILE} in a folder says; everything it makes lands in {folders.RESULT}/ "
        "there. Copy a folder, edit its config, run it.",
        f"  {PROGRAM} experiment new studies/dark --like noise\n"
        f"  {PROGRAM} experiment studies/dark\n"
        f"  {PROGRAM} experiment studies/dark --force",
    )
    parser.add_argument("folder", type=Path, metavar="DIR", help=f"a folder with {folders.FILE}")
    add_flags(parser)
    arguments = parser.parse_args(words)
    check(arguments)
    found = folders.read(arguments.folder)
    target = arguments.folder / folders.RESULT
    if isinstance(found, folders.Training):
        if arguments.quick:
            raise SettingsError("--quick is for experiments; give the recipe fewer epochs.")
        use_threads(arguments)
        scores = trainer.module("run").train(
            found.recipe,
            found.data,
            target,
            device=found.device,
            minutes=found.minutes,
            resume=arguments.resume,
            force=arguments.force,
        )
        if scores and arguments.json:
            print((target / trainer.module("run").SCORES_FILE).read_text("utf-8"), end="")
        elif scores:
            print(trainer.module("scores").table([scores]))
            print(f"The model is {target / trainer.module('run').MODEL_FILE}.")
        return DONE
    quick = arguments.quick or found.quick
    options = kit("options").from_values(found.kind, found.options, quick=quick)
    show(run_into(found.experiment, options, target, arguments, quick=quick), target, arguments)
    return DONE
