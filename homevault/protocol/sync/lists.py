"""The newest device lists, told to the other side in the first hello (SPEC 10.2): who has an older one than
its contacts learns that some site holds the newer one back."""

from collections.abc import Iterable
from typing import Any

from homevault.protocol.canonical import object_id
from homevault.protocol.certificates import DeviceList, check_newer, verify_device_list
from homevault.protocol.errors import ProtocolError
from homevault.protocol.sync.effects import Effect, ListConflict, NewerList, Send
from homevault.protocol.sync.frames import MAX_LISTS, write_frame


class Lists:
    def __init__(self, swarm: str, known: Iterable[DeviceList]) -> None:
        self._swarm = swarm
        self._known = {each.account: each for each in known}
        self._received = 0

    def numbers(self) -> dict[str, list[Any]]:
        """What the hello says of them, at most 256 by account."""
        told = sorted(self._known)[:MAX_LISTS]
        return {account: [self._known[account].number, _id(self._known[account])] for account in told}

    def answer(self, theirs: dict[str, list[Any]]) -> list[Effect]:
        """Lists to send: what the other side has older, or other under the same number. Nothing to an empty
        hello's accounts that are unknown here."""
        return [
            Send(write_frame("list", self._swarm, list=self._known[account].wire))
            for account, (number, id) in theirs.items()
            if account in self._known and _tells(self._known[account], number, id)
        ]

    def take(self, value: Any) -> Effect:
        """A list that came. ProtocolError if it is bad or one too many."""
        self._received += 1
        if self._received > MAX_LISTS:
            raise ProtocolError("too_many", "list")
        found = verify_device_list(value)
        try:
            check_newer(self._known.get(found.account), found)
        except ProtocolError as error:
            if error.code != "device_list_conflict":
                raise
            return ListConflict(found.account)
        self._known[found.account] = found
        return NewerList(found)


def _tells(known: DeviceList, number: int, id: str) -> bool:
    return known.number > number or (known.number == number and _id(known) != id)


def _id(known: DeviceList) -> str:
    return object_id("device-list", known.wire)
