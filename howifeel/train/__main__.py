"""`python -m howifeel.train` is `howifeel-train`."""

import sys

from howifeel.cli.train import main

if __name__ == "__main__":
    sys.exit(main())
