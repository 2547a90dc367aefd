"""What the bundle leaves out of the packages it is frozen from, and why that is safe.

The files are deleted from the bundle's own environment before it is frozen, so that the libraries
of the system that only they need stay outside too.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

MODULES = (
    "howifeel.lab", "howifeel.train",  # torch stays outside
    "pylsl",  # its wheel brings no text of its licence
    "torch", "matplotlib", "sklearn", "onnx", "pandas", "scipy", "skimage", "dask",
    "tkinter", "IPython", "pytest", "setuptools", "pip",
    "readline", "curses", "_gdbm", "dbm.gnu",  # GNU readline and gdbm are under the GPL
    "pyqtgraph.examples", "pyqtgraph.flowchart", "pyqtgraph.opengl", "pyqtgraph.jupyter",
)  # fmt: skip
"""Modules that the programs of the bundle never import."""

FILES = {
    "GTK's file dialogs: Qt has its own, and GTK pulls in 60 libraries": (
        "PySide6/Qt/plugins/platformthemes/libqgtk3.so",
    ),
    "screens without a desktop": (
        "PySide6/Qt/plugins/platforms/libqeglfs.so",
        "PySide6/Qt/plugins/platforms/libqlinuxfb.so",
        "PySide6/Qt/plugins/platforms/libqminimal*.so",
        "PySide6/Qt/plugins/platforms/libqvkkhrdisplay.so",
        "PySide6/Qt/plugins/platforms/libqvnc.so",
        "PySide6/Qt/plugins/egldeviceintegrations/*",
        "PySide6/Qt/plugins/generic/*",
    ),
    "network, databases, printing: the window uses none": (
        "PySide6/QtNetwork.*",
        "PySide6/Qt/plugins/networkinformation/*",
        "PySide6/Qt/plugins/printsupport/*",
        "PySide6/Qt/plugins/sqldrivers/*",
        "PySide6/Qt/plugins/tls/*",
    ),
    "pictures are read by OpenCV and Pillow; Qt reads PNG by itself and SVG for the icons": (
        "PySide6/Qt/plugins/imageformats/libq[!s]*.so",
    ),
    "languages that the window does not speak": (
        "PySide6/Qt/translations/*_[!d]*.qm",
        "PySide6/Qt/translations/*_da.qm",
        "PySide6/Qt/translations/qt_help_*.qm",
    ),
    "Arrow over the network, and in clouds": (
        "pyarrow/*arrow_flight*",
        "pyarrow/*_python_flight*",
        "pyarrow/_flight.*",
        "pyarrow/libarrow_s3.*",
        "pyarrow/_s3fs.*",
        "pyarrow/_gcsfs.*",
        "pyarrow/_azurefs.*",
        "pyarrow/_hdfs.*",
    ),
    "the same library three times; the loader asks for the one that ends with the number": (
        "pyarrow/libarrow*.so",
        "pyarrow/libarrow*.so.*.*.*",
    ),
    "Arrow's own tests, and what other programs are compiled with": (
        "pyarrow/_pyarrow_cpp_tests.*",
        "pyarrow/tests/*",
        "pyarrow/*.p[xy][dix]",
        "pyarrow/include/**/*",
    ),
}
"""Patterns below the folder of packages, by the reason."""


def matches(packages: Path) -> Iterator[tuple[str, Path]]:
    """Every file that is left out, with the reason."""
    for reason, patterns in FILES.items():
        for pattern in patterns:
            for path in packages.glob(pattern):
                if path.is_file():
                    yield reason, path


def remove(packages: Path) -> dict[str, int]:
    """Delete them.

    Returns:
        The bytes that are saved by each reason.
    """
    saved = dict.fromkeys(FILES, 0)
    for reason, path in list(matches(packages)):
        if path.exists():
            saved[reason] += path.stat().st_size
            path.unlink()
    return saved
