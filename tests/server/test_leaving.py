"""Leaving: nobody is there at once, a login takes it back; after the grace nothing is left but the name."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from federation import clock, jobs
from federation.models import Job
from social.accounts import inventory, leaving
from social.accounts.models import FormerName, User
from social.media.models import Media
from social.posts.models import Comment, Post
from social.public import build, published
from social.safety.models import LogEntry
from tests.server.conftest import Clock, Member
from tests.server.logins import HOST, Browser, code_of
from tests.server.test_posts_writing import ask, write
from tests.server.uploading import picture, prepared

pytestmark = pytest.mark.django_db
DAY = 24 * 3600


def leave(member: Member, status: int = 200, **more: str) -> dict[str, Any]:
    cache.clear()
    body = {"username": member.username, **more}
    answer = member.client.post("/api/v1/me/leaving", body, content_type="application/json")
    assert answer.status_code == status, answer.content
    return dict(answer.json())


def run_due() -> None:
    for job in jobs.claim(10, [leaving.KIND]):
        leaving.work(job)
        jobs.finish(job)


def status(path: str) -> int:
    return int(Client(headers=HOST).get(path).status_code)


def left_of(user: User) -> dict[str, int]:
    """By table, the rows that some holding still counts as this member's."""
    found: dict[str, int] = {}
    for holding in inventory.every(inventory.MEMBER):
        for counted in inventory.count(holding, user):
            if counted.rows:
                found[counted.name] = found.get(counted.name, 0) + counted.rows
    return found


def everywhere(words: str) -> set[str]:
    """The tables in which a text stands, in whatever column."""
    found = set()
    for model in apps.get_models(include_auto_created=True):
        for row in model._base_manager.values():
            if any(words in str(value) for value in row.values()):
                found.add(model._meta.label)
    return found


def test_at_once_nobody_is_there(alice: Member) -> None:
    slug = Post.objects.get(pk=write(alice, "A lantern")["id"]).slug
    paths = ["/@alice", f"/@alice/{slug}", "/@alice/feed.json", "/@alice/feed.atom"]
    assert [status(path) for path in paths] == [200] * 4
    assert leave(alice)["until"] > clock.now()
    assert [status(path) for path in paths] == [410] * 4
    assert status("/.well-known/porchlight/keys/alice") == 404
    assert alice.client.get("/api/v1/me").status_code == 401
    assert "alice" not in Client(headers=HOST).get("/").content.decode()


def test_a_login_takes_it_back_whole(alice: Member, now: Clock) -> None:
    write(alice, "A lantern")
    leave(alice)
    now.forward(13 * DAY)
    run_due()
    browser = Browser()
    assert browser.log_in().status_code == 200
    assert browser.is_in()
    assert status("/@alice") == 200
    now.forward(9 * DAY)
    run_due()
    assert status("/@alice") == 200
    assert Post.objects.count() == 1


def test_a_wrong_password_takes_nothing_back(alice: Member) -> None:
    leave(alice)
    assert Browser().log_in(password="not this one at all").status_code == 400
    assert status("/@alice") == 410


def test_the_second_factor_is_asked_before_anything_is_taken_back(alice: Member) -> None:
    browser = Browser()
    browser.log_in()
    app, _ = browser.add_totp()
    browser.ask("POST", "/api/v1/me/leaving", {"username": "alice"})
    again = Browser()
    assert again.log_in().status_code == 401
    assert status("/@alice") == 410
    assert again.give_code(app.code(1)).status_code == 200
    assert status("/@alice") == 200


@pytest.mark.django_db(transaction=True)
def test_files_go_with_their_rows(alice: Member, now: Clock) -> None:
    uid = prepared(alice, picture())["uid"]
    shows = [{"uid": uid, "alt": "A lamp"}]
    ask(alice, "post", "posts", {"source": "look", "shows": shows}, 201)
    place = settings.MEDIA_ROOT / "public" / uid
    assert place.is_dir()
    leave(alice)
    now.forward(14 * DAY + 1)
    run_due()
    assert not place.exists()
    assert not Media.objects.exists()


def test_what_was_said_to_others_goes_too(alice: Member, make_member: Any, now: Clock) -> None:
    bob = make_member("bob")
    post = Post.objects.get(pk=write(bob, "Bob writes")["id"])
    comment_of(post, "alice", "I was here")
    build.comment_pages(post)
    assert "I was here" in page(f"/@bob/{post.slug}")
    leave(alice)
    now.forward(14 * DAY + 1)
    run_due()
    assert "I was here" not in page(f"/@bob/{post.slug}")
    assert not Comment.objects.exists()


