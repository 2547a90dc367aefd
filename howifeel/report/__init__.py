"""Reports: one HTML file that shows what faces looked like, without network or script."""

from __future__ import annotations

from howifeel.report.page import write
from howifeel.report.subject import Subject

__all__ = ["Subject", "write"]
