"""Who is who at one place of a swarm's history (SPEC 7.4): what its control events amount to.

A State that `resolve` or `control` gave away is never changed again; `copy` first.
"""

from dataclasses import dataclass, field

from homevault.protocol.swarm.events import SignedEvent

# (depth, id) of an event.
Place = tuple[int, str]
# (account, device)
Pair = tuple[str, str]
# Whom a vote, ban, unban or revocation names: an account or invite key, and one device or all.
Target = tuple[str, str | None]
REMOVALS = frozenset({"member.ban", "device.revocation"})


@dataclass(slots=True)
class State:
    """`joined` and `granted` give the rank: the place of the join and grant. `bans` are those in force,
    `last` the latest ban or unban of a target, void or not. `profile` are the latest profile edits.
    `removals` are all effective bans, lifted or not, and all revocations."""

    mode: int
    creator: str
    peer: str | None
    joined: dict[str, Place] = field(default_factory=dict)
    granted: dict[str, Place] = field(default_factory=dict)
    invited: set[str] = field(default_factory=set)
    links: set[str] = field(default_factory=set)
    committed: set[Pair] = field(default_factory=set)
    revoked: set[Pair] = field(default_factory=set)
    bans: dict[Target, frozenset[str]] = field(default_factory=dict)
    last: dict[Target, Place] = field(default_factory=dict)
    profile: frozenset[str] = frozenset()
    void: set[str] = field(default_factory=set)
    removals: dict[str, Target] = field(default_factory=dict)

    def copy(self) -> "State":
        return State(
            self.mode,
            self.creator,
            self.peer,
            self.joined.copy(),
            self.granted.copy(),
            self.invited.copy(),
            self.links.copy(),
            self.committed.copy(),
            self.revoked.copy(),
            self.bans.copy(),
            self.last.copy(),
            self.profile,
            self.void.copy(),
            self.removals.copy(),
        )

    @property
    def members(self) -> frozenset[str]:
        return frozenset(account for account in self.joined if (account, None) not in self.bans)

    @property
    def devices(self) -> frozenset[Pair]:
        """The active ones, also of accounts that are not members."""
        return frozenset(pair for pair in self.committed if self.active(*pair))

    @property
    def admins(self) -> dict[str, Place]:
        """The admins and their ranks; the fallback admin if nobody holds a grant."""
        if self.granted or self.mode == 0:
            return self.granted
        joins = ((self.joined[account], account) for account in self.members)
        return {account: place for place, account in sorted(joins)[:1]}

    def banned(self, account: str) -> bool:
        """Whether a whole account (or an invite key) is."""
        return (account, None) in self.bans

    def member(self, account: str) -> bool:
        return account in self.joined and (account, None) not in self.bans

    def active(self, account: str, device: str) -> bool:
        pair = (account, device)
        return pair in self.committed and pair not in self.revoked and pair not in self.bans

    def entitled(self, author: str, device: str) -> bool:
        return self.member(author) and self.active(author, device)

    def governs(self, author: str, device: str) -> bool:
        """Whether this is an entitled device of an admin."""
        if not self.entitled(author, device):
            return False
        return author in self.granted or (not self.granted and author in self.admins)

    def in_force(self, author: str, device: str) -> frozenset[str]:
        """The bans in force that hit events of this device."""
        none: frozenset[str] = frozenset()
        return self.bans.get((author, None), none) | self.bans.get((author, device), none)


def begin(event: SignedEvent) -> State:
    """The state after an initial event."""
    place = (event.depth, event.id)
    return State(
        event.body["mode"],
        event.author,
        event.body["peer"],
        joined={event.author: place},
        granted={event.author: place} if event.body["mode"] else {},
        committed={(event.author, event.device)},
    )


def target_of(event: SignedEvent) -> Target:
    """Whom a vote, ban or unban, or the revocation in one, names."""
    named = event.body["revocation"] if event.kind == "device.revocation" else event.body
    return named["account"], named["device"]
