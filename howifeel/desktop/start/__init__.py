"""The first screen: what is inferred, what it is worth, and what must be agreed to."""
