"""Regenerates the classifier from FER-2013 (torch lives here, not in the runtime)."""
