"""Problems that the user can solve. Each message is one sentence that says what to do."""

from __future__ import annotations

import errno

from howifeel.printable import printable


class HowIFeelError(Exception):
    """Any problem that is reported to the user as one sentence, without a traceback."""

    def __str__(self) -> str:
        """The sentence, in one line, whatever the files and names in it hold."""
        return printable(super().__str__())


class SettingsError(HowIFeelError):
    """A setting has an unknown name or a value out of its range."""


class SourceError(HowIFeelError):
    """A video, picture, camera or URL cannot be read."""


class OutputError(HowIFeelError):
    """A file cannot be written where the user asked for it."""

    @property
    def disk_full(self) -> bool:
        """Whether that is because no room is left, on the disk or for this user."""
        cause = self.__cause__
        return isinstance(cause, OSError) and cause.errno in (errno.ENOSPC, errno.EDQUOT)


class AssetError(HowIFeelError):
    """A model or detector file is missing, damaged or not what it should be."""


class MissingPackageError(HowIFeelError):
    """An optional package is not installed."""


class ClusterError(HowIFeelError):
    """The workers of a batch, or the scheduler that they belong to, cannot be reached."""


class Stopped(KeyboardInterrupt):
    """Ctrl-C in work that can be continued; its text says what was kept, and how to go on."""
