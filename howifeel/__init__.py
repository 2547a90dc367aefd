"""HowIFeel shows what a face looks like it expresses, on the user's own machine."""

__version__ = "0.1.0"
