"""`howifeel-lab`: studies of how far an expression classifier can be trusted."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from types import ModuleType
from typing import Any

from howifeel import lab
from howifeel.cli.common import DONE, FAILED, guarded, parser_for, report
from howifeel.cli.progress import ProgressLine
from howifeel.errors import HowIFeelError, MissingPackageError, SettingsError

_PROGRAM = "howifeel-lab"
_EXAMPLES = """  howifeel-lab list
  howifeel-lab noise --data fer2013/ --model runs/mine/model.onnx --out noise/
  howifeel-lab saliency --data fer2013/ --model runs/mine/checkpoint.pt --out saliency/
  howifeel-lab all --quick --out lab/          (everything, small, on drawn faces)
  howifeel-lab report noise/ saliency/ --out both.html"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command.

    Returns:
        0 done, 1 failed, 2 wrong usage, 130 interrupted.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    return guarded(_PROGRAM, lambda: _run(words), debug="--debug" in words)


def _run(words: list[str]) -> int:
    parser = parser_for(
        _PROGRAM,
        "Study a classifier, or networks that are trained for it. Each experiment has its own "
        f"options: {_PROGRAM} EXPERIMENT --help.",
        _EXAMPLES,
    )
    parser.add_argument(
        "experiment",
        metavar="EXPERIMENT",
        help=f"{', '.join(lab.names())}; or list, all, report, markdown",
    )
    known = parser.parse_args([word for word in words if word in ("-h", "--help", "--version")]
                              if not words or words[0].startswith("-") else words[:1])  # fmt: skip
    name, rest = known.experiment, words[1:]
    commands = {"list": _list, "all": _all, "report": _report, "markdown": _markdown}
    if name in commands:
        return commands[name](rest)
    if name not in lab.names():
        raise SettingsError(
            f"There is no experiment {name!r}; choose one of {', '.join(lab.names())}, or list, "
            "all, report, markdown."
        )
    return _one(name, rest)


def _list(words: list[str]) -> int:
    parser_for(f"{_PROGRAM} list", "List the experiments.", f"  {_PROGRAM} list").parse_args(words)
    widest = max(map(len, lab.names()))
    for name in lab.names():
        print(f"{name:<{widest}}  {lab.summary(name)}")
    return DONE


def _one(name: str, words: list[str]) -> int:
    experiment = lab.load(name)
    kit = _kit("options")
    parser = parser_for(
        f"{_PROGRAM} {name}",
        lab.summary(name),
        f"  {_PROGRAM} {name} --quick --out {name}/\n"
        f"  {_PROGRAM} {name} --data fer2013/ --out {name}/",
    )
    _add_run_flags(parser, f"default: lab/{name}")
    kit.add_flags(parser.add_argument_group("of the experiment"), experiment.Options)
    arguments = parser.parse_args(words)
    _use(arguments)
    options = kit.from_values(experiment.Options, vars(arguments), quick=arguments.quick)
    target = arguments.out or Path("lab", name)
    record = _run_into(name, options, target, arguments)
    if arguments.json:
        print(record.to_json(), end="")
        return DONE
    _print(record)
    print(f"The report is {target / _kit('runner').REPORT_FILE}.")
    return DONE


def _all(words: list[str]) -> int:
    kit, runner = _kit("options"), _kit("runner")
    parser = parser_for(
        f"{_PROGRAM} all",
        "Run every experiment, each into its own folder, and write one report about them. Options "
        "that an experiment does not have are left out there.",
        f"  {_PROGRAM} all --quick --out lab/\n"
        f"  {_PROGRAM} all --data fer2013/ --out lab/ --resume",
    )
    _add_run_flags(parser, "default: lab")
    kit.add_flags(parser.add_argument_group("of the experiments"), kit.ModelOptions)
    parser.add_argument("--only", nargs="+", metavar="NAME", help="run only these", default=[])
    arguments = parser.parse_args(words)
    _use(arguments)
    for name in arguments.only:
        lab.load(name)
    out, failed, folders = arguments.out or Path("lab"), [], []
    page = out / runner.REPORT_FILE
    if page.exists() and not (arguments.force or arguments.resume):
        runner.check_folder(out, force=False)
    for name in arguments.only or lab.names():
        folder = out / name
        if not (arguments.resume and (folder / _kit("result").RESULT_FILE).exists()):
            print(f"{name}: {lab.summary(name)}", file=sys.stderr)
            try:
                experiment = lab.load(name)
                given = _fitting(experiment.Options, vars(arguments))
                options = kit.from_values(experiment.Options, given, quick=arguments.quick)
                _run_into(name, options, folder, arguments)
            except HowIFeelError as error:
                report(f"{_PROGRAM} {name}", error, debug=arguments.debug)
                failed.append(name)
                continue
        folders.append(folder)
    if folders:
        runner.report(folders, page, force=True)
        print(f"The report is {page}.")
    if failed:
        print(f"{_PROGRAM}: these failed: {', '.join(failed)}.", file=sys.stderr)
    return FAILED if failed else DONE


