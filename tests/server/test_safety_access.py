"""Orange and red at the API, who may moderate, reports, members' own blocks and the site's words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import RequestFactory

from federation import clock
from homevault.protocol.addresses import Address
from homevault.protocol.errors import ProtocolError
from signaling import relay
from signaling.policy import Admitted
from social.accounts import sessions
from social.accounts.models import User
from social.accounts.policy import arrived, may_tell
from social.safety import access, blocks, persons, presence
from social.safety.errors import Unsafe
from social.safety.models import LogEntry, Report
from tests.server.conftest import Member

pytestmark = pytest.mark.django_db(transaction=True)
MakeMember = Callable[[str], Member]
HOUR = 3_600_000


@pytest.fixture
def owner(make_member: MakeMember) -> Member:
    found = make_member("olga")
    give_role(found, User.OWNER)
    return found


@pytest.fixture
def hours_pass(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    start, passed = clock.now(), [0.0]
    monkeypatch.setattr(clock, "now", lambda: start + int(passed[0] * HOUR))

    def go(hours: float) -> None:
        passed[0] += hours

    return go


def give_role(member: Member, role: str) -> None:
    User.objects.filter(username=member.username).update(role=role)


def ask(member: Member, method: str, path: str, body: Any = None) -> Any:
    call = getattr(member.client, method)
    return (
        call(f"/api/v1/{path}", body, content_type="application/json")
        if body is not None
        else call(f"/api/v1/{path}")
    )


def block(by: Member, username: str, hours: int | None = 1) -> Any:
    return ask(by, "post", "moderation/blocks", {"username": username, "hours": hours, "reason": ""})


def user_of(member: Member) -> User:
    return User.objects.get(username=member.username)


def test_the_blocked_edit_their_own_and_publish_nothing(
    owner: Member, alice: Member, hours_pass: Callable[[float], None]
) -> None:
    own = ask(alice, "post", "posts", {"source": "Before.", "title": ""}).json()
    assert block(owner, "alice").status_code == 201
    refused = ask(alice, "post", "posts", {"source": "During.", "title": ""})
    assert (refused.status_code, refused.json()["code"]) == (403, "blocked")
    assert ask(alice, "patch", f"posts/{own['id']}", {"source": "Edited."}).status_code == 200
    assert ask(alice, "patch", "me/profile", {"name": "Alice L."}).status_code == 200
    with pytest.raises(ProtocolError, match="blocked"):
        access.require_reach(user_of(alice))
    assert len(ask(owner, "get", "moderation").json()["blocks"]) == 1
    hours_pass(1)
    assert ask(owner, "get", "moderation").json()["blocks"] == []
    assert ask(alice, "post", "posts", {"source": "After.", "title": ""}).status_code == 201


@pytest.mark.parametrize("hours", [(3, None), (None, 3)])
def test_of_two_blocks_the_longer_counts(
    owner: Member, alice: Member, hours_pass: Callable[[float], None], hours: tuple[int | None, int | None]
) -> None:
    until = max(block(owner, "alice", each).json()["until"] for each in hours)
    device = alice.identity.browser.id
    (told,) = arrived(Admitted(str(user_of(alice).account), "alice", device, "root"))
    assert (told["type"], told["fields"]["until"]) == ("block-state", until)
    hours_pass(2.99)
    assert ask(alice, "post", "posts", {"source": "x", "title": ""}).status_code == 403
    hours_pass(0.01)
    assert ask(alice, "post", "posts", {"source": "x", "title": ""}).status_code == 201


def test_the_blocked_neither_bump_nor_recommend(
    owner: Member, alice: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay, "login_online", lambda *_: True)
    post = ask(owner, "post", "posts", {"source": "Hers.", "title": ""}).json()
    ask(alice, "post", "follows", {"address": "@olga@localhost:8001"})
    line = f"timeline/p{post['id']}"
    assert ask(alice, "put", f"{line}/recommend").status_code == 204
    block(owner, "alice")
    for method, deed in (("post", "bump"), ("put", "recommend")):
        refused = ask(alice, method, f"{line}/{deed}")
        assert (refused.status_code, refused.json()["code"]) == (403, "blocked"), deed
    assert ask(alice, "delete", f"{line}/recommend").status_code == 204, "what was said may be taken back"


def test_the_blocked_may_not_comment(owner: Member, alice: Member) -> None:
    own = ask(alice, "post", "posts", {"source": "Mine.", "title": ""}).json()
    block(owner, "alice")
    line = f"timeline/p{own['id']}/comments"
    refused = ask(alice, "post", line, {"comment": {}, "certificate": {}})
    assert (refused.status_code, refused.json()["code"]) == (403, "blocked")


def test_red_may_post_and_not_do_what_needs_a_connection(
    alice: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = RequestFactory().get("/")
    request.user = user_of(alice)
    request.session = alice.client.session  # type: ignore[assignment]
    with pytest.raises(Unsafe, match="not_connected"):
        access.require_lit(request)
    login = ("alice", sessions.public_id(request.session))
    assert all(login)
    monkeypatch.setattr(relay, "login_online", lambda *asked: asked == login)
    access.require_lit(request)
    assert ask(alice, "post", "posts", {"source": "Red.", "title": ""}).status_code == 201


def test_moderation_is_for_moderators(owner: Member, alice: Member, make_member: MakeMember) -> None:
    paths: list[tuple[str, str, Any]] = [
        ("get", "moderation", None),
        ("get", "moderation/log", None),
        ("get", "reports", None),
        ("get", "site/texts", None),
        ("post", "moderation/notices", {"audience": "everybody", "text": "x"}),
    ]
    for method, path, body in paths:
        assert ask(alice, method, path, body).status_code == 403
    assert block(alice, "olga").status_code == 403
    give_role(alice, User.MODERATOR)
    for method, path, body in paths:
        assert ask(alice, method, path, body).status_code in (200, 201)
    assert ask(alice, "put", "site/texts/rules", {"source": "x"}).status_code == 403


def test_nobody_blocks_above_themselves(owner: Member, alice: Member, make_member: MakeMember) -> None:
    bob = make_member("bob")
    for member in (alice, bob):
        give_role(member, User.MODERATOR)
    for by, target in ((alice, "olga"), (alice, "bob"), (alice, "alice"), (owner, "olga")):
        assert block(by, target).json()["code"] == "own_kind"
    assert block(owner, "bob").status_code == 201
    assert block(owner, "nobody").json()["code"] == "not_online"


def test_a_blocked_moderator_looks_on(owner: Member, alice: Member, make_member: MakeMember) -> None:
    """And above all does not end their own block."""
    give_role(alice, User.MODERATOR)
    make_member("bob")
    ask(owner, "put", "invites/moderators", {"moderators_may": True})
    report(owner)
    (waiting,) = ask(owner, "get", "reports").json()["reports"]
    begun = block(owner, "alice").json()
    deeds: list[tuple[str, str, Any]] = [
        ("delete", f"moderation/blocks/{begun['id']}", None),
        ("post", "moderation/blocks", {"username": "bob", "hours": 1, "reason": ""}),
        ("post", "moderation/notices", {"audience": "everybody", "text": "x"}),
        ("post", f"reports/{waiting['id']}", {"deed": "dismiss", "note": ""}),
        ("post", "invites", {"label": "", "days": 1, "uses": 1}),
    ]
    for method, path, body in deeds:
        answer = ask(alice, method, path, body)
        assert (answer.status_code, answer.json()["code"]) == (403, "blocked"), path
    shown = ask(alice, "get", "moderation").json()
    assert [one["id"] for one in shown["blocks"]] == [begun["id"]]
    assert ask(owner, "delete", f"moderation/blocks/{begun['id']}").status_code == 204
    assert ask(alice, *deeds[1]).status_code == 201


def test_the_blocked_bring_no_posts_in(owner: Member, alice: Member) -> None:
    block(owner, "alice")
    refused = ask(alice, "post", "imports", {"name": "archive.zip", "size": 10})
    assert (refused.status_code, refused.json()["code"]) == (403, "blocked")
    assert ask(alice, "get", "imports").json() == {"imports": []}


def test_the_first_member_owns_the_site(owner: Member) -> None:
    with pytest.raises(PermissionDenied):
        access.owner(User(username="x"))
    assert access.owner(user_of(owner)).username == "olga"
    assert ask(owner, "get", "me").json()["role"] == "owner"


def test_the_log_cannot_be_changed(owner: Member, alice: Member) -> None:
    blocks.begin(user_of(owner), presence.member("alice"), 1, "Why not.")
    entry = LogEntry.objects.get()
    assert (entry.actor, entry.deed, entry.target, entry.why) == ("olga", "block", "alice", "Why not.")
    entry.why = "Never."
    with pytest.raises(TypeError):
        entry.save()
    for change in (entry.delete, LogEntry.objects.all().delete, lambda: LogEntry.objects.update(why="")):
        with pytest.raises(TypeError):
            change()


def report(by: Member, **changes: str) -> Any:
    fields = {"what": "post", "ref": "http://x.example/1", "reason": "spam", "about": "@bob@x.example"}
    return ask(by, "post", "reports", {**fields, **changes})


def test_a_report_is_queued_once_and_decided(owner: Member, alice: Member) -> None:
    first = report(alice, text="Look.")
    assert first.status_code == 201
    assert report(alice).json() == first.json()
    (shown,) = ask(owner, "get", "reports").json()["reports"]
    assert (shown["reporter"], shown["what"], shown["text"]) == ("alice", "post", "Look.")
    path = f"reports/{shown['id']}"
    decided = ask(owner, "post", path, {"deed": "resolve", "note": "Gone."}).json()
    assert (decided["status"], decided["decider"], decided["note"]) == ("resolved", "olga", "Gone.")
    assert ask(owner, "get", "reports").json()["reports"] == []
    assert len(ask(owner, "get", "reports?status=resolved").json()["reports"]) == 1
    assert ask(owner, "post", "reports/999", {"deed": "dismiss"}).status_code == 404
    assert report(alice).json() != first.json()
    for deed in ("resolve", "reopen", "reopen", "dismiss"):
        ask(owner, "post", path, {"deed": deed, "note": deed})
    written = LogEntry.objects.order_by("id").values_list("actor", "deed", "target", "why")
    assert list(written) == [
        ("olga", "resolve", f"report {shown['id']}", "Gone."),
        ("olga", "reopen", f"report {shown['id']}", "reopen"),
        ("olga", "dismiss", f"report {shown['id']}", "dismiss"),
    ]


def test_whom_a_report_is_about_never_learns_by_whom(owner: Member, alice: Member) -> None:
    report(alice, about="@olga@localhost:8001")
    (shown,) = ask(owner, "get", "reports").json()["reports"]
    assert shown["reporter"] is None


def test_only_the_owner_decides_about_themselves(owner: Member, alice: Member) -> None:
    give_role(alice, User.MODERATOR)
    report(owner, about="@alice@localhost:8001")
    report(alice, about="@olga@localhost:8001")
    about_alice, about_olga = (one["id"] for one in ask(owner, "get", "reports").json()["reports"])
    refused = ask(alice, "post", f"reports/{about_alice}", {"deed": "dismiss", "note": ""})
    assert (refused.status_code, refused.json()["code"]) == (403, "own_kind")
    assert len(ask(alice, "get", "reports").json()["reports"]) == 2
    for id in (about_alice, about_olga):
        assert ask(owner, "post", f"reports/{id}", {"deed": "dismiss", "note": ""}).status_code == 200


@pytest.mark.parametrize("change", [{"what": "vibes"}, {"reason": ""}, {"ref": ""}, {"text": "x" * 1001}])
def test_a_report_of_another_form_is_refused(alice: Member, change: dict[str, str]) -> None:
    assert report(alice, **change).json()["code"] == "schema"
    assert not Report.objects.exists()


def test_reports_are_limited(alice: Member) -> None:
    answers = [report(alice, ref=f"http://x.example/{n}").status_code for n in range(21)]
    assert answers == [201] * 20 + [429]


def test_a_member_blocks_a_person_and_takes_nothing_of_them(alice: Member, make_member: MakeMember) -> None:
    bob = make_member("bob")
    bob.enrol()
    address = "@bob@localhost:8001"
    here = [Address("localhost", 8001, name) for name in ("alice", "bob")]
    far = (here[0], Address("bob.example", 443, "bob"))
    assert may_tell(*here)
    assert ask(alice, "post", "blocks", {"address": address}).status_code == 201
    assert ask(alice, "post", "blocks", {"address": address}).status_code == 201
    assert [one["address"] for one in ask(alice, "get", "blocks").json()["blocks"]] == [address]
    assert persons.is_unwanted("alice", Address("localhost", 8001, "bob"))
    assert not persons.is_unwanted("bob", Address("localhost", 8001, "alice"))
    moved = Address.make("new.example", 443, "robert")
    assert persons.is_blocked(user_of(alice), moved, bob.identity.account.public)
    assert not persons.is_blocked(user_of(alice), moved, alice.identity.account.public)
    assert [may_tell(*pair) for pair in (here, here[::-1], far)] == [False, False, True]
    assert ask(alice, "post", "blocks", {"address": "@alice@localhost:8001"}).json()["code"] == "address"
    assert ask(alice, "delete", f"blocks/{address}").status_code == 204
    assert not persons.is_unwanted("alice", Address("localhost", 8001, "bob"))


def test_the_owner_writes_the_sites_words(owner: Member) -> None:
    assert ask(owner, "put", "site/texts/rules", {"source": "Be kind."}).json()["source"] == "Be kind."
    page = owner.client.get("/rules").content.decode()
    assert "<p>Be kind.</p>" in page
    assert "<script" not in page
    ask(owner, "put", "site/texts/contact", {"source": "abuse@example.org"})
    for path in ("/rules", "/privacy", "/imprint"):
        assert "abuse@example.org" in owner.client.get(path).content.decode()
    ask(owner, "put", "site/texts/contact", {"source": ""})
    assert [(one.deed, one.target) for one in LogEntry.objects.order_by("id")] == [
        ("text", "rules"),
        ("text", "contact"),
        ("text", "contact"),
    ]
    found = {one["name"]: one["source"] for one in ask(owner, "get", "site/texts").json()["texts"]}
    assert found == {"rules": "Be kind.", "privacy": "", "imprint": "", "contact": ""}
    assert ask(owner, "put", "site/texts/weather", {"source": "x"}).status_code == 404
