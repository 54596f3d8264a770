"""Shared lists of sites to block: looked at first, taken by the owner, what they must not hit left out."""

from __future__ import annotations

from typing import Any

import pytest

from federation import blocks
from social.accounts.models import User
from social.posts.models import Feed, Follow
from tests.server.conftest import Member

pytestmark = pytest.mark.django_db(transaction=True)
JSON = "application/json"
EXPORTED = """\ufeff#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate
Spam.Example,suspend,TRUE,TRUE,"lies, and so on",FALSE
loud.example,silence,FALSE,FALSE,,FALSE
h*dd*n.example,suspend,FALSE,FALSE,,TRUE
friend.example,suspend,FALSE,FALSE,,FALSE
localhost,suspend,FALSE,FALSE,,FALSE
not a domain,suspend,FALSE,FALSE,,FALSE
spam.example.,suspend,FALSE,FALSE,,FALSE
"""


@pytest.fixture
def owner(alice: Member) -> Member:
    user = User.objects.get(username="alice")
    user.role = User.OWNER
    user.save()
    friend = Feed.objects.create(url="https://friend.example/@f/feed.json", ip="friend.example", port=443)
    Follow.objects.create(user=user, feed=friend)
    return alice


def take(member: Member, text: str, apply: bool, status: int = 200) -> Any:
    given = {"text": text, "apply": apply}
    answer = member.client.post("/api/v1/moderation/sites/list", given, content_type=JSON)
    assert answer.status_code == status, answer.content
    return answer.json()


def blocked(member: Member) -> list[tuple[str, str]]:
    found = member.client.get("/api/v1/moderation/sites").json()["sites"]
    return [(one["pattern"], one["reason"]) for one in found]


def test_a_list_is_looked_at_and_then_taken_once(owner: Member) -> None:
    seen = take(owner, EXPORTED, False)
    assert (seen["new"], seen["known"], seen["skipped"]) == (["spam.example"], [], ["loud.example"])
    assert seen["refused"] == ["h*dd*n.example", "friend.example", "localhost", "not a domain"]
    assert blocked(owner) == []

    assert take(owner, EXPORTED, True) == seen
    assert [pattern for pattern, _ in blocked(owner)] == ["spam.example"]
    assert blocks.is_blocked("spam.example")
    assert take(owner, EXPORTED, True)["known"] == ["spam.example"]


def test_one_domain_a_line_is_a_list_too(owner: Member) -> None:
    report = take(owner, "# mine\n\none.example\r\ntwo.example\none.example\nMünchen.example\n", True)
    assert report["new"] == ["one.example", "two.example", "xn--mnchen-3ya.example"]


@pytest.mark.parametrize(
    "text", ["<html>", '"', "a,b,c", "\n,,\n", "x" * 1_000, "*", "literals", "*.example"]
)
def test_what_is_no_list_blocks_nobody(owner: Member, text: str) -> None:
    assert take(owner, text, True)["new"] == []
    assert blocked(owner) == []


def test_only_the_owner_takes_lists(owner: Member, make_member: Any) -> None:
    take(make_member("bob"), EXPORTED, True, 403)
    take(owner, "x" * 200_001, True, 400)
    assert blocked(owner) == []
