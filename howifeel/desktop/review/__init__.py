"""The page that shows recorded sessions and analysed files."""

from __future__ import annotations

from howifeel.desktop.review.review_view import ReviewView

__all__ = ["ReviewView"]
