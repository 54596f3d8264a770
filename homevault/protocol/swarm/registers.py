"""Values that the devices of one account share (SPEC 7.8): the last writer wins, without clocks.

Promise: devices that heard of the same writings hold the same values, in whatever order they came.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from homevault.protocol.scanner import LARGEST


@dataclass(frozen=True, slots=True)
class Register:
    """A value, the number of its writing, and the device that wrote it."""

    value: Any
    number: int
    device: str

    def replaces(self, other: "Register | None") -> bool:
        """The higher number wins; of equal ones the higher device."""
        return other is None or (self.number, self.device) > (other.number, other.device)


def next_number(known: Iterable[Register]) -> int:
    """The number of a writing on top of all that this device knows of."""
    return min(1 + max((register.number for register in known), default=0), LARGEST)
