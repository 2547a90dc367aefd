"""What howifeel-video does once its flags are read: one input, or recordings one by one."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import FrameType

from howifeel import annotate, engine, overlay, video
from howifeel.cli import batch, common
from howifeel.cli.jobs import check_there, jobs, sources
from howifeel.cli.outcome import as_json, in_words
from howifeel.cli.progress import ProgressLine
from howifeel.stopping import on_stop


def run(arguments: argparse.Namespace) -> int:
    """Do what the flags of `howifeel-video` ask for.

    Returns:
        0 done, 1 an input failed, 130 a recording was ended before its last input.
        Several inputs, and folders, are a batch; see `cli.batch`.

    Raises:
        HowIFeelError: nothing can be done at all; with --json it is printed as an object too.
    """
    try:
        found = sources(arguments.inputs, live=arguments.live, tell=partial(_note, arguments))
        check_there(found)
        if batch.is_one(arguments, found):
            return batch.run(arguments, found)
        todo = jobs(
            found,
            arguments.out,
            arguments.timeline,
            arguments.report,
            overlays=tuple(arguments.overlay or overlay.DEFAULT),
            force=arguments.force,
            live=arguments.live,
            stop_after_s=arguments.seconds,
        )
        loaded = engine.load(common.settings_from(arguments))
    except Exception as error:
        if arguments.json:
            print(json.dumps({"error": common.sentence(error)}), flush=True)
        raise
    for note in loaded.notes:
        _note(arguments, note)
    stop = StopRequest()
    if arguments.live:
        stop.listen()
    failed = 0
    for job in todo:
        if stop.pressed:
            return common.INTERRUPTED
        failed += not _do(job, loaded, stop, arguments)
    if failed and len(todo) > 1:
        print(f"{arguments.program}: {failed} of {len(todo)} inputs failed.", file=sys.stderr)
    return common.FAILED if failed else common.DONE


class StopRequest:
    """Ctrl-C while recording: the first one ends the recording well, the second one at once."""

    def __init__(self) -> None:
        self.pressed = False

    def listen(self) -> None:
        """Take over Ctrl-C and the signals that mean the same."""
        on_stop(self._press)

    def _press(self, number: int, stack: FrameType | None) -> None:
        if self.pressed:
            raise KeyboardInterrupt
        self.pressed = True


def _do(
    job: annotate.Job, loaded: engine.Engine, stop: StopRequest, arguments: argparse.Namespace
) -> bool:
    """Do one job and report it; whether it succeeded."""
    name = video.display_name(job.source)
    line = ProgressLine(Path(name).name, "frames")
    try:
        outcome = annotate.annotate(job, loaded, _shown_on(line), lambda: stop.pressed)
    except Exception as error:
        if stop.pressed:
            raise KeyboardInterrupt from error
        line.close()
        common.report(arguments.program, error, debug=arguments.debug)
        if arguments.json:
            print(json.dumps({"source": name, "error": common.sentence(error)}), flush=True)
        return False
    finally:
        line.close()
    for note in outcome.notes:
        _note(arguments, note)
    say = as_json if arguments.json else in_words
    print(say(outcome, loaded.classifier.device), flush=True)
    return True


def _shown_on(line: ProgressLine) -> Callable[[annotate.Progress], None]:
    return lambda progress: line.update(progress.frames, progress.total)


def _note(arguments: argparse.Namespace, sentence: str) -> None:
    print(f"{arguments.program}: {sentence}", file=sys.stderr)
