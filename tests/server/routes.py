"""Every way into a site, and who may take it: the table to which `test_access_matrix` holds it.

A rule names who is let in; whoever is not is refused. Where a path names a thing
of somebody, `Own` says of which kind: for everybody but its owner the thing is not there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import get_resolver

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
STRANGERS = ("nobody", "visitor", "halfway")
MEMBERS = ("other", "member", "moderator", "owner")
ROLES = (*STRANGERS, *MEMBERS)


@dataclass(frozen=True)
class Rule:
    """`allowed` are let in; `own` is the kind of thing in the path, which only `member` has; `args` fill
    what else the path names; `body` is one that gets as far as looking for the thing."""

    allowed: tuple[str, ...]
    own: str = ""
    args: tuple[tuple[str, str], ...] = ()
    body: Any = None
    type: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()


EVERYBODY = Rule(ROLES)
ANY_MEMBER = Rule(MEMBERS)
STAFF = Rule(("moderator", "owner"))
SITE_OWNER = Rule(("owner",))
BY_KEY = Rule(())
"""For sites that sign their request; a cookie is worth nothing."""


def own(kind: str, body: Any = None, **more: Any) -> Rule:
    return Rule(("member",), kind, body=body, **more)


def with_args(rule: Rule, **args: str) -> Rule:
    return Rule(rule.allowed, rule.own, tuple(args.items()), rule.body, rule.type, rule.headers)


NEWCOMER = {"username": "newcomer", "password": "a lantern by the gate"}
CHANGE = {"change": {"v": 1}, "certificate": {"v": 1}}
RETRACTION = {"wire": {"v": 1}, "certificate": {"v": 1}}
TUS = (("Tus-Resumable", "1.0.0"),)
PIECE = "application/octet-stream"
AUTH = "_allauth/browser/v1/"
API = "api/v1/"

RULES: dict[str, dict[str, Rule]] = {
    f"{AUTH}config": {"GET": EVERYBODY},
    f"{AUTH}auth/session": {"GET": ANY_MEMBER, "DELETE": EVERYBODY},
    f"{AUTH}auth/login": {"POST": EVERYBODY},
    f"{AUTH}auth/signup": {"POST": Rule((), body=NEWCOMER)},
    f"{AUTH}auth/reauthenticate": {"POST": ANY_MEMBER},
    f"{AUTH}auth/2fa/authenticate": {"POST": Rule(("halfway",))},
    f"{AUTH}auth/2fa/reauthenticate": {"POST": ANY_MEMBER},
    f"{AUTH}auth/webauthn/login": {"GET": EVERYBODY, "POST": Rule(STRANGERS)},
    f"{AUTH}auth/webauthn/authenticate": {"GET": Rule(("halfway",)), "POST": Rule(("halfway",))},
    f"{AUTH}auth/webauthn/reauthenticate": {"GET": ANY_MEMBER, "POST": ANY_MEMBER},
    f"{API}site": {"GET": EVERYBODY},
    f"{API}setup": {"POST": EVERYBODY},
    f"{API}join": {"POST": EVERYBODY},
    f"{API}invites": {"GET": SITE_OWNER, "POST": SITE_OWNER},
    f"{API}invites/moderators": {"PUT": SITE_OWNER},
    f"{API}invites/<int:pk>": {"DELETE": with_args(SITE_OWNER, pk="invite")},
    f"{API}reset": {"POST": EVERYBODY},
    f"{API}reset/challenge": {"POST": EVERYBODY},
    f"{API}reset/mail": {"POST": EVERYBODY, "PUT": EVERYBODY},
    f"{API}me": {"GET": ANY_MEMBER},
    f"{API}me/profile": {"PATCH": ANY_MEMBER},
    f"{API}me/beacons": {"GET": ANY_MEMBER, "PUT": ANY_MEMBER},
    f"{API}me/language": {"PUT": ANY_MEMBER},
    f"{API}me/light": {"PUT": ANY_MEMBER},
    f"{API}me/password": {"PUT": ANY_MEMBER},
    f"{API}me/sessions": {"GET": ANY_MEMBER, "DELETE": ANY_MEMBER},
    f"{API}me/sessions/<str:id>": {"DELETE": own("session")},
    f"{API}me/security": {"GET": ANY_MEMBER},
    f"{API}me/security/totp": {"POST": ANY_MEMBER, "PUT": ANY_MEMBER, "DELETE": ANY_MEMBER},
    f"{API}me/security/recovery-codes": {"POST": ANY_MEMBER},
    f"{API}me/security/email": {"POST": ANY_MEMBER, "PUT": ANY_MEMBER, "DELETE": ANY_MEMBER},
    f"{API}me/security/passkeys": {"POST": ANY_MEMBER},
    f"{API}me/security/passkeys/options": {"POST": ANY_MEMBER},
    f"{API}me/security/passkeys/<int:id>": {
        "PATCH": own("passkey", {"name": "Blue key"}),
        "DELETE": own("passkey"),
    },
    f"{API}me/stored": {"GET": ANY_MEMBER},
    f"{API}me/leaving": {"GET": ANY_MEMBER, "POST": ANY_MEMBER},
    f"{API}me/export": {"GET": ANY_MEMBER, "POST": ANY_MEMBER},
    f"{API}me/export/progress": {"GET": ANY_MEMBER},
    f"{API}site/stored": {"GET": SITE_OWNER},
    f"{API}keys": {"GET": ANY_MEMBER},
    f"{API}keys/list": {"PUT": ANY_MEMBER},
    f"{API}keys/abandon": {"POST": ANY_MEMBER},
    f"{API}keys/devices": {"GET": ANY_MEMBER},
    f"{API}keys/devices/<str:device>": {"PATCH": own("device", {"name": "Kitchen"})},
    f"{API}vaults": {"GET": ANY_MEMBER},
    f"{API}vaults/waiting": {"GET": ANY_MEMBER},
    f"{API}people": {"GET": ANY_MEMBER},
    f"{API}people/lookup": {"GET": ANY_MEMBER},
    f"{API}people/picture": {"GET": ANY_MEMBER},
    f"{API}media": {"GET": ANY_MEMBER},
    f"{API}media/usage": {"GET": ANY_MEMBER},
    f"{API}media/uploads": {"POST": Rule(MEMBERS, headers=TUS)},
    f"{API}media/uploads/<uuid:uid>": {
        "HEAD": own("upload", headers=TUS),
        "PATCH": own(
            "upload",
            b"more",
            type="application/offset+octet-stream",
            headers=(*TUS, ("Upload-Offset", "0")),
        ),
        "DELETE": own("upload", headers=TUS),
    },
    f"{API}media/<uuid:uid>": {"GET": own("media"), "DELETE": own("media")},
    f"{API}media/<uuid:uid>/files/<str:name>": {"GET": with_args(own("media"), name="whole.webp")},
    f"{API}posts": {"GET": ANY_MEMBER, "POST": ANY_MEMBER},
    f"{API}posts/preview": {"POST": ANY_MEMBER},
    f"{API}posts/statements": {"GET": ANY_MEMBER},
    f"{API}posts/<int:pk>": {
        "GET": own("post"),
        "PATCH": own("post", {"source": "x"}),
        "DELETE": own("post"),
    },
    f"{API}posts/<int:pk>/versions": {"GET": own("post")},
    f"{API}posts/<int:pk>/pin": {"PUT": own("post"), "DELETE": own("post")},
    f"{API}posts/<int:pk>/retract": {"POST": own("post", RETRACTION)},
    f"{API}posts/<int:pk>/replies": {"GET": own("post"), "PUT": own("post", {"replies": "nobody"})},
    f"{API}posts/export": {"GET": ANY_MEMBER},
    f"{API}imports": {"GET": ANY_MEMBER, "POST": ANY_MEMBER},
    f"{API}imports/<int:pk>": {"GET": own("import"), "PUT": own("import", b"piece", type=PIECE)},
    f"{API}drafts": {"GET": ANY_MEMBER, "POST": ANY_MEMBER},
    f"{API}drafts/<int:pk>": {
        "GET": own("draft"),
        "PUT": own("draft", {"title": "", "source": "x", "tags": [], "shows": []}),
        "DELETE": own("draft"),
    },
    f"{API}recent": {"GET": ANY_MEMBER},
    f"{API}search": {"GET": ANY_MEMBER},
    f"{API}follows": {"GET": ANY_MEMBER, "POST": ANY_MEMBER},
    f"{API}follows/opml": {"GET": ANY_MEMBER, "POST": ANY_MEMBER},
    f"{API}follows/look": {"POST": ANY_MEMBER},
    f"{API}follows/<int:pk>": {"PATCH": own("follow", {"muted": True}), "DELETE": own("follow")},
    f"{API}timeline": {"GET": ANY_MEMBER},
    f"{API}timeline/read": {"PUT": ANY_MEMBER},
    f"{API}timeline/<str:name>": {"GET": own("item")},
    f"{API}timeline/<str:name>/shows/<int:place>": {"GET": with_args(own("item"), place="0")},
    f"{API}timeline/<str:name>/comments": {
        "GET": own("item"),
        "POST": own("item", {"comment": {"v": 1}, "certificate": {"v": 1}}),
    },
    f"{API}timeline/<str:name>/comments/changes": {"POST": own("item", CHANGE)},
    f"{API}timeline/<str:name>/bump": {"POST": with_args(ANY_MEMBER, name="readable")},
    f"{API}timeline/<str:name>/recommend": {"PUT": own("item"), "DELETE": own("item")},
    f"{API}mentions/<int:pk>/show": {"POST": own("mention")},
    f"{API}mentions/<int:pk>/hide": {"POST": own("mention")},
    f"{API}comments/sent": {"GET": ANY_MEMBER},
    f"{API}comments/sent/changes": {"POST": Rule(MEMBERS, body=CHANGE)},
    f"{API}comments/pending": {"GET": ANY_MEMBER},
    f"{API}comments/<int:pk>/approve": {"POST": own("comment")},
    f"{API}comments/<int:pk>/refuse": {"POST": own("comment")},
    f"{API}visitor": {"GET": EVERYBODY, "POST": EVERYBODY},
    f"{API}moderation": {"GET": STAFF},
    f"{API}moderation/blocks": {"POST": STAFF},
    f"{API}moderation/blocks/<int:pk>": {"DELETE": with_args(STAFF, pk="block")},
    f"{API}moderation/notices": {"POST": STAFF},
    f"{API}moderation/sites": {"GET": STAFF, "POST": SITE_OWNER},
    f"{API}moderation/sites/list": {"POST": SITE_OWNER},
    f"{API}moderation/sites/<int:pk>": {"DELETE": with_args(SITE_OWNER, pk="siteblock")},
    f"{API}moderation/moderators": {"GET": SITE_OWNER},
    f"{API}moderation/moderators/<str:username>": {
        "PUT": with_args(SITE_OWNER, username="other"),
        "DELETE": with_args(SITE_OWNER, username="other"),
    },
    f"{API}moderation/log": {"GET": STAFF},
    f"{API}reports": {"GET": STAFF, "POST": ANY_MEMBER},
    f"{API}reports/<int:pk>": {"POST": with_args(STAFF, pk="report")},
    f"{API}site/look": {"GET": SITE_OWNER, "PUT": SITE_OWNER},
    f"{API}site/look/preview": {"GET": SITE_OWNER},
    f"{API}site/look/style": {"GET": SITE_OWNER},
    f"{API}site/texts": {"GET": STAFF},
    f"{API}site/texts/<str:kind>": {"PUT": with_args(SITE_OWNER, kind="rules")},
    f"{API}blocks": {"GET": ANY_MEMBER, "POST": ANY_MEMBER},
    f"{API}blocks/<str:address>": {"DELETE": with_args(ANY_MEMBER, address="@eve@x.example")},
    ".well-known/porchlight/keys/<str:username>": {"GET": with_args(EVERYBODY, username="member")},
    ".well-known/porchlight/keys/<str:username>/claim": {"POST": with_args(BY_KEY, username="member")},
    ".well-known/porchlight/moved/<str:account>": {
        "GET": with_args(EVERYBODY, account="a"),
        "PUT": with_args(EVERYBODY, account="a"),
    },
    ".well-known/porchlight": {"GET": EVERYBODY},
    "federation/inbox": {"POST": BY_KEY},
    "search": {"GET": EVERYBODY},
    ".well-known/webfinger": {"GET": EVERYBODY},
    ".well-known/nodeinfo": {"GET": EVERYBODY},
    "nodeinfo/2.1": {"GET": EVERYBODY},
    ".well-known/host-meta": {"GET": EVERYBODY},
    ".well-known/security.txt": {"GET": EVERYBODY},
    "robots.txt": {"GET": EVERYBODY},
    "sitemap.xml": {"GET": EVERYBODY},
    "sitemap-<int:part>.xml": {"GET": with_args(EVERYBODY, part="1")},
    "webmention": {"POST": EVERYBODY},
    "@<str:username>/<str:slug>/comments": {"POST": with_args(BY_KEY, username="member", slug="mine")},
    r"^(?:@.*|rules|privacy|imprint|stored|public-[0-9a-f]{16}\.(?:css|svg))?$": {"GET": EVERYBODY},
}
"""By route, then by method. HEAD stands where GET does, OPTIONS says nothing of anybody."""

WEBSOCKETS = ("signaling/socket", "federation/link")


def routes() -> Iterator[str]:
    """Every route of the site, as its patterns are written."""

    def walk(resolver: Any, prefix: str) -> Iterator[str]:
        for one in resolver.url_patterns:
            path = prefix + str(one.pattern)
            yield from walk(one, path) if hasattr(one, "url_patterns") else [path]

    return walk(get_resolver(), "")


def cases() -> list[tuple[str, str, Rule]]:
    return [(method, route, rule) for route, rules in RULES.items() for method, rule in rules.items()]


def unlisted() -> list[tuple[str, str]]:
    """What no route should answer."""
    return [
        (method, route)
        for route, rules in RULES.items()
        for method in METHODS
        if method not in rules and not (method == "HEAD" and "GET" in rules)
    ]
