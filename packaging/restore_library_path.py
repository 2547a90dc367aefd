"""Runs in the bundle before anything else: programs that it starts get their own libraries.

PyInstaller's loader points LD_LIBRARY_PATH into the bundle. What the window opens, such as a
browser, must not look for its libraries there.
"""

import os

_found = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
if _found is not None:
    os.environ["LD_LIBRARY_PATH"] = _found
else:
    os.environ.pop("LD_LIBRARY_PATH", None)
