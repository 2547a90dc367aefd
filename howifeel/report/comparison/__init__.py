"""A report that puts many films or people side by side."""

from __future__ import annotations

from howifeel.report.comparison.film import Comparison, Film, Missing, Person
from howifeel.report.comparison.page import page

__all__ = ["Comparison", "Film", "Missing", "Person", "page"]
