"""What a Linux desktop looks for below share/: menu entry, icons, description, documents."""

from __future__ import annotations

import shutil
from pathlib import Path

import artwork

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ROOT / "packaging" / "linux"
COMPONENT = "internal.howifeel.howifeel"
"""The AppStream id. It needs a reversed domain; .internal is the one that nobody can own."""


def write(share: Path, bundle: Path) -> None:
    """Fill a folder named share.

    Args:
        share: where to write.
        bundle: its licences become documents.
    """
    artwork.hicolor(share / "icons" / "hicolor")
    for source, target in (
        (SOURCES / "howifeel.desktop", "applications/howifeel.desktop"),
        (SOURCES / "howifeel.metainfo.xml", f"metainfo/{COMPONENT}.metainfo.xml"),
        (ROOT / "README.md", "doc/howifeel/README.md"),
        (ROOT / "CHANGELOG.md", "doc/howifeel/CHANGELOG.md"),
        (ROOT / "models" / "README.md", "doc/howifeel/model-card.md"),
        (ROOT / "faceDetection" / "README.md", "doc/howifeel/detector-card.md"),
    ):
        path = share / target
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, path)
    licence = (ROOT / "LICENSE").read_text("utf-8")
    parts = (bundle / "licences" / "README.txt").read_text("utf-8")
    copyright = share / "doc" / "howifeel" / "copyright"
    copyright.write_text(f"{licence}\n{'-' * 72}\n\n{parts}", "utf-8")
