"""How a person wants one conversation (SPEC 7.8): for the own devices only, each preference a register."""

from collections.abc import Iterable, Mapping
from typing import Any

from homevault.protocol import schema
from homevault.protocol.schema import Check
from homevault.protocol.swarm.registers import Register, next_number

# What each may be. `auto_download`: files of at most so many bytes come by themselves; 0: none does.
FORMS: dict[str, Check] = {
    "auto_download": schema.nullable(schema.integer()),
    "color": schema.nullable(schema.matching("#[0-9A-Fa-f]{6}")),
    "ignore_notifications": schema.nullable(schema.boolean),
    "symbol": schema.nullable(schema.text(1, 64)),
}
_entry = schema.closed(
    name=schema.one_of(*FORMS), value=lambda value, path: None, number=schema.integer(1), device=schema.key
)
_entries = schema.listing(_entry, 1, len(FORMS))


def check_entries(value: Any, path: str) -> None:
    """1 to 4 entries `{name, value, number, device}`, sorted by name, each once, each value of its form."""
    _entries(value, path)
    if not schema.ascending([entry["name"] for entry in value]):
        raise schema.schema_error(path)
    for entry in value:
        FORMS[entry["name"]](entry["value"], "value")


class Preferences:
    """Those of one conversation; null values stand for the app's own choice."""

    def __init__(self, entries: Iterable[Mapping[str, Any]] = ()) -> None:
        self._held: dict[str, Register] = {}
        self.merge(entries)

    @property
    def values(self) -> dict[str, Any]:
        return {name: self._held[name].value if name in self._held else None for name in FORMS}

    @property
    def entries(self) -> list[dict[str, Any]]:
        """What a device that knows nothing is told: the registers that were ever written, by name."""
        return [
            {"name": name, "value": held.value, "number": held.number, "device": held.device}
            for name, held in sorted(self._held.items())
        ]

    def merge(self, entries: Iterable[Mapping[str, Any]]) -> set[str]:
        """Take checked entries; the names whose values are others now."""
        before = self.values
        for entry in entries:
            register = Register(entry["value"], entry["number"], entry["device"])
            if register.replaces(self._held.get(entry["name"])):
                self._held[entry["name"]] = register
        return {name for name, value in self.values.items() if value != before[name]}

    def write(self, device: str, **values: Any) -> list[dict[str, Any]]:
        """Change some here; the entries to tell the own other devices. `schema` for a malformed value."""
        for name, value in values.items():
            FORMS[name](value, name)
        number = next_number(self._held.values())
        self._held |= {name: Register(value, number, device) for name, value in values.items()}
        return [entry for entry in self.entries if entry["name"] in values]
