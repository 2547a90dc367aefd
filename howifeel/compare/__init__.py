"""Many timelines in one report: found, assigned to participants, measured, and written."""
