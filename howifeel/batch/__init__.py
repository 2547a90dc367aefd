"""Many sources at once: planned, spread over processes or machines, and taken up again."""