def comment_of(post: Post, username: str, text: str) -> None:
    Comment.objects.create(
        post=post, ref="r" * 43, account="a" * 43, device="d" * 43, number="n", ip="localhost", port=8001,
        username=username, name=username, text=text, time=1, state="shown", wire=b"{}", certificate=b"{}",
    )  # fmt: skip


def page(path: str) -> str:
    return Client(headers=HOST).get(path).content.decode()


def test_the_name_is_nobodys_again(alice: Member, make_member: Any, now: Clock) -> None:
    from social.accounts.adapter import Adapter

    leave(alice)
    now.forward(14 * DAY + 1)
    run_due()
    assert FormerName.objects.filter(username="alice").exists()
    with pytest.raises(Exception, match="Somebody here has that name already"):
        Adapter().clean_username("Alice")


def test_the_log_keeps_the_deed_and_forgets_the_name(alice: Member, make_member: Any, now: Clock) -> None:
    User.objects.filter(username="alice").update(role=User.MODERATOR)
    make_member("bob")
    ask(alice, "post", "moderation/blocks", {"username": "bob", "hours": 1, "reason": "alice says no"}, 201)
    leave(alice)
    now.forward(14 * DAY + 1)
    run_due()
    entry = LogEntry.objects.get(deed="block")
    assert (entry.actor, entry.target, entry.why) == ("-", "bob", "")


def test_the_log_forgets_whoever_was_blocked_whatever_they_called_themselves(
    alice: Member, make_member: Any, now: Clock
) -> None:
    olga = make_member("olga")
    User.objects.filter(username="olga").update(role=User.OWNER)
    alice.client.patch("/api/v1/me/profile", {"name": "Olga"}, content_type="application/json")
    block = ask(olga, "post", "moderation/blocks", {"username": "alice", "hours": 1, "reason": "Mean."}, 201)
    olga.client.delete(f"/api/v1/moderation/blocks/{block['id']}")
    assert log_lines() == [("olga", "block", "alice", "Mean."), ("olga", "unblock", "alice", "")]
    leave(alice)
    now.forward(14 * DAY + 1)
    run_due()
    assert log_lines() == [("olga", "block", "-", ""), ("olga", "unblock", "-", "")]


def log_lines() -> list[tuple[str, str, str, str]]:
    return list(LogEntry.objects.order_by("id").values_list("actor", "deed", "target", "why"))


def test_the_last_owner_names_another(alice: Member, make_member: Any) -> None:
    User.objects.filter(username="alice").update(role=User.OWNER)
    make_member("bob")
    assert alice.client.get("/api/v1/me/leaving").json() == {"days": 14, "heirs": ["bob"]}
    assert leave(alice, 409)["code"] == "last_owner"
    assert leave(alice, 409, heir="nobody")["code"] == "last_owner"
    assert User.objects.get(username="alice").is_active
    assert log_lines() == []
    leave(alice, heir="bob")
    assert User.objects.get(username="bob").role == User.OWNER
    assert User.objects.get(username="alice").role == User.MEMBER
    assert log_lines() == [("alice", "hand-over", "bob", "")]


def test_an_owner_who_lives_alone_may_go(alice: Member, now: Clock) -> None:
    User.objects.filter(username="alice").update(role=User.OWNER)
    leave(alice)
    now.forward(14 * DAY + 1)
    run_due()
    assert not User.objects.exists()
    assert Client(headers=HOST).get("/").status_code == 200


def test_it_wants_the_name_and_a_recent_login(alice: Member, now: Clock) -> None:
    answer = alice.client.post("/api/v1/me/leaving", {"username": "bob"}, content_type="application/json")
    assert (answer.status_code, code_of(answer)) == (400, "wrong_name")
    now.forward(6 * 60)
    assert leave(alice, 403)["code"] == "recent_login"
    assert User.objects.get(username="alice").is_active


def test_a_new_build_of_the_pages_leaves_them_gone(alice: Member, now: Clock) -> None:
    leave(alice)
    build.Edition.objects.update(recipe="old")
    published.PublishedPage.objects.all().delete()
    build.ensure_current()
    assert status("/@alice") == 410
    now.forward(14 * DAY + 1)
    run_due()
    build.Edition.objects.update(recipe="old")
    build.ensure_current()
    assert status("/@alice") == 410


def test_the_erasure_waits_as_a_job(alice: Member) -> None:
    until = leave(alice)["until"]
    job = Job.objects.get(kind=leaving.KIND)
    assert (job.next_run_at, job.group) == (until, f"{leaving.KIND}:{job.key}")
