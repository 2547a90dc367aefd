"""Shows the examples of docstrings as code on the documentation site (an extension of Griffe)."""

from __future__ import annotations

import re
from typing import Any

from griffe import Extension

_EXAMPLE = re.compile(r"^>>> .*(?:\n(?!\n).*)*", re.MULTILINE)


class Examples(Extension):
    """Fences lines that begin with `>>>`, up to the next empty line."""

    def on_object(self, *, obj: Any, **others: Any) -> None:
        """Called by Griffe for each module, class, function and attribute that it read."""
        if obj.docstring:
            fenced = _EXAMPLE.sub(r"```pycon\n\g<0>\n```", obj.docstring.value)
            obj.docstring.value = fenced
