"""Every place of the app, as its own routing tables name it."""

from __future__ import annotations

import re
from pathlib import Path

UI = Path(__file__).resolve().parents[2] / "frontend" / "src" / "ui"
ROOM = "/house/:room?"


def places() -> list[str]:
    """Patterns like `/talk/:swarm?`; each room of the house stands for itself."""
    app = (UI / "app.tsx").read_text(encoding="utf-8")
    inside = re.findall(r'<Route path="([^"]+)"', (UI / "inside.tsx").read_text(encoding="utf-8"))
    doors = re.findall(r'(?:path === |^const [A-Z]+ = )"(/[^"]+)"', app, re.MULTILINE)
    assert ROOM in inside, "the house is somewhere else"
    found = {*inside, *doors, *(f"/house/{room}" for room in rooms())} - {ROOM, "/app"}
    return sorted(found | {"/house"})


def rooms() -> list[str]:
    house = (UI / "places" / "house" / "house.tsx").read_text(encoding="utf-8")
    table = re.search(r"const rooms = \{(.*?)\}", house, re.DOTALL)
    assert table, "the house has no table of rooms"
    return re.findall(r"^\s*(\w+)(?=[:,])", table[1], re.MULTILINE)


def is_at(path: str, place: str) -> bool:
    """Whether this path of the site (`/app/talk/…`) belongs to the place."""
    pattern = re.sub(r"/:\w+\?", "(?:/[^/]+)?", place)
    pattern = re.sub(r":\w+", "[^/]+", pattern).replace("*", ".+")
    return re.fullmatch(f"/app{pattern}/?", path) is not None
