"""All pieces of a batch in this process, one after the other."""

from __future__ import annotations

from collections.abc import Iterable

from howifeel.annotate import Progress
from howifeel.batch import work
from howifeel.batch.plan import Key
from howifeel.batch.watch import Watch
from howifeel.config import Settings


def work_through(keys: Iterable[Key], settings: Settings, watch: Watch) -> None:
    """Do every piece.

    Raises:
        OutputError: what happens cannot be recorded.
    """
    for key in keys:
        job = watch.begun(key)
        problems: list[Exception] = []

        def going(progress: Progress, key: Key = key, problems: list[Exception] = problems) -> None:
            try:
                watch.going(key, progress)
            except Exception as error:
                problems.append(error)
                raise work.Abandoned from error

        try:
            result = work.do(job, settings, going)
        except work.Abandoned:
            raise problems[0] from None
        watch.ended(key, result)
