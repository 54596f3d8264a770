"""What is known of an account's devices, from whoever told, and how old that is (SPEC 4.4, 4.11).

Promise: nothing that a site serves takes a list or a revocation away again, and in whatever order things are
learnt the same ones are known (of two lists with one number the first stays). What a site kept back or turned
back is named by an alarm. Pure: the shell stores `KeyKnowledge` and shows the alarms.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from homevault.protocol.canonical import object_id
from homevault.protocol.certificates import Certificate, DeviceList, check_newer
from homevault.protocol.errors import ProtocolError
from homevault.protocol.freshness import Freshness, list_hash, may_vouch
from homevault.protocol.revocations import Revocations, revocations_hash, unite

DAY = 86_400_000
FRESH_FOR = 14 * DAY
AHEAD = 300_000

Age = Literal["fresh", "stale", "unknown"]
Alarm = Literal["rolled_back", "conflict", "withheld", "revoked"]

_ALARMS: dict[str, Alarm] = {"device_list_stale": "rolled_back", "device_list_conflict": "conflict"}


@dataclass(frozen=True, slots=True)
class KeyKnowledge:
    """A verified list, verified revocations of its account, and the newest verified freshness statement."""

    list: DeviceList
    revocations: Revocations
    freshness: Freshness | None = None

    @property
    def devices(self) -> dict[str, Certificate]:
        """The devices to seal to and to believe: listed and not revoked."""
        return {id: each for id, each in self.list.devices.items() if id not in self.revocations}


@dataclass(frozen=True, slots=True)
class Learned:
    """`alarms`: `rolled_back`, a lower number than the known one was served; `conflict`, another list with
    the same number; `withheld`, a device vouches for a list or for revocations that nobody showed us;
    `revoked`, the newest list names a revoked device."""

    knowledge: KeyKnowledge
    alarms: tuple[Alarm, ...]


def learn(known: KeyKnowledge | None, served: KeyKnowledge) -> Learned:
    """What is known after `served` was seen. Raises `certificate_account` for another account's."""
    devices, alarms = _newer_list(known, served)
    revocations = unite(known.revocations if known else {}, served.revocations)
    statements = [each.freshness for each in (known, served) if each and each.freshness]
    knowledge = KeyKnowledge(devices, revocations)
    knowledge = replace(knowledge, freshness=_newest(statements, knowledge))
    if is_withheld(knowledge):
        alarms.append("withheld")
    if revocations.keys() & devices.devices.keys():
        alarms.append("revoked")
    return Learned(knowledge, tuple(alarms))


def _newer_list(known: KeyKnowledge | None, served: KeyKnowledge) -> tuple[DeviceList, list[Alarm]]:
    try:
        check_newer(known.list if known else None, served.list)
    except ProtocolError as error:
        if known is None or error.code not in _ALARMS:
            raise
        return known.list, [_ALARMS[error.code]]
    return served.list, []


def _newest(statements: Iterable[Freshness], known: KeyKnowledge) -> Freshness | None:
    """The statement of the highest number, then time, then id, of those whose device still may vouch."""
    standing = [each for each in statements if may_vouch(known.devices.get(each.device))]
    return max(
        standing, key=lambda each: (each.number, each.time, object_id("freshness", each.wire)), default=None
    )


def is_withheld(known: KeyKnowledge) -> bool:
    """Whether a device of the account vouches for something that we were not shown."""
    said = known.freshness
    if said is None:
        return False
    if said.number >= known.list.number and said.list != list_hash(known.list):
        return True
    unlike = said.revocations != revocations_hash(known.list.account, known.revocations)
    return unlike and said.revoked >= len(known.revocations)


def age(known: KeyKnowledge, now: int) -> Age:
    """Whether to warn before sealing to this account: yes if `stale`.

    A word is the list's own date, or that of a statement about it; one dated more than five minutes ahead
    counts for nothing. `unknown`: nobody ever vouched, as for somebody without a vault.
    """
    said = known.freshness
    if is_withheld(known):
        return "stale"
    words = [known.list.time]
    if said is not None and said.list == list_hash(known.list):
        words.append(said.time)
    if any(now - FRESH_FOR <= word <= now + AHEAD for word in words):
        return "fresh"
    return "unknown" if said is None else "stale"


def statement_due(known: KeyKnowledge, now: int) -> bool:
    """Whether a vault or a root-holding device should sign a freshness statement: daily, and whenever the
    list or the revocations changed."""
    said = known.freshness
    if said is None or not now - DAY < said.time <= now + AHEAD:
        return True
    revoked = revocations_hash(known.list.account, known.revocations)
    return said.list != list_hash(known.list) or said.revocations != revoked
