"""Who may vote, ban and unban (SPEC 7.4, rule 5)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from homevault.protocol.errors import ProtocolError
from homevault.protocol.swarm.events import SignedEvent
from homevault.protocol.swarm.members import require, require_admin, require_type
from homevault.protocol.swarm.state import State, Target, target_of


@dataclass(frozen=True, slots=True)
class Past:
    """The control events of one past. `find` gives those of the frontiers by id, None outside of it."""

    state: State
    find: Callable[[str], SignedEvent | None]
    events: Callable[[], Iterable[SignedEvent]]


@dataclass(frozen=True, slots=True)
class Poll:
    """What decides about a target in one past."""

    action: str
    target: Target
    past: Past

    @property
    def last(self) -> str | None:
        """The latest ban or unban of the target."""
        place = self.past.state.last.get(self.target)
        return place[1] if place else None

    @property
    def quorum(self) -> int:
        """More than half of the admins other than the target."""
        return len(self.past.state.admins.keys() - {self.target[0]}) // 2 + 1

    def counts(self, vote: SignedEvent) -> bool:
        """Whether this control event of the past is a vote in this poll."""
        return (
            vote.type == "vote"
            and vote.body["action"] == self.action
            and target_of(vote) == self.target
            and vote.body["last"] == self.last
            and vote.id not in self.past.state.void
            and vote.author in self.past.state.admins
        )

    def votes(self, own: str) -> list[str]:
        """The ids of one valid vote of each voter other than `own`, sorted."""
        found = {vote.author: vote.id for vote in self.past.events() if self.counts(vote)}
        return sorted(id for author, id in found.items() if author != own)

    def senior(self, voters: Iterable[str]) -> str:
        """The id of the grant (or join) of the most senior of these admins."""
        admins = self.past.state.admins
        return min(admins[voter] for voter in voters)[1]


def may_vote(event: SignedEvent, past: Past) -> None:
    poll = _poll(event, event.body["action"], past)
    if event.body["last"] != poll.last:
        raise ProtocolError("event_vote", "last")


def may_ban(event: SignedEvent, past: Past) -> None:
    _require_votes(event, _poll(event, "ban", past))


def may_unban(event: SignedEvent, past: Past) -> None:
    _require_votes(event, _poll(event, "unban", past))


def _poll(event: SignedEvent, action: str, past: Past) -> Poll:
    state, target = past.state, target_of(event)
    require_type(state.mode != 0, event)
    require_admin(event, state)
    require(event.author != target[0], event)
    require(bannable(target, state) if action == "ban" else target in state.bans, event)
    return Poll(action, target, past)


def bannable(target: Target, state: State) -> bool:
    """Whether an account, invite key or device could be banned now."""
    account, device = target
    if account == state.creator:
        return False
    if device is not None:
        return state.member(account) and state.active(account, device)
    return state.member(account) or account in state.invited or account in state.links


def _require_votes(event: SignedEvent, poll: Poll) -> None:
    voters = {event.author}
    for id in event.body["votes"]:
        vote = poll.past.find(id)
        if vote is None or not poll.counts(vote) or vote.author in voters:
            raise ProtocolError("event_vote", "votes")
        voters.add(vote.author)
    if event.body["quorum"] != poll.quorum or len(voters) < poll.quorum:
        raise ProtocolError("event_vote", "quorum")
    if event.body["senior"] != poll.senior(voters):
        raise ProtocolError("event_vote", "senior")
