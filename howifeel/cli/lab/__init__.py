"""`howifeel-lab`: studies of how far an expression classifier can be trusted."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from howifeel import lab
from howifeel.cli.common import DONE, guarded, parser_for
from howifeel.cli.lab import everything, folder
from howifeel.cli.lab.running import PROGRAM, add_flags, check, kit, run_into, show
from howifeel.errors import SettingsError

_EXAMPLES = """  howifeel-lab list
  howifeel-lab noise --data fer2013/ --model runs/mine/model.onnx --out noise/
  howifeel-lab saliency --data fer2013/ --model runs/mine/checkpoint.pt --out saliency/
  howifeel-lab all --quick --out lab/          (everything, small, on drawn faces)
  howifeel-lab experiment new studies/dark --like noise    (a folder with a config to edit)
  howifeel-lab experiment studies/dark
  howifeel-lab report noise/ saliency/ --out both.html"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command.

    Returns:
        0 done, 1 failed, 2 wrong usage, 130 interrupted.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    return guarded(PROGRAM, lambda: _run(words), debug="--debug" in words)


def _run(words: list[str]) -> int:
    parser = parser_for(
        PROGRAM,
        "Study a classifier, or networks that are trained for it. Each experiment has its own "
        f"options: {PROGRAM} EXPERIMENT --help.",
        _EXAMPLES,
    )
    parser.add_argument(
        "experiment",
        metavar="EXPERIMENT",
        help=f"{', '.join(lab.names())}; or list, all, experiment, report, markdown",
    )
    known = parser.parse_args([word for word in words if word in ("-h", "--help", "--version")]
                              if not words or words[0].startswith("-") else words[:1])  # fmt: skip
    name, rest = known.experiment, words[1:]
    commands = {
        "list": _list, "all": everything.run, "experiment": folder.run, "report": _report,
        "markdown": _markdown,
    }  # fmt: skip
    if name in commands:
        return commands[name](rest)
    if name not in lab.names():
        raise SettingsError(
            f"There is no experiment {name!r}; choose one of {', '.join(lab.names())}, or list, "
            "all, experiment, report, markdown."
        )
    return _one(name, rest)


def _list(words: list[str]) -> int:
    parser_for(f"{PROGRAM} list", "List the experiments.", f"  {PROGRAM} list").parse_args(words)
    widest = max(map(len, lab.names()))
    for name in lab.names():
        print(f"{name:<{widest}}  {lab.summary(name)}")
    return DONE


def _one(name: str, words: list[str]) -> int:
    kind, options_of = kit("declared").options(name), kit("options")
    parser = parser_for(
        f"{PROGRAM} {name}",
        lab.summary(name),
        f"  {PROGRAM} {name} --quick --out {name}/\n"
        f"  {PROGRAM} {name} --data fer2013/ --out {name}/",
    )
    parser.add_argument("--out", type=Path, metavar="DIR", help=f"default: lab/{name}")
    add_flags(parser)
    options_of.add_flags(parser.add_argument_group("of the experiment"), kind)
    arguments = parser.parse_args(words)
    check(arguments)
    options = options_of.from_values(kind, vars(arguments), quick=arguments.quick)
    target = arguments.out or Path("lab", name)
    show(run_into(name, options, target, arguments, quick=arguments.quick), target, arguments)
    return DONE


def _report(words: list[str]) -> int:
    parser = parser_for(
        f"{PROGRAM} report",
        "Write one page about several finished experiments.",
        f"  {PROGRAM} report lab/noise lab/bias --out both.html",
    )
    parser.add_argument("folders", nargs="+", type=Path, metavar="DIR")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.html")
    parser.add_argument("--force", action="store_true", help="replace an existing file")
    arguments = parser.parse_args(words)
    kit("runner").report(arguments.folders, arguments.out, force=arguments.force)
    print(f"The report is {arguments.out}.")
    return DONE


def _markdown(words: list[str]) -> int:
    parser = parser_for(
        f"{PROGRAM} markdown",
        "Write finished experiments as Markdown pages with their figures, for documentation.",
        f"  {PROGRAM} markdown lab/noise lab/bias --out docs/lab",
    )
    parser.add_argument("folders", nargs="+", type=Path, metavar="DIR")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="an existing folder")
    parser.add_argument("--force", action="store_true", help="replace existing files")
    arguments = parser.parse_args(words)
    markdown, result = kit("markdown"), kit("result")
    for place in arguments.folders:
        print(markdown.write(result.read(place), place, arguments.out, force=arguments.force))
    return DONE
