"""What all commands share: errors as one sentence, exit codes, flags made from the settings."""

from __future__ import annotations

import argparse
import io
import os
import signal
import sys
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from howifeel import __version__, config
from howifeel.errors import HowIFeelError, SettingsError, Stopped
from howifeel.printable import printable
from howifeel.stopping import on_stop

DONE, FAILED, USAGE, INTERRUPTED = 0, 1, 2, 130


class _Once(argparse.Action):
    """Stores the value of a flag, and refuses a second one instead of forgetting the first."""

    _seen_in: argparse.Namespace | None = None

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: Any,
        option_string: str | None = None,
    ) -> None:
        if option_string and self._seen_in is namespace:
            raise argparse.ArgumentError(self, "it may be given once only")
        self._seen_in = namespace
        setattr(namespace, self.dest, values)


def parser_for(program: str, description: str, examples: str) -> argparse.ArgumentParser:
    """A parser with --version and --debug, and examples at the end of its help.

    Flags with a value may be given once, unless they are made with `action="append"`.
    """
    parser = argparse.ArgumentParser(
        prog=program,
        description=description,
        epilog=f"examples:\n{examples}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.register("action", None, _Once)
    parser.add_argument("--version", action="version", version=f"{program} {__version__}")
    parser.add_argument("--debug", action="store_true", help="show a traceback when it fails")
    return parser


def count(text: str) -> int:
    """The value of a flag that counts things.

    Raises:
        argparse.ArgumentTypeError: it is no whole number of at least 1.
    """
    with suppress(ValueError):
        if (value := int(text)) >= 1:
            return value
    raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at least 1")


def add_settings_flags(parser: argparse.ArgumentParser) -> None:
    """One flag for each setting, for example --face-score, and --config for a TOML file."""
    group = parser.add_argument_group("settings")
    group.add_argument("--config", type=Path, metavar="FILE", help="read settings from a TOML file")
    defaults = config.Settings()
    for name, about in config.ABOUT.items():
        flag = "--" + name.replace("_", "-")
        if about.kind is tuple:
            group.add_argument(flag, nargs=2, metavar=("PROTOTXT", "MODEL"), help=about.help)
            continue
        default = getattr(defaults, name)
        group.add_argument(
            flag,
            type=about.kind,
            choices=about.choices or None,
            metavar=None if about.choices else "NAME" if about.kind is str else "N",
            help="".join(
                (
                    about.help,
                    f", {about.range}" if about.range else "",
                    "" if default is None else f" (default: {default})",
                )
            ),
        )


def settings_from(
    arguments: argparse.Namespace, remembered: Mapping[str, object] | None = None
) -> config.Settings:
    """The settings of a run: defaults < remembered < --config < environment < flags.

    Raises:
        SettingsError: a name or value is wrong.
    """
    flags = {name: getattr(arguments, name) for name in config.ABOUT}
    return config.load(arguments.config, os.environ, flags, remembered)


def guarded(program: str, body: Callable[[], int], *, debug: bool = False) -> int:
    """Run a command's body; turn what goes wrong into one sentence and an exit code.

    Returns:
        The body's own code; 1 failed, 2 wrong usage, 130 interrupted (Ctrl-C, SIGTERM, or a
        terminal that was closed).
    """
    on_stop(signal.default_int_handler)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        return body()
    except KeyboardInterrupt as stop:
        kept = stop if isinstance(stop, Stopped) else "nothing unfinished was left behind."
        print(f"\n{program}: stopped; {kept}", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except Exception as error:
        return report(program, error, debug=debug)


def report(program: str, error: Exception, *, debug: bool = False) -> int:
    """Say on stderr what went wrong, with a traceback if `debug`; returns the exit code."""
    if debug:
        traceback.print_exception(error)
    print(f"{program}: {sentence(error)}", file=sys.stderr)
    return USAGE if isinstance(error, SettingsError) else FAILED


def sentence(error: Exception) -> str:
    """What to tell a user about an error."""
    if isinstance(error, HowIFeelError):
        return str(error)
    if isinstance(error, MemoryError):
        return "The memory is not enough for this; close other programs, or use a smaller file."
    return printable(
        f"unexpected {type(error).__name__}: {error}; "
        "run it again with --debug and report what it prints."
    )
