"""`howifeel-train votes`: puts FER+ votes right that slipped against their pictures."""

from __future__ import annotations

import argparse
from pathlib import Path

from howifeel.cli import trainer
from howifeel.cli.common import DONE, parser_for

_EXAMPLES = "  howifeel-train votes --data fer2013/ --out fer2013-votes/"


def parser() -> argparse.ArgumentParser:
    """The flags of `votes`."""
    flags = parser_for(
        "howifeel-train votes",
        "Find out to which pictures the FER+ votes in Parquet files belong, where rows were lost, "
        "and write the files anew with the votes of Training put right.",
        _EXAMPLES,
    )
    trainer.add_data(flags)
    flags.add_argument("--out", type=Path, required=True, metavar="DIR", help="a folder")
    flags.add_argument("--force", action="store_true", help="replace files there")
    return flags


def votes(arguments: argparse.Namespace) -> int:
    """Mend and tell."""
    found = trainer.module("realign").realign(arguments.data, arguments.out, force=arguments.force)
    print(
        f"The votes of {found.pictures:,} pictures agreed with {found.before:.1%} of the labels, "
        f"and agree with {found.after:.1%} now; the shift changes at {found.changes} places and "
        f"grows to {found.furthest} rows."
    )
    return DONE
