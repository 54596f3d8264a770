"""Who is a stranger: somebody the member never wrote to. A stranger's only mail is one pending request.

A Contacts lives in the writer's thread. What is known not to change any more (the member wrote) is kept for
the KEPT latest pairs; the rest is read for each batch. A request stops being pending when the member writes
back, or after the mailbox's days.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable

from signaling import sql
from signaling.limits import limits

KEPT = 16_384
DAY = 86_400_000


class Contacts:
    def __init__(self) -> None:
        self._friends: OrderedDict[str, None] = OrderedDict()
        self._asked: dict[str, int] = {}
        self._new_friends: set[str] = set()
        self._new_asked: dict[str, int] = {}

    def load(self, keys: Iterable[str]) -> None:
        """Read what is not known of these pairs, `username address`; forgets what was read before."""
        self.forget()
        unknown = sorted({key for key in keys if not self._is_friend(key)})
        query = "SELECT key, wrote, asked FROM signaling_contact WHERE key IN"
        for key, wrote, asked in sql.select(query, unknown):
            self._note(key, bool(wrote), asked)

    def _note(self, key: str, wrote: bool, asked: int) -> None:
        if wrote:
            self._keep(key)
        else:
            self._asked[key] = asked

    def _is_friend(self, key: str) -> bool:
        return key in self._friends or key in self._new_friends

    def refusal(self, username: str, other: str, request: bool, now: int) -> str | None:
        """The code for mail that this other may not send the member now, or None; a good request is noted."""
        key = f"{username} {other}"
        if self._is_friend(key):
            return None
        if not request:
            return "refused"
        asked = self._new_asked.get(key) or self._asked.get(key, 0)
        if asked and now - asked < limits().mailbox_days * DAY:
            return "request_pending"
        self._new_asked[key] = now
        return None

    def wrote(self, username: str, other: str) -> None:
        """The member writes to `other`."""
        key = f"{username} {other}"
        if not self._is_friend(key):
            self._new_friends.add(key)

    def save(self) -> None:
        """Write what is new, in the caller's transaction."""
        sql.insert(
            "INSERT INTO signaling_contact (key, wrote, asked) VALUES (%s, %s, %s) ON CONFLICT (key)"
            " DO UPDATE SET asked = excluded.asked, wrote = signaling_contact.wrote OR excluded.wrote",
            [(key, False, now) for key, now in sorted(self._new_asked.items())]
            + [(key, True, 0) for key in sorted(self._new_friends)],
        )

    def committed(self) -> None:
        """The transaction of `save` is durable."""
        for key in self._new_friends:
            self._keep(key)
        self.forget()

    def forget(self) -> None:
        """Drop what was read or noted and not committed."""
        self._asked = {}
        self._new_friends = set()
        self._new_asked = {}

    def _keep(self, key: str) -> None:
        self._friends[key] = None
        self._friends.move_to_end(key)
        if len(self._friends) > KEPT:
            self._friends.popitem(last=False)


def expire(now: int) -> None:
    """Forget requests that are pending no longer."""
    past = now - limits().mailbox_days * DAY
    old = sql.rows("SELECT key FROM signaling_contact WHERE NOT wrote AND asked < %s", past)
    sql.delete("DELETE FROM signaling_contact WHERE key IN", [key for (key,) in old])
