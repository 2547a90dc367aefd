"""`howifeel-lab all`: every experiment, each into its own folder, one report, and pages."""

from __future__ import annotations

import argparse
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

from howifeel import lab
from howifeel.cli.common import DONE, FAILED, parser_for, report
from howifeel.cli.lab.running import PROGRAM, add_flags, check, check_place, kit, run_into
from howifeel.errors import OutputError, SettingsError, Stopped
from howifeel.files import check_target


def run(words: list[str]) -> int:
    """Run the command with what was typed after `all`; the exit code."""
    options_of, runner = kit("options"), kit("runner")
    parser = parser_for(
        f"{PROGRAM} all",
        "Run every experiment, each into its own folder, and write one report about them. Options "
        "that an experiment does not have are left out there.",
        f"  {PROGRAM} all --quick --out lab/\n"
        f"  {PROGRAM} all --data fer2013/ --model runs/mine/checkpoint.pt --out lab/ --resume\n"
        f"  {PROGRAM} all --data fer2013/ --settings docs/lab/pages.toml --out lab/",
    )
    parser.add_argument("--out", type=Path, metavar="DIR", help="default: lab")
    add_flags(parser)
    options_of.add_flags(parser.add_argument_group("of the experiments"), options_of.ModelOptions)
    parser.add_argument("--only", nargs="+", metavar="NAME", help="run only these", default=[])
    parser.add_argument(
        "--settings", type=Path, metavar="FILE.toml",
        help="options of single experiments, a table for each; flags go before them",
    )  # fmt: skip
    parser.add_argument(
        "--set", action="extend", nargs="+", metavar="NAME.OPTION=VALUE", default=[],
        help="options of single experiments, such as bias.table=people.parquet",
    )  # fmt: skip
    parser.add_argument(
        "--pages", type=Path, metavar="DIR",
        help="write each as a Markdown page into this folder, too; --force replaces pages",
    )  # fmt: skip
    arguments = parser.parse_args(words)
    check(arguments)
    options_of.from_values(options_of.ModelOptions, vars(arguments), quick=arguments.quick)
    names = tuple(dict.fromkeys(arguments.only)) or lab.names()
    chosen = _options(names, arguments)
    _check_pages(arguments.pages, names, force=arguments.force)
    out = arguments.out or Path("lab")
    for name, options in chosen.items():
        check_place(out / name, options, arguments)
    page = out / runner.REPORT_FILE
    if page.exists():
        check_target(page, force=arguments.force or arguments.resume)
    failed, folders, records = [], [], []
    for name, options in chosen.items():
        try:
            record = run_into(name, options, out / name, arguments, quick=arguments.quick)
            folders.append(out / name)
            records.append(record)
            if arguments.pages:
                kit("markdown").write(record, out / name, arguments.pages, force=arguments.force)
        except Stopped as stop:
            told = "What is finished stays: --resume goes on after it." if records else ""
            raise Stopped(f"{stop} {told}".rstrip()) from stop
        except Exception as error:  # the others are still worth having
            report(f"{PROGRAM} {name}", error, debug=arguments.debug)
            failed.append(name)
    if folders:
        runner.report(folders, page, force=True)
    if arguments.json:
        print(f"[{','.join(record.to_json() for record in records)}]")
    elif folders:
        print(f"The report is {page}.")
    if failed:
        print(f"{PROGRAM}: these failed: {', '.join(failed)}.", file=sys.stderr)
    return FAILED if failed else DONE


def _check_pages(pages: Path | None, names: tuple[str, ...], *, force: bool) -> None:
    """Refuse pages that exist or cannot be written, before any work is done."""
    if pages is None:
        return
    if not pages.is_dir():
        raise OutputError(f"The folder {pages} does not exist; create it or choose another.")
    for name in names:
        drawn = sorted(path for path in pages.glob(f"{name}-*.svg") if _of(path.stem) == name)
        for path in (pages / f"{name}.md", *drawn):
            check_target(path, force=force)


def _of(figure: str) -> str:
    """The experiment of a page's figure: of `data-size-scaling` it is data-size, and not data."""
    return max((name for name in lab.names() if figure.startswith(f"{name}-")), key=len)


def _options(names: tuple[str, ...], arguments: argparse.Namespace) -> dict[str, Any]:
    """The options of each experiment, before any of them runs."""
    declared, tables = kit("declared"), kit("toml_options").tables
    kinds = {name: declared.options(name) for name in names}
    for name in tables(None, arguments.set):
        if name not in kinds:
            raise SettingsError(f"--set is given for {name}, which --only leaves out.")
    of_each = tables(arguments.settings, arguments.set)
    given = {
        name: of_each.get(name, {}) | _fitting(kind, vars(arguments))
        for name, kind in kinds.items()
    }
    from_values = kit("options").from_values
    return {
        name: from_values(kind, given[name], quick=arguments.quick) for name, kind in kinds.items()
    }


def _fitting(kind: type, given: dict[str, Any]) -> dict[str, Any]:
    """What an experiment can be told of what was given for all of them."""
    own = {spec.name for spec in fields(kind)}
    return {n: value for n, value in given.items() if n in own and value is not None}
