"""Several people on one site, and nothing crosses: every route and method asked by everybody.

Whoever may not gets one answer; of a thing that is another's the answer is, byte for byte, that for a thing
that is not there, also for moderators and the owner; and nothing of it has changed.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client

from federation.models import SiteBlock
from signaling import relay
from social.accounts.models import Device, Invite, LoginSession, User
from social.media.models import File, Media, Upload
from social.posts.mention_models import Mention
from social.posts.models import Comment, Draft, Feed, Follow, Import, Item, Post
from social.safety.models import Block, PersonBlock, Report, SiteText
from tests.server.authenticator import SoftAuthenticator
from tests.server.conftest import Clock, kept_for_a_module, logged_in
from tests.server.identities import Identity
from tests.server.logins import HOST, Browser
from tests.server.routes import (
    API,
    AUTH,
    MEMBERS,
    METHODS,
    ROLES,
    RULES,
    STRANGERS,
    WEBSOCKETS,
    Rule,
    cases,
    routes,
    unlisted,
)

NOWHERE = {"pk": "999999", "id": "999999", "uid": str(uuid.uuid4()), "name": "i999999", "device": "x"}
NOWHERE |= {
    "kind": "weather",
    "address": "@no@no.example",
    "username": "no",
    "account": "a",
    "slug": "no",
    "place": "9",
    "part": "9",
}
PASSING = ("session_data", "expire_date", "seen")
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
SHOWN: dict[str, Any] = {
    "kind": "image",
    "url": "https://x.example/1.png",
    "type": "image/png",
    "size": 1,
    "alt": "",
}
SHOWN |= {"width": 1, "height": 1, "name": "", "alt": "", "blurhash": ""}
NEW = {"published": 1, "updated": 1, "shows": [SHOWN]}
PUBLIC_PAGE = "@member"


class World:
    """A site with one of each role, and one of each thing, all of which are `member`'s."""

    def __init__(self) -> None:
        self.people = {name: logged_in(name) for name in (*MEMBERS, "halfling")}
        for role in ("moderator", "owner"):
            User.objects.filter(username=role).update(role=role)
        self.member = User.objects.get(username="member")
        self.clients = {name: self.people[name].client for name in MEMBERS}
        self.clients["nobody"] = Client(headers=HOST)
        self.clients["visitor"] = self.visitor()
        self.clients["halfway"] = self.halfway()
        self.things: dict[str, Any] = self.own()

    def visitor(self) -> Client:
        client = Client(headers=HOST)
        certificate = Identity().add("visitor").certificate()
        body = {"certificate": certificate, "facts": ""}
        answer = client.post("/api/v1/visitor", body, content_type="application/json")
        assert answer.status_code == 201, answer.content
        return client

    def halfway(self) -> Client:
        """A browser in which the password was given and the code was not."""
        full = Browser()
        full.log_in("halfling")
        full.add_totp()
        half = Browser()
        assert half.log_in("halfling").status_code == 401
        client = Client(headers=HOST)
        client.cookies = half.client.cookies
        return client

    def own(self) -> dict[str, Any]:
        me, uid = self.member, uuid.uuid4()
        post = Post.objects.create(author=me, slug="mine", source="Mine.")
        feed = Feed.objects.create(url="https://x.example/feed", kind="rss")
        signed: dict[str, Any] = {
            "ip": "x.example",
            "port": 443,
            "username": "eve",
            "name": "Eve",
            "text": "Hm.",
        }
        signed |= {
            "ref": "r" * 43,
            "account": "a" * 43,
            "device": "d" * 43,
        }
        signed |= {"number": "n" * 22, "wire": b"{}", "certificate": b"{}"}
        media = Media.objects.create(uid=uid, owner=me, name="mine.png", kind="image", state="ready")
        File.objects.create(media=media, name="whole.webp", type="image/webp", size=1)
        folder = settings.MEDIA_ROOT / "kept" / str(uid)
        folder.mkdir(parents=True)
        (folder / "whole.webp").write_bytes(b"x")
        second = Client(headers=HOST)
        second.force_login(me)
        return {
            "session": LoginSession.objects.filter(user=me).latest("opened"),
            "device": Device.objects.create(user=me, device="d" * 43),
            "passkey": self.passkey(),
            "upload": Upload.objects.create(owner=me, name="mine.png", size=100),
            "media": media,
            "post": post,
            "import": Import.objects.create(user=me, name="mine.zip", total=100),
            "draft": Draft.objects.create(user=me, source="Half."),
            "follow": Follow.objects.create(user=me, feed=feed),
            "item": Item.objects.create(feed=feed, guid="1", url="https://x.example/1", **NEW),
            "mention": Mention.objects.create(post=post, source="https://x.example", state="pending"),
            "comment": Comment.objects.create(post=post, time=1, **signed),
            "personblock": PersonBlock.objects.create(user=me, ip="x.example", port=443, username="eve"),
            "report": Report.objects.create(reporter="member", what="post", ref="x", reason="spam"),
            "block": Block.objects.create(username="~v", label="Visitor", until=1 << 50),
            "siteblock": SiteBlock.objects.create(pattern="bad.example"),
            "invite": Invite.objects.create(token="t", made=1, expires=2, uses=1),
            "readable": post,
            "rules": SiteText.objects.create(kind="rules"),
        }

    def passkey(self) -> Authenticator:
        path = "/api/v1/me/security/passkeys"
        options = self.clients["member"].post(f"{path}/options").json()
        body = {"name": "Key", "credential": SoftAuthenticator().create(options.get("options", options))}
        answer = self.clients["member"].post(path, body, content_type="application/json")
        assert answer.status_code == 200, answer.content
        return Authenticator.objects.get(user=self.member, type="webauthn")

    def named(self, kind: str) -> str:
        """How a path names the thing of this kind."""
        thing = self.things[kind]
        if isinstance(thing, LoginSession):
            return thing.public_id
        if isinstance(thing, Media | Upload):
            return str(thing.uid)
        if isinstance(thing, Device):
            return thing.device
        if kind == "readable":
            return f"p{thing.pk}"
        return f"i{thing.pk}" if isinstance(thing, Item) else str(thing.pk)

    def standing(self) -> dict[str, Any]:
        """All that is `member`'s, as the database has it."""
        found = {}
        for kind, thing in self.things.items():
            rows = type(thing)._default_manager.filter(pk=thing.pk)
            names = [field.attname for field in thing._meta.local_fields if field.attname not in PASSING]
            found[kind] = rows.values(*names).first()
        return found

    def path(self, route: str, rule: Rule, absent: bool = False) -> str:
        fixed = dict(rule.args)

        def fill(match: re.Match[str]) -> str:
            name = match[1]
            if name in fixed:
                return self.named(fixed[name]) if fixed[name] in self.things else fixed[name]
            return NOWHERE[name] if absent or not rule.own else self.named(rule.own)

        return "/" + (PUBLIC_PAGE if route.startswith("^") else PARAMETER.sub(fill, route))

    def ask(self, role: str, method: str, path: str, rule: Rule) -> HttpResponse:
        cache.clear()
        body = rule.body if rule.body is not None else {}
        return self.clients[role].generic(
            method,
            path,
            body if isinstance(body, bytes) else encoded(body),
            rule.type,
            headers=dict(rule.headers),
        )


