"""The work on one source, in whichever process it happens."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from howifeel import engine
from howifeel.annotate import Job, Outcome, Progress, annotate
from howifeel.config import Settings
from howifeel.engine import Engine
from howifeel.errors import HowIFeelError, OutputError


class Abandoned(BaseException):
    """Nobody waits for the work any more; nothing of it is kept."""


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a source: its outcome, or the sentence that says why there is none.

    `trace` is the traceback of an error, for --debug; `device` is what the classifier ran on;
    `disk_full` tells that no other source will fare better.
    """

    outcome: Outcome | None = None
    device: str = ""
    error: str = ""
    trace: str = ""
    disk_full: bool = False


def do(job: Job, settings: Settings, on_progress: Callable[[Progress], None]) -> Result:
    """Do a job; whatever goes wrong is told in the result.

    The detector and the classifier stay loaded for the next job of this process.

    Args:
        job: what to do.
        settings: thresholds, model, detector.
        on_progress: called after each frame; it may raise `Abandoned`.

    Raises:
        Abandoned: as `on_progress` did; no unfinished file is left.
    """
    try:
        loaded = engine_for(settings)
        return Result(annotate(job, loaded, on_progress), loaded.classifier.device)
    except HowIFeelError as error:
        full = isinstance(error, OutputError) and error.disk_full
        return Result(error=str(error), trace=traceback.format_exc(), disk_full=full)
    except Exception as error:
        said = f"Unexpected {type(error).__name__}: {error}."
        return Result(error=said, trace=traceback.format_exc())


@lru_cache(maxsize=1)
def engine_for(settings: Settings) -> Engine:
    """The engine of this process, loaded when it is asked for the first time; as `engine.load`."""
    return engine.load(settings)
