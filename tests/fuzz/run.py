"""Runs the cases and prints a table: `python tests/fuzz/run.py --per-kind 60`.

Each case runs in a forked child with limits on memory, time and file size (`child.py`), so it
costs milliseconds and cannot harm the others. Cases of the trainer run last, because what they
import stays in memory.
"""

from __future__ import annotations

import argparse
import importlib
import json
import shutil
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from itertools import chain
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests" / "fuzz")]

import child  # noqa: E402
import corpus  # noqa: E402
import crafted  # noqa: E402
import judged  # noqa: E402

_APP = ("howifeel.cli.batch", "howifeel.session.journal", "pyarrow.parquet", "howifeel.report")
_TRAINER = (
    "howifeel.train.readers", "howifeel.train.end_to_end", "howifeel.train.pretrained",
    "howifeel.train.detector.data", "howifeel.train.detector.checkpoint",
    "howifeel.train.checkpoint", "howifeel.train.nets.compact",
)  # fmt: skip


def cases(per_kind: int, store: Path | None) -> Iterator[child.Case]:
    """All cases in order; modules are imported just before they are needed."""
    for trainer, modules in ((False, _APP), (True, _TRAINER)):
        for module in modules:
            importlib.import_module(module)
        yield from chain(
            corpus.whole(trainer=trainer),
            crafted.cases(store / ("trainer" if trainer else "app"), trainer=trainer)
            if store
            else (),
            corpus.damaged(per_kind, trainer=trainer),
        )


def verdicts(todo: Iterable[child.Case], only: str, work: Path) -> Iterator[child.Verdict]:
    """Run the cases whose kind or name holds a word."""
    for number, case in enumerate(todo):
        if only not in f"{case.kind}: {case.name}" and only not in f"{case.name}: {case.kind}":
            continue
        folder = work / str(number)
        folder.mkdir()
        yield child.run(case, folder)
        shutil.rmtree(folder, ignore_errors=True)


def table(found: list[child.Verdict]) -> str:
    """Counts by kind as Markdown."""
    by_kind: dict[str, list[child.Verdict]] = defaultdict(list)
    for verdict in found:
        by_kind[verdict.kind].append(verdict)
    lines = ["| kind | cases | read | refused | problems | highest memory, MB | slowest, s |"]
    lines.append("| --- | --- | --- | --- | --- | --- | --- |")
    for kind, some in [*sorted(by_kind.items()), ("all", found)]:
        read = sum(v.code == 0 and not v.problem for v in some)
        bad = sum(bool(v.problem) for v in some)
        peak, slowest = max(v.peak_mb for v in some), max(v.wall_s for v in some)
        lines.append(
            f"| {kind} | {len(some)} | {read} | {len(some) - read - bad} | {bad} | {peak:.0f} "
            f"| {slowest:.1f} |"
        )
    return "\n".join(lines)


def main() -> int:
    """Run, print, and tell by the exit code whether anything was wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--per-kind", type=int, default=60, metavar="N")
    parser.add_argument("--only", default="", metavar="WORD", help="kind or name holds this word")
    parser.add_argument("--sample", action="store_true", help="five damaged copies of each kind")
    parser.add_argument("--judge", action="store_true", help="cases that misbehave on purpose")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every verdict here")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="howifeel-fuzz-") as work:
        found = []
        todo = judged.cases() if arguments.judge else cases(arguments.per_kind, Path(work, "made"))
        if arguments.sample:
            todo = cases(5, None)
        if arguments.judge:
            child.MOST_CPU_S = 2
        for verdict in verdicts(todo, arguments.only, Path(work)):
            found.append(verdict)
            if verdict.problem:
                print(f"{verdict.kind}, {verdict.name}: {verdict.problem}", file=sys.stderr)
    if arguments.json:
        arguments.json.write_text(json.dumps([asdict(v) for v in found], indent=1))
    print(table(found))
    return int(any(verdict.problem for verdict in found))


if __name__ == "__main__":
    sys.exit(main())
