"""The owner chooses moderators and takes it back; nobody else does, and the owner stays the owner."""

from __future__ import annotations

from typing import Any

import pytest

from social.accounts.models import User
from social.safety.models import LogEntry
from tests.server.conftest import Member
from tests.server.test_safety_access import MakeMember, ask, give_role

pytestmark = pytest.mark.django_db(transaction=True)
PATH = "moderation/moderators"


@pytest.fixture
def owner(make_member: MakeMember) -> Member:
    found = make_member("olga")
    give_role(found, User.OWNER)
    return found


def roles(owner: Member) -> dict[str, str]:
    found: Any = ask(owner, "get", PATH).json()["members"]
    return {one["username"]: one["role"] for one in found}


def test_the_owner_chooses_and_takes_back(owner: Member, alice: Member) -> None:
    assert roles(owner) == {"olga": "owner", "alice": "member"}
    assert ask(alice, "get", "moderation").status_code == 403
    for _ in range(2):
        assert ask(owner, "put", f"{PATH}/alice").status_code == 204
    assert roles(owner)["alice"] == "moderator"
    assert ask(alice, "get", "moderation").status_code == 200
    for _ in range(2):
        assert ask(owner, "delete", f"{PATH}/alice").status_code == 204
    assert ask(alice, "get", "moderation").status_code == 403
    written = LogEntry.objects.order_by("id").values_list("actor", "deed", "target")
    assert list(written) == [("olga", "appoint", "alice"), ("olga", "release", "alice")]


def test_moderators_and_members_choose_nobody(owner: Member, alice: Member, make_member: MakeMember) -> None:
    bob = make_member("bob")
    for role in (User.MEMBER, User.MODERATOR):
        give_role(alice, role)
        assert ask(alice, "get", PATH).status_code == 403
        for name in ("bob", "alice", "olga"):
            assert ask(alice, "put", f"{PATH}/{name}").status_code == 403
            assert ask(alice, "delete", f"{PATH}/{name}").status_code == 403
    assert roles(owner) == {"olga": "owner", "alice": "moderator", bob.username: "member"}
    assert not LogEntry.objects.exists()


def test_the_owner_stays_and_strangers_are_not_chosen(owner: Member) -> None:
    for method in ("put", "delete"):
        answer = ask(owner, method, f"{PATH}/olga")
        assert (answer.status_code, answer.json()["code"]) == (403, "own_kind")
        assert ask(owner, method, f"{PATH}/nobody").status_code == 404
    assert roles(owner) == {"olga": "owner"}


def test_an_old_login_is_asked_again_first(owner: Member, alice: Member) -> None:
    session = owner.client.session
    session["proven"] = 0
    session.save()
    for method in ("put", "delete"):
        answer = ask(owner, method, f"{PATH}/alice")
        assert (answer.status_code, answer.json()["code"]) == (403, "recent_login")
    assert roles(owner)["alice"] == "member"
