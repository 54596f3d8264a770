"""A member with one of everything, so that every path of /api/v1 leads to something that is there."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from federation import clock
from homevault.protocol.keys import SignKey
from social.accounts.models import User
from social.posts.mention_models import Mention
from social.posts.models import Comment
from tests.server.authenticator import SoftAuthenticator
from tests.server.conftest import Member
from tests.server.identities import RANDOM
from tests.server.operations import Operation
from tests.server.uploading import announce, picture, prepared

Names = dict[tuple[str, str], str]
"""(what stands before a parameter in a path, the parameter) → what leads to the furnished thing"""
House = tuple[Member, Names]


def furnish(member: Member, other: Member) -> Names:
    """Give `member`, who becomes the owner, one of everything; `other` has a post to follow."""
    User.objects.filter(username=member.username).update(role=User.OWNER)
    post = made(member, "posts", {"title": "One", "source": "A lamp."})["id"]
    file = prepared(member, picture())["uid"]
    made(member, "blocks", {"address": "@mallory@example.org"})
    return {
        ("posts", "id"): str(post),
        ("timeline", "name"): f"p{made(other, 'posts', {'title': '', 'source': 'Another.'})['id']}",
        ("shows", "place"): "0",
        ("drafts", "id"): str(made(member, "drafts", {"source": "Not yet."})["id"]),
        ("imports", "id"): str(made(member, "imports", {"name": "archive.zip", "size": 10})["id"]),
        ("follows", "id"): str(
            made(member, "follows", {"address": f"@{other.username}@localhost:8001"})["id"]
        ),
        ("comments", "id"): str(waiting_comment(post).pk),
        ("mentions", "id"): str(mention(post).pk),
        ("media", "uid"): file,
        ("files", "name"): "original",
        ("uploads", "uid"): announce(member, 10)["Location"].rsplit("/", 1)[1],
        ("reports", "id"): str(report(member, other)),
        ("blocks", "address"): "@mallory@example.org",
        ("blocks", "id"): str(
            made(member, "moderation/blocks", {"username": other.username, "hours": 1})["id"]
        ),
        ("sites", "id"): str(made(member, "moderation/sites", {"pattern": "bad.example"})["id"]),
        ("sessions", "id"): member.client.get("/api/v1/me/sessions").json()[0]["id"],
        ("passkeys", "id"): str(passkey(member)),
        ("devices", "device"): member.identity.browser.id,
        ("texts", "kind"): "rules",
        ("moderators", "username"): other.username,
        ("invites", "id"): str(made(member, "invites", {"label": "", "days": 7, "uses": 1})["id"]),
    }


def made(member: Member, path: str, body: Any) -> dict[str, Any]:
    answer = member.client.post(f"/api/v1/{path}", body, content_type="application/json")
    assert answer.status_code in (200, 201), (path, answer.content)
    return dict(answer.json())


def follow(member: Member, other: Member) -> int:
    return int(made(member, "follows", {"address": f"@{other.username}@localhost:8001"})["id"])


def passkey(member: Member) -> int:
    path = "/api/v1/me/security/passkeys"
    options = member.client.post(f"{path}/options").json()["options"]
    credential = SoftAuthenticator().create(options)
    made(member, "me/security/passkeys", {"name": "Key", "credential": credential})
    return int(member.client.get("/api/v1/me/security").json()["passkeys"][0]["id"])


def report(member: Member, other: Member) -> int:
    about = {"what": "person", "ref": f"@{member.username}@localhost:8001", "reason": "other"}
    made(other, "reports", about)
    return int(member.client.get("/api/v1/reports").json()["reports"][0]["id"])


def waiting_comment(post: int) -> Comment:
    key = SignKey.generate(RANDOM).public
    return Comment.objects.create(
        post_id=post, ref=key, account=key, device=key, number="n", ip="example.org", port=443,
        username="bob", name="Bob", text="Good.", time=clock.now(), wire=b"{}", certificate=b"{}",
    )  # fmt: skip


def mention(post: int) -> Mention:
    return Mention.objects.create(
        post_id=post, source="https://example.org/reply", source_key="key", host="example.org"
    )


def parameters_of(operation: Operation) -> list[tuple[str, str]]:
    """What is open in its path, as `Names` names it."""
    parts = operation.path.split("/")
    return [
        (before.strip("{}"), part.strip("{}")) for before, part in pairwise(parts) if part.startswith("{")
    ]


def path_of(operation: Operation, names: Names) -> str:
    """The operation's path to the furnished things."""
    path = operation.path
    for before, name in parameters_of(operation):
        path = path.replace(f"{{{name}}}", names[before, name])
    return path
