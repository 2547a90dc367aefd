"""`howifeel-video` with several inputs or folders: a batch, which can be taken up again."""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from howifeel import files, overlay, video
from howifeel import jobs as names
from howifeel.annotate import Job, Progress
from howifeel.batch import alone, cluster, folder, manifest, plan, work
from howifeel.batch.ledger import Ledger, recall
from howifeel.batch.plan import Key, Piece
from howifeel.batch.run import Run, Summary
from howifeel.batch.watch import Watch
from howifeel.batch.work import Result
from howifeel.cli import common
from howifeel.cli.board import Board
from howifeel.cli.jobs import jobs, place_of
from howifeel.cli.outcome import as_json, in_words
from howifeel.cli.progress import clock
from howifeel.config import Settings
from howifeel.errors import SettingsError, SourceError
from howifeel.jobs import Found
from howifeel.printable import printable


def is_one(arguments: argparse.Namespace, found: Sequence[Found]) -> bool:
    """Whether the flags ask for a batch."""
    return not arguments.live and (
        len(found) > 1 or any(each.folder for each in found) or bool(arguments.scheduler)
    )


def run(arguments: argparse.Namespace, found: Sequence[Found]) -> int:
    """Do a batch.

    Returns:
        0 all is done or was done before, 1 a source failed or is quarantined.

    Raises:
        HowIFeelError: nothing can be done at all, or the run cannot go on.
    """
    if arguments.scheduler and arguments.workers:
        raise SettingsError("--scheduler brings its own workers; leave out --workers.")
    if arguments.scheduler:
        cluster.check_address(arguments.scheduler)
    place = place_of(arguments.out, arguments.timeline, arguments.report)
    path = place / manifest.NAME
    found = _without_copies(found, path, arguments)
    planned = _planned(arguments, found, path)
    settings = _for_any_folder(common.settings_from(arguments))
    basis = _basis(arguments, settings)
    with folder.held(place):
        known = plan.followed(found, recall(path))
        named = plan.named(found, known)
        pieces = plan.plan(
            named,
            planned if named == found else _planned(arguments, named, path),
            known,
            place,
            basis,
            tries=arguments.tries,
            force=arguments.force,
        )
        return _run(arguments, pieces, known, path, settings)


def _basis(arguments: argparse.Namespace, settings: Settings) -> plan.Basis:
    """What results depend on; only `work` keeps the engine that tells it."""
    loaded = work.engine_for(settings)
    for note in loaded.notes:
        _say(arguments, note)
    overlays = tuple(arguments.overlay or overlay.DEFAULT)
    # A threshold of the model's own is part of the model, which has a hash of its own.
    origin = replace(loaded.provenance(""), settings=settings.as_dict())
    return plan.fingerprint(origin, overlays, arguments.seconds)


def _run(
    arguments: argparse.Namespace,
    pieces: Sequence[Piece],
    known: Sequence[manifest.Entry],
    path: Path,
    settings: Settings,
) -> int:
    mark = folder.mark_of(path.parent)
    places = {t.parent for piece in pieces if piece.job for t in piece.job.targets} | {path.parent}
    _sweep(places, mark)
    workers = _how_many(arguments, sum(piece.job is not None for piece in pieces))
    threads = None
    if workers != 1:
        threads = 1
        # Long films first, so that all workers end at about the same time.
        pieces = sorted(pieces, key=lambda piece: -(piece.entry.size or 0))
    pieces = [
        replace(piece, job=replace(piece.job, mark=mark, codec_threads=threads))
        if piece.job
        else piece
        for piece in pieces
    ]
    with ExitStack() as hired:
        work_through = _hire(hired, arguments, workers, settings, path.parent)
        ledger = Ledger(path, [*known, *(piece.entry for piece in pieces)], mark)
        told = _Told(arguments, pieces)
        batch = Run(pieces, ledger, told, arguments.tries)

        def work_and_dismiss(todo: list[Key]) -> None:
            with hired:  # no worker is left when its unfinished files are removed
                work_through(todo, batch)

        try:
            summary = batch.do(work_and_dismiss)
        finally:
            told.board.clear()
            _sweep(places, mark)
    _say(arguments, _in_words(summary, path))
    bad = summary.states["failed"] + summary.states["quarantined"]
    return common.FAILED if bad else common.DONE


def _hire(
    hired: ExitStack,
    arguments: argparse.Namespace,
    workers: int | None,
    settings: Settings,
    place: Path,
) -> Callable[[list[Key], Watch], None]:
    """What has the work done: by this process, by others here, or by those of a cluster (None)."""
    if workers == 1:
        return lambda todo, watch: alone.work_through(todo, settings, watch)
    own = f"howifeel-{folder.mark_of(place)}"
    if workers is None:
        opened = cluster.existing(arguments.scheduler)
    else:
        opened = cluster.local(workers, place.absolute() / f".{own}-workers")
    work.engine_for.cache_clear()
    joined = hired.enter_context(opened)
    rounds = importlib.import_module("howifeel.batch.rounds")  # needs Dask
    return lambda todo, watch: rounds.work_through(
        joined, todo, settings, watch, own, arguments.stall
    )