def _report(words: list[str]) -> int:
    parser = parser_for(
        f"{_PROGRAM} report",
        "Write one page about several finished experiments.",
        f"  {_PROGRAM} report lab/noise lab/bias --out both.html",
    )
    parser.add_argument("folders", nargs="+", type=Path, metavar="DIR")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.html")
    parser.add_argument("--force", action="store_true", help="replace an existing file")
    arguments = parser.parse_args(words)
    _kit("runner").report(arguments.folders, arguments.out, force=arguments.force)
    print(f"The report is {arguments.out}.")
    return DONE


def _markdown(words: list[str]) -> int:
    parser = parser_for(
        f"{_PROGRAM} markdown",
        "Write finished experiments as Markdown pages with their figures, for documentation.",
        f"  {_PROGRAM} markdown lab/noise lab/bias --out docs/lab",
    )
    parser.add_argument("folders", nargs="+", type=Path, metavar="DIR")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="an existing folder")
    parser.add_argument("--force", action="store_true", help="replace existing files")
    arguments = parser.parse_args(words)
    markdown, result = _kit("markdown"), _kit("result")
    for record, folder in [(result.read(folder), folder) for folder in arguments.folders]:
        print(markdown.write(record, folder, arguments.out, force=arguments.force))
    return DONE


def _add_run_flags(parser: argparse.ArgumentParser, default: str) -> None:
    parser.add_argument("--out", type=Path, metavar="DIR", help=default)
    parser.add_argument(
        "--quick", action="store_true", help="few pictures, few epochs: see that it runs"
    )
    parser.add_argument(
        "--resume", action="store_true", help="go on with what an interrupted run left"
    )
    parser.add_argument("--force", action="store_true", help="replace an existing result")
    parser.add_argument("--json", action="store_true", help="print result.json for machines")
    parser.add_argument("--threads", type=int, metavar="N", help="CPU threads of PyTorch")


def _use(arguments: argparse.Namespace) -> None:
    if arguments.threads is None:
        return
    if arguments.threads < 1:
        raise SettingsError("--threads must be at least 1.")
    importlib.import_module("torch").set_num_threads(arguments.threads)


def _run_into(name: str, options: Any, target: Path, arguments: argparse.Namespace) -> Any:
    shown: dict[str, ProgressLine] = {}

    def on_progress(label: str, done: int, total: int) -> None:
        if label not in shown:
            close()
            shown[label] = ProgressLine(label, "steps")
        shown[label].update(done, total)

    def close() -> None:
        for line in shown.values():
            line.close()

    try:
        return _kit("runner").run(
            name,
            options,
            target,
            quick=arguments.quick,
            resume=arguments.resume,
            force=arguments.force,
            on_progress=on_progress,
        )
    finally:
        close()


def _fitting(kind: type, given: dict[str, Any]) -> dict[str, Any]:
    """What an experiment can be told of what was given for all of them."""
    own = {spec.name for spec in fields(kind)}
    fitting = {name: value for name, value in given.items() if name in own}
    needs_gradients = issubclass(kind, _kit("options").GradientOptions)
    if needs_gradients and not str(fitting.get("model") or "").endswith(".pt"):
        fitting.pop("model", None)
    return fitting


def _print(record: Any) -> None:
    page = _kit("page")
    print(record.result.protocol)
    widest = max(len(number.name) for number in record.result.numbers)
    for number in record.result.numbers:
        bounds = page.interval(number)
        print(
            f"  {number.name:<{widest}}  {page.formatted(number)}"
            + (f"  (95 % interval {bounds})" if bounds else "")
        )


def _kit(name: str) -> ModuleType:
    """A module of the lab's kit, imported only when a command needs it."""
    try:
        return importlib.import_module(f"howifeel.lab.kit.{name}")
    except ModuleNotFoundError as error:
        raise MissingPackageError(
            f'The lab needs the package {error.name}; install it with: pip install "howifeel[lab]".'
        ) from error
