"""`python -m howifeel.train.detector` is `howifeel-train detector`."""

from __future__ import annotations

import argparse
import sys

from howifeel.errors import HowIFeelError
from howifeel.train.detector import command

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="howifeel-train detector")
    command.add_arguments(parser)
    try:
        sys.exit(command.run(parser.parse_args()))
    except HowIFeelError as error:
        print(error, file=sys.stderr)
        sys.exit(1)