class _Told:
    """Tells on stdout and stderr what becomes of each source."""

    def __init__(self, arguments: argparse.Namespace, pieces: Sequence[Piece]) -> None:
        self._arguments = arguments
        self._labels = plan.labels(piece.entry.key for piece in pieces)
        sizes = {p.entry.key: p.entry.size or 0 for p in pieces if p.job}
        self.board = Board(sizes, self._labels)
        for piece in pieces:
            if not piece.job and piece.entry.state != "done":
                self._complain(piece)

    def going(self, key: Key, progress: Progress) -> None:
        self.board.going(key, progress)

    def ended(self, piece: Piece, result: Result) -> None:
        assert piece.job
        self.board.over(piece.entry.key)
        self.board.clear()
        if result.outcome is None:
            if self._arguments.debug:
                print(result.trace, file=sys.stderr)
            self._complain(piece)
            return
        for note in result.outcome.notes:
            self._say_of(piece, note)
        shown = replace(result.outcome, source=_shown(piece), written=piece.job.targets)
        if self._arguments.json:
            print(as_json(shown, result.device), flush=True)
        else:
            named = replace(shown, source=printable(self._labels[piece.entry.key]))
            print(in_words(named, result.device), flush=True)

    def lost(self, piece: Piece) -> None:
        again = piece.entry.state == "waiting"
        self.board.over(piece.entry.key, again=again)
        self.board.clear()
        if again:
            self._say_of(piece, piece.entry.error)
        else:
            self._complain(piece)

    def refresh(self) -> None:
        self.board.refresh()

    def _complain(self, piece: Piece) -> None:
        said = piece.entry.error
        if self._arguments.json:
            kind = "skipped" if piece.entry.state == "skipped" else "error"
            print(json.dumps({"source": _shown(piece), kind: said}), flush=True)
        self._say_of(piece, said)

    def _say_of(self, piece: Piece, sentence: str) -> None:
        """Say something of a source, under the one name that it has in all that is told."""
        label = self._labels[piece.entry.key]
        path = video.local_path(piece.job.source) if piece.job else None
        if path:
            sentence = sentence.replace(plan.text(path.absolute()), label)
        _say(self._arguments, sentence if label in sentence else f"{label}: {sentence}")


def _without_copies(
    found: Sequence[Found], path: Path, arguments: argparse.Namespace
) -> list[Found]:
    """The sources but for what is in the folders as the outcome of earlier runs."""
    places = files.Places()
    written = {places.file(path.parent / each) for row in recall(path) for each in row.wrote}
    kept = [
        each
        for each in found
        if not each.folder
        or not (names.is_annotated(each) or places.file(Path(each.spec)) in written)
    ]
    if not kept:
        raise SourceError("There are only annotated copies; name a folder with other films.")
    if len(kept) < len(found):
        copies = len(found) - len(kept)
        _say(
            arguments, f"{copies} annotated {'copies were' if copies > 1 else 'copy was'} left out."
        )
    return kept


def _planned(arguments: argparse.Namespace, found: Sequence[Found], path: Path) -> list[Job]:
    return jobs(
        list(found),
        arguments.out,
        arguments.timeline,
        arguments.report,
        overlays=tuple(arguments.overlay or overlay.DEFAULT),
        force=arguments.force,
        stop_after_s=arguments.seconds,
        makes_folder=True,
        others=[path],
    )


def _for_any_folder(settings: Settings) -> Settings:
    """The same settings for workers in other folders."""
    own = settings.model.endswith(".onnx")
    return replace(
        settings,
        model=str(Path(settings.model).absolute()) if own else settings.model,
        detector_files=tuple(str(Path(each).absolute()) for each in settings.detector_files),
    )


def _how_many(arguments: argparse.Namespace, todo: int) -> int | None:
    """How many processes are worth it; 1 stands for this one, None for those of the cluster."""
    if not todo:
        return 1
    if arguments.scheduler:
        return None
    if arguments.workers:
        return min(arguments.workers, todo)
    if todo == 1:
        return 1
    if cluster.available():
        return min(cluster.cores(), todo)
    _say(arguments, "One file at a time; pip install 'howifeel[dist]' lets all cores work.")
    return 1


def _sweep(places: set[Path], mark: str) -> None:
    for each in places:
        files.sweep(each, mark)


def _shown(piece: Piece) -> str:
    return video.display_name(piece.job.source) if piece.job else piece.entry.source


def _in_words(summary: Summary, path: Path) -> str:
    states = summary.states
    noted = f" ({summary.noted} with notes)" if summary.noted else ""
    counts = {
        f"done{noted}": states["done"] - summary.before,
        "done before": summary.before,
        "skipped": states["skipped"],
        "failed": states["failed"],
        "quarantined": states["quarantined"],
    }
    told = ", ".join(f"{count} {state}" for state, count in counts.items() if count)
    speed = summary.film_s / summary.wall_s if summary.wall_s else 0
    film = f"; {_length(summary.film_s)} of film in {clock(summary.wall_s)}"
    film = f"{film}, {speed:.1f} times real time" if summary.film_s else ""
    return f"{told}{film}; see {path}."


def _length(seconds: float) -> str:
    return f"{seconds / 3600:.1f} h" if seconds >= 3600 else f"{seconds / 60:.1f} min"


def _say(arguments: argparse.Namespace, sentence: str) -> None:
    print(f"{arguments.program}: {printable(sentence)}", file=sys.stderr)
