"""How a case is written down, and small helpers to break good objects."""

import copy
from dataclasses import dataclass
from typing import Any

from homevault.protocol.encoding import b64decode, b64encode

MISSING: Any = object()


@dataclass(frozen=True)
class Case:
    id: str
    why: str
    input: dict[str, Any]
    error: str | None = None


def good(id: str, why: str, op: str, **given: Any) -> Case:
    return Case(id, why, {"op": op, **given})


def bad(id: str, why: str, error: str, op: str, **given: Any) -> Case:
    return Case(id, why, {"op": op, **given}, error)


def put(value: Any, path: str, member: Any) -> Any:
    """A deep copy of `value` with the member at the dotted path replaced, or taken away if it is MISSING."""
    changed = copy.deepcopy(value)
    *parents, last = path.split(".")
    inner = changed
    for name in parents:
        inner = inner[int(name) if isinstance(inner, list) else name]
    if member is MISSING:
        del inner[last]
    else:
        inner[int(last) if isinstance(inner, list) else last] = member
    return changed


def flip(text: str, at: int = 3) -> str:
    """Base64url that is as well spelled as `text` but stands for other bytes."""
    return text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :]


def cut(text: str) -> str:
    """Base64url of the same bytes but the last three."""
    return b64encode(b64decode(text)[:-3])
