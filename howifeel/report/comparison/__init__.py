"""A report that puts many films or people side by side."""

from __future__ import annotations

from howifeel.report.comparison.film import Comparison, Film, Missing, Person, noun
from howifeel.report.comparison.page import page
from howifeel.report.comparison.remarks import remarks

__all__ = ["Comparison", "Film", "Missing", "Person", "noun", "page", "remarks"]
