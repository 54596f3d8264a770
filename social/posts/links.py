"""How many links a stranger's words may carry before somebody looks at them."""

from __future__ import annotations

import re

ALLOWED = 2
LINK = re.compile(r"(?:https?://|www\.)\S", re.IGNORECASE)


def are_many(text: str) -> bool:
    """More than a comment needs: such a one waits, whoever wrote it."""
    return len(LINK.findall(text)) > ALLOWED
