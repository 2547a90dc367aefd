"""`howifeel`: the window."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence

from howifeel.cli import common
from howifeel.errors import MissingPackageError

PROGRAM = "howifeel"
EXAMPLES = """\
  howifeel
  howifeel 0
  howifeel talk.mp4
  howifeel rtsp://host/stream
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Show the window and return the exit code: 0 closed, 1 failed, 2 usage, 130 Ctrl-C."""
    arguments = parser().parse_args(argv)
    return common.guarded(PROGRAM, lambda: _run(arguments), debug=arguments.debug)


def parser() -> argparse.ArgumentParser:
    """The command line of howifeel."""
    made = common.parser_for(
        PROGRAM,
        "A window that shows what faces look like they express. "
        "Everything is computed on this machine.",
        EXAMPLES,
    )
    made.add_argument(
        "source",
        nargs="?",
        metavar="SOURCE",
        help="film, picture, camera number, URL, or test: for a test pattern",
    )
    made.add_argument(
        "--smoke", action="store_true", help="open the window, load the models, close again"
    )
    common.add_settings_flags(made)
    return made


def _run(arguments: argparse.Namespace) -> int:
    try:
        app = importlib.import_module("howifeel.desktop.app")
    except ImportError as error:
        raise MissingPackageError(
            f"The window cannot start ({error}); install HowIFeel again, or on Debian and Ubuntu: "
            "apt install libegl1 libgl1 libxkbcommon0 libfontconfig1."
        ) from error
    settings = common.settings_from(arguments, app.remembered())
    return app.run(settings, arguments.source, smoke=arguments.smoke)


if __name__ == "__main__":
    sys.exit(main())
