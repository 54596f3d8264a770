"""Good vectors with one thing changed in what comes from outside."""

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from homevault.protocol.canonical import canonical
from homevault.protocol.errors import ProtocolError
from tests.vectors import ops

FOLDER = Path(ops.__file__).parent
# What comes from outside; the rest of an input is the test's own.
RECEIVED = {"a", "b", "box", "certificate", "events", "frames", "ip", "known", "messages"}
RECEIVED |= {"new", "public", "text", "value"}
# What is only given the test's own good things.
MAKING = {"with", "without", "rebuild", "make", "wanted"}
# Where events come from outside; elsewhere they are what the test's own replica holds.
HEARING = {"history", "lacking", "calls", "lines"}
STRANGE: list[Any] = [
    None,
    True,
    0,
    -1,
    2**53,
    1.5,
    "",
    "A",
    "\ud800",
    "\u0000",
    "x" * 70,
    [],
    {},
    [[]],
    {"v": 1},
]
STRANGE += [{"__proto__": 1}, "A" * 43, "A" * 86, 10**30]


def good_cases() -> Iterator[tuple[str, dict[str, Any]]]:
    """The file and the case of every vector that has an output and reads something; not those of hundreds of
    events, which are slow and read nothing else."""
    for path in sorted(FOLDER.glob("*.json")):
        for case in json.loads(path.read_text("utf-8")):
            large = case["id"].startswith("limit-")
            if "output" in case and case["input"]["op"] not in MAKING and not large:
                yield path.stem, case


def received(given: dict[str, Any], name: str, chance: random.Random) -> Any:
    """The input `name` with one thing changed; what only the test reads keeps its form."""
    value = given[name]
    if name == "known" and "list" in (value or {}):
        part = chance.choice(["list", "revocations"])
        return {**value, part: mutated(value[part], chance)}
    if name not in ("frames", "messages", "events"):
        return mutated(value, chance)
    at = chance.randrange(len(value)) if value else 0
    changed = [broken_item(item, chance) if at == n else item for n, item in enumerate(value)]
    return changed if chance.random() < 0.8 else changed[:at] + changed[at + 1 :]


def broken_item(item: Any, chance: random.Random) -> Any:
    """A frame, an event, or a message with another step or payload."""
    if isinstance(item, str):
        return str(mutated(item, chance))
    if "step" in item:
        return {"step": item["step"], "payload": mutated(item["payload"], chance)}
    return item if "enrol" in item else mutated(item, chance)


def mutated(value: Any, chance: random.Random) -> Any:
    """A copy with one thing changed somewhere."""
    if isinstance(value, str) and value[:1] in ("{", "[") and chance.random() < 0.7:
        return mutated_json(value, chance)
    if isinstance(value, dict) and value and chance.random() < 0.9:
        name = chance.choice(sorted(value))
        changed = {**value, name: mutated(value[name], chance)}
        if chance.random() < 0.1:
            del changed[name]
        return changed
    if isinstance(value, list) and value and chance.random() < 0.9:
        at = chance.randrange(len(value))
        return [*value[:at], mutated(value[at], chance), *value[at + chance.randrange(2) :]]
    if isinstance(value, str) and value and chance.random() < 0.5:
        at = chance.randrange(len(value))
        return value[:at] + chance.choice(["", "A", "=", '"', "\\", "}", "\u00e9", "0"]) + value[at + 1 :]
    return chance.choice(STRANGE)


def mutated_json(text: str, chance: random.Random) -> str:
    """Text of which an object inside was changed and written canonically, so that the deep checks are met."""
    try:
        return canonical(mutated(json.loads(text), chance)).decode()
    except (ProtocolError, ValueError):
        return text[: chance.randrange(len(text))]


def broken(given: dict[str, Any], chance: random.Random) -> dict[str, Any] | None:
    """The input with one thing changed in something that comes from outside; None if nothing does."""
    own = set() if given["op"] in HEARING else {"events"}
    names = sorted(RECEIVED & given.keys() - own)
    if not names:
        return None
    name = chance.choice(names)
    changed = received(given, name, chance)
    return {**given, name: changed} if isinstance(changed, type(given[name])) else None
