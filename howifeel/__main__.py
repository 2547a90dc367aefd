"""`python -m howifeel` is the window."""

from __future__ import annotations

import sys

from howifeel.cli.desktop import main

sys.exit(main())