def encoded(body: Any) -> bytes:
    return body if isinstance(body, bytes) else json.dumps(body).encode()


def seen(answer: Any) -> tuple[int, bytes, str]:
    body = b"" if answer.streaming else answer.content
    return answer.status_code, body, answer.headers.get("Content-Type", "")


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """A world made once, in which every socket is open and no other site answers."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("federation.clock.now", Clock())
        patch.setattr("social.media.remote.picture", lambda url, hash="": b"")
        patch.setattr(relay, "login_online", lambda *_: True)
        with kept_for_a_module(World, django_db_blocker) as world:
            yield world


@pytest.fixture
def world(made: World, db: None) -> Iterator[World]:
    """What a test changes of it is undone."""
    cookies = {role: deepcopy(client.cookies) for role, client in made.clients.items()}
    assert all(made.standing().values())
    yield made
    for role, client in made.clients.items():
        client.cookies = cookies[role]


def test_every_route_is_in_the_table() -> None:
    assert set(routes()) == set(RULES)


def test_every_websocket_is_in_the_table() -> None:
    from social.config import asgi

    assert set(asgi.WEBSOCKETS) == set(WEBSOCKETS)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("method", "route", "rule"), cases(), ids=lambda one: one if isinstance(one, str) else ""
)
def test_who_may_is_let_in_and_nobody_else(world: World, method: str, route: str, rule: Rule) -> None:
    path, before = world.path(route, rule), world.standing()
    outside = [role for role in ROLES if role not in rule.allowed]
    answers = {role: world.ask(role, method, path, rule) for role in outside}
    for role, answer in answers.items():
        assert is_refusal(answer, role, route, rule), (role, answer.status_code, answer.content[:200])
        if rule.own and role in MEMBERS:
            absent = world.ask(role, method, world.path(route, rule, absent=True), rule)
            assert seen(answer) == seen(absent), role
    assert world.standing() == before
    for role in rule.allowed:
        answer = world.ask(role, method, path, rule)
        assert is_let_in(answer, rule), (role, answer.status_code, seen(answer)[1][:200])


def is_refusal(answer: Any, role: str, route: str, rule: Rule) -> bool:
    status = answer.status_code
    if route.startswith(AUTH):
        return status in (401, 403, 409)
    if not route.startswith(API):
        return status in (400, 401, 403)
    if role in STRANGERS:
        return bool(status == 401)
    return bool(status == (404 if rule.own else 403))


def is_let_in(answer: Any, rule: Rule) -> bool:
    """Or told what is wrong with what was sent."""
    if answer.status_code in (401, 403) and rule.allowed != ROLES:
        return False
    return answer.status_code < 500 and not (rule.own and answer.status_code == 404)


@pytest.mark.django_db
def test_no_other_method_does_anything(world: World) -> None:
    before = world.standing()
    for method, route in unlisted():
        path = world.path(route, Rule((), "" if route.startswith(("@", ".", "^")) else kind_of(route)))
        for role in ROLES:
            status = world.ask(role, method, path, Rule(())).status_code
            assert status in (400, 401, 403, 404, 405, 409, 412, 415), (role, method, route, status)
    assert world.standing() == before


def kind_of(route: str) -> str:
    return next((rule.own for rule in RULES[route].values()), "")


@pytest.mark.django_db
def test_another_sites_page_cannot_ask_in_a_members_name(world: World) -> None:
    """Whatever changes something wants the token of this site's own pages."""
    client = Client(enforce_csrf_checks=True, headers=HOST)
    client.force_login(world.member)
    before = world.standing()
    for method, route, rule in cases():
        if method in ("GET", "HEAD") or rule.allowed == () or not route.startswith((API, AUTH)):
            continue
        body = encoded(rule.body or {})
        answer = client.generic(method, world.path(route, rule), body, rule.type, headers=dict(rule.headers))
        assert answer.status_code in (403, 409), (method, route, answer.status_code)
    assert world.standing() == before


assert set(METHODS) >= {method for rules in RULES.values() for method in rules}
