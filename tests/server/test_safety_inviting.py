"""Moderators may invite where the owner allows it; what is done with links stands in the log."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from social.accounts.models import User
from social.safety.models import LogEntry
from tests.server.conftest import PASSWORD, Member
from tests.server.logins import ALLAUTH, Browser

pytestmark = pytest.mark.django_db(transaction=True)
WISH = {"label": "Family", "days": 7, "uses": 2}


def ask(member: Member, method: str, path: str, body: Any = None) -> Any:
    return getattr(member.client, method)(f"/api/v1/{path}", body, content_type="application/json")


@pytest.fixture
def staff(make_member: Callable[[str], Member]) -> tuple[Member, Member, Member]:
    """The owner, a moderator, a member."""
    olga, mod, ana = (make_member(name) for name in ("olga", "mod", "ana"))
    User.objects.filter(username="olga").update(role=User.OWNER)
    User.objects.filter(username="mod").update(role=User.MODERATOR)
    return olga, mod, ana


def log() -> list[tuple[str, str, str]]:
    return list(LogEntry.objects.order_by("id").values_list("actor", "deed", "target"))


def test_moderators_invite_only_while_the_owner_allows_it(staff: tuple[Member, Member, Member]) -> None:
    olga, mod, ana = staff
    assert ask(mod, "post", "invites", WISH).status_code == 403
    assert ask(mod, "get", "me").json()["may_invite"] is False
    for _ in range(2):
        assert ask(olga, "put", "invites/moderators", {"moderators_may": True}).status_code == 200
    assert ask(mod, "get", "me").json()["may_invite"] is True
    assert ask(mod, "post", "invites", WISH).status_code == 201
    assert ask(ana, "post", "invites", WISH).status_code == 403
    assert ask(mod, "put", "invites/moderators", {"moderators_may": True}).status_code == 403
    ask(olga, "put", "invites/moderators", {"moderators_may": False})
    assert ask(mod, "get", "invites").status_code == 403
    assert [deed for _, deed, _ in log()] == ["invites-open", "invite", "invites-close"]


def test_a_moderator_sees_and_revokes_own_links_only(staff: tuple[Member, Member, Member]) -> None:
    olga, mod, _ = staff
    ask(olga, "put", "invites/moderators", {"moderators_may": True})
    theirs = ask(olga, "post", "invites", WISH).json()["id"]
    own = ask(mod, "post", "invites", WISH).json()["id"]
    assert [one["id"] for one in ask(mod, "get", "invites").json()["invites"]] == [own]
    absent = ask(mod, "delete", "invites/999")
    refused = ask(mod, "delete", f"invites/{theirs}")
    assert (refused.status_code, refused.content) == (404, absent.content)
    assert ask(mod, "delete", f"invites/{own}").status_code == 204
    assert len(ask(olga, "get", "invites").json()["invites"]) == 2


def test_links_made_used_and_revoked_stand_in_the_log(staff: tuple[Member, Member, Member]) -> None:
    olga, _, _ = staff
    made = ask(olga, "post", "invites", WISH).json()
    newcomer = Browser()
    newcomer.ask("POST", "/api/v1/join", {"token": made["link"].partition("#")[2]})
    body = {"username": "bob", "password": PASSWORD}
    assert newcomer.ask("POST", f"{ALLAUTH}/signup", body).status_code == 200
    for _ in range(2):
        ask(olga, "delete", f"invites/{made['id']}")
    number = str(made["id"])
    assert log() == [("olga", "invite", number), ("bob", "join", number), ("olga", "invite-revoke", number)]
    assert "Family" not in str(list(LogEntry.objects.values())), "who a link is for is only its maker's"
