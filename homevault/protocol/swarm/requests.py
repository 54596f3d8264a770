"""Who may begin a conversation with whom (SPEC 7.9): requests, declining, contacts, blocking.

Promise: what was declined or blocked on one device stays so on all of the account, in whatever order they
hear of it, and nothing that one of them hears makes it tell the others again. Nobody outside learns of it.
Limits: `MOST` requests wait for an answer, `MOST` that were taken back before they came are remembered.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from homevault.protocol import schema
from homevault.protocol.errors import ProtocolError
from homevault.protocol.swarm.registers import Register, next_number

MOST = 200
MOST_CONTACTS = 100
ASK_AGAIN = 3_600_000

Received = Literal["shown", "accepted", "known", "ignored"]
Standing = Literal["added", "removed", "blocked"]

_contacts = schema.listing(
    schema.closed(
        account=schema.key,
        standing=schema.one_of("added", "removed", "blocked"),
        number=schema.integer(1),
        device=schema.key,
    ),
    1,
    MOST_CONTACTS,
)


def check_contacts(value: Any, path: str) -> None:
    """1 to 100 entries `{account, standing, number, device}`, sorted by account, each once."""
    _contacts(value, path)
    if not schema.ascending([entry["account"] for entry in value]):
        raise schema.schema_error(path)


@dataclass(frozen=True, slots=True)
class Request:
    """Somebody asks us into the conversation `id`. `invite` is the `add` that names us, None between two
    people; `received` is our time; `avatar` the bytes of a small picture, base64url."""

    id: str
    sender: str
    received: int
    invite: str | None = None
    title: str | None = None
    description: str | None = None
    avatar: str | None = None

    def wire(self) -> dict[str, Any]:
        """As clients are told: `{id, from, received}`, and what it says of title, description, avatar."""
        said = {"title": self.title, "description": self.description, "avatar": self.avatar}
        known = {name: value for name, value in said.items() if value is not None}
        return {"id": self.id, "from": self.sender, "received": self.received, **known}


class Requests:
    """Those of one account, as one of its devices knows them."""

    def __init__(self, account: str) -> None:
        self._account = account
        self._pending: dict[str, Request] = {}
        self._declined: set[tuple[str, str | None]] = set()
        self._withdrawn: dict[tuple[str, str | None, str], None] = {}
        self._asked: dict[str, tuple[str, int]] = {}
        self._open: dict[str, str | None] = {}
        self._partners: dict[str, str] = {}
        self._wanted: dict[str, str] = {}
        self._contacts: dict[str, Register] = {}

    @property
    def pending(self) -> list[Request]:
        """Those to be answered, oldest first."""
        return sorted(self._pending.values(), key=lambda request: (request.received, request.id))

    def standing(self, account: str) -> Standing | None:
        held = self._contacts.get(account)
        return held.value if held else None

    @property
    def contacts(self) -> list[dict[str, Any]]:
        """What a device that knows nothing is told, by account."""
        return [
            {"account": account, "standing": held.value, "number": held.number, "device": held.device}
            for account, held in sorted(self._contacts.items())
        ]

    def receive(self, request: Request) -> Received:
        """A request came. `accepted`: join at once, for we asked to be let in (again), or have one
        conversation with them already, or had asked them too. `too_many` if too many wait."""
        if request.sender == self._account or self.standing(request.sender) == "blocked":
            return "ignored"
        if self._wanted.get(request.id) == request.sender:
            self._enter(request)
            return "accepted"
        if (request.id, request.invite) in self._declined:
            return "ignored"
        if (request.id, request.invite, request.sender) in self._withdrawn:
            return "ignored"
        if request.id in self._pending or request.id in self._open:
            return "known"
        if request.invite is None and list(self._partners.values()).count(request.sender) == 1:
            self._enter(request)
            return "accepted"
        if len(self._pending) >= MOST:
            raise ProtocolError("too_many", "requests")
        self._pending[request.id] = request
        return "shown"

    def accept(self, swarm: str) -> Request:
        """Take a request up: join, and tell by joining. `refused` if none waits."""
        request = self._waiting(swarm)
        self._enter(request)
        return request

    def decline(self, swarm: str) -> Request:
        """Turn a request down; to be told to the own other devices, to nobody else. `refused` if none
        waits."""
        request = self._waiting(swarm)
        self.heard_declined(swarm, request.invite)
        return request

    def heard_declined(self, swarm: str, invite: str | None) -> None:
        """Another own device turned this down, perhaps before the request came here. Not told again."""
        if swarm not in self._open:
            self._declined.add((swarm, invite))
            waiting = self._pending.get(swarm)
            if waiting and waiting.invite == invite:
                del self._pending[swarm]

    def withdrawn(self, swarm: str, invite: str | None, sender: str) -> None:
        """This account takes its request back, perhaps before it came. Another's, or one that was taken up,
        stays."""
        waiting = self._pending.get(swarm)
        if waiting and (waiting.invite, waiting.sender) == (invite, sender):
            del self._pending[swarm]
        self._withdrawn.pop((swarm, invite, sender), None)
        self._withdrawn[swarm, invite, sender] = None
        if len(self._withdrawn) > MOST:
            del self._withdrawn[next(iter(self._withdrawn))]

    def opened(self, swarm: str) -> None:
        """We are in, or they came in: on whatever device."""
        request = self._pending.get(swarm)
        if request:
            self._enter(request)
        self._asked.pop(swarm, None)
        self._open.setdefault(swarm, None)

    def wanted(self, swarm: str, whom: str) -> None:
        """We ask this account to let us in, perhaps into what we had removed: its request is the answer."""
        if swarm not in self._open:
            self._wanted[swarm] = whom

    def closed(self, swarm: str) -> str | None:
        """The conversation was removed: only another invitation brings it back, as a request, or one that we
        ask for. The account to be told that our request is taken back, if it did not answer yet."""
        request = self._pending.pop(swarm, None)
        invite = self._open.pop(swarm, request.invite if request else None)
        asked = self._asked.pop(swarm, None)
        self._wanted.pop(swarm, None)
        self._partners.pop(swarm, None)
        self._declined.add((swarm, invite))
        return asked[0] if asked else None

    def _enter(self, request: Request) -> None:
        self._pending.pop(request.id, None)
        self._wanted.pop(request.id, None)
        self._declined.discard((request.id, request.invite))
        self._open[request.id] = request.invite
        if request.invite is None:
            self._partners[request.id] = request.sender

    def asked(self, swarm: str, whom: str, now: int) -> None:
        """We sent a request that begins a conversation of two."""
        if swarm not in self._open:
            self._asked[swarm] = (whom, now)
            self._partners[swarm] = whom

    def returned(self, account: str, now: int) -> list[str]:
        """Somebody is there again: the conversations whose requests are to be sent once more, each at most
        once an hour."""
        due = [
            swarm
            for swarm, (whom, sent) in sorted(self._asked.items())
            if whom == account and now - sent >= ASK_AGAIN
        ]
        self._asked |= dict.fromkeys(due, (account, now))
        return due

    def put(self, account: str, standing: Standing, device: str) -> list[dict[str, Any]]:
        """Add, remove or block somebody; the entries to tell the own other devices, none for oneself."""
        if account == self._account:
            return []
        register = Register(standing, next_number(self._contacts.values()), device)
        self._keep(account, register)
        return [entry for entry in self.contacts if entry["account"] == account]

    def merge(self, entries: Iterable[Mapping[str, Any]]) -> set[str]:
        """Take checked entries of an own device; the accounts that stand otherwise now."""
        before = {account: held.value for account, held in self._contacts.items()}
        for entry in entries:
            register = Register(entry["standing"], entry["number"], entry["device"])
            if register.replaces(self._contacts.get(entry["account"])):
                self._keep(entry["account"], register)
        return {account for account, held in self._contacts.items() if held.value != before.get(account)}

    def _keep(self, account: str, register: Register) -> None:
        self._contacts[account] = register
        if register.value == "blocked":
            self._pending = {id: each for id, each in self._pending.items() if each.sender != account}
            self._asked = {id: each for id, each in self._asked.items() if each[0] != account}
            self._wanted = {id: whom for id, whom in self._wanted.items() if whom != account}

    def _waiting(self, swarm: str) -> Request:
        if swarm not in self._pending:
            raise ProtocolError("refused", "request")
        return self._pending[swarm]
