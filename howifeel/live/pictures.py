"""Fetches the pictures of a video in a thread of its own, for a player that must not wait."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from howifeel.live.newest import Newest
from howifeel.video.seek import Seekable, Still, open_seekable


class Pictures:
    """The picture at any time of a video; of several wishes only the newest is fulfilled.

    Args:
        path: of the video.
        opener: opens it, in the thread.
    """

    def __init__(self, path: Path, opener: Callable[[Path], Seekable] = open_seekable) -> None:
        self._path, self._opener = path, opener
        self._wishes: Newest[float] = Newest()
        self._stills: Newest[Still] = Newest()
        self._closed = threading.Event()
        self._error: Exception | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def want(self, time_s: float) -> None:
        """Ask for the picture at a time of the video, in seconds; returns at once."""
        self._wishes.put(time_s)

    def latest(self) -> Still | None:
        """A picture that was fetched since this was asked last, if there is one; at once.

        Raises:
            SourceError: the video cannot be read. Whatever was raised is raised once.
        """
        if self._error:
            error, self._error = self._error, None
            raise error
        return self._stills.take(0)

    def close(self, timeout_s: float = 1.0) -> bool:
        """End the thread; whether it ended in time. What it still decodes is abandoned."""
        self._closed.set()
        self._wishes.close()
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            seekable = self._opener(self._path)
        except Exception as error:
            self._error = error
            return
        try:
            self._serve(seekable)
        except Exception as error:
            self._error = error
        finally:
            seekable.close()

    def _serve(self, seekable: Seekable) -> None:
        still: Still | None = None
        while not self._closed.is_set():
            time_s = self._wishes.take(None)
            if time_s is None or (still and still.time_s <= time_s < still.until_s):
                continue
            still = seekable.at(time_s, self._closed.is_set)
            if still:
                self._stills.put(still)
