"""Somebody on another site who comments: the site is scripted, its keys and its people's are real."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Any

from django.test import Client

from federation import clock, httpsig, signatures
from homevault.protocol.addresses import Address
from homevault.protocol.canonical import canonical
from homevault.protocol.comments import make_comment
from homevault.protocol.encoding import b64encode
from homevault.protocol.keys import DhKey, SignKey
from homevault.protocol.sites import make_site_document
from tests.server.elsewhere import Elsewhere, Reply
from tests.server.identities import CLOCK, RANDOM, Identity

JSON = {"content-type": "application/json"}
OUR_ORIGIN = "http://localhost:8001"


@dataclass
class Commenter:
    """A person on the site `home`, who keeps what that site says about them in `home.pages`."""

    home: Elsewhere
    username: str = "bob"
    key: SignKey = field(default_factory=lambda: SignKey.generate(RANDOM))
    identity: Identity = field(default_factory=Identity)
    device_list: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        site = Address.make("127.0.0.1", self.home.port)
        document = make_site_document(site, self.key, DhKey.generate(RANDOM).public, CLOCK.now())
        self.home.pages["/.well-known/porchlight"] = Reply(canonical(document), headers=JSON)
        self.publish()

    def publish(self) -> None:
        """Put the keys document up."""
        self.device_list = self.identity.device_list()
        document = {"v": 1, "list": self.device_list, "prekeys": []}
        self.home.pages[f"/.well-known/porchlight/keys/{self.username}"] = Reply(
            canonical(document), headers=JSON
        )

    @property
    def address(self) -> Address:
        return Address.make("127.0.0.1", self.home.port, self.username)

    @property
    def certificate(self) -> dict[str, Any]:
        """The browser's, as the list has it."""
        devices = self.device_list["devices"]
        return dict(next(one for one in devices if one["device"] == self.identity.browser.id))

    def body(self, path: str, text: str = "A word.", **changes: Any) -> dict[str, Any]:
        """`{comment, certificate}` for the post at `path`; `changes` replace arguments of `make_comment`."""
        parts = {
            "account": self.identity.account.public,
            "author": self.address,
            "device": self.identity.browser.key,
            "name": "Bob",
            "post": OUR_ORIGIN + path,
            "text": text,
            "now": CLOCK.now(),
            "random": RANDOM,
            **changes,
        }
        return {"comment": make_comment(**parts), "certificate": self.certificate}

    def say(self, path: str, body: Any, **changes: Any) -> Any:
        """POST it, signed by the site; what came back."""
        raw = body if isinstance(body, bytes) else canonical(body)
        return send(path, raw, self.headers(path, raw, **changes))

    def headers(self, path: str, raw: bytes, **changes: Any) -> dict[str, str]:
        """The signed headers; `changes`: `site`, `key`, `created`, `url`, `method`."""
        site = changes.get("site", f"127.0.0.1:{self.home.port}")
        lines = {"Content-Type": "application/json", "Porchlight-Site": site}
        url = changes.get("url", f"{OUR_ORIGIN}{path}/comments")
        message = httpsig.Message(changes.get("method", "POST"), url, httpsig.Headers(lines.items()))
        created = changes.get("created", clock.now() // 1000)
        httpsig.sign(
            message,
            raw,
            changes.get("key", self.key),
            tag="porchlight",
            label="porchlight",
            nonce=b64encode(os.urandom(16)),
            created=created,
            expires=created + 300,
            covered=signatures.COVERED,
        )
        return dict(message.headers.items())


def send(path: str, raw: bytes, headers: dict[str, str]) -> Any:
    headers = {name.lower(): value for name, value in headers.items()}
    kind = headers.pop("content-type", "application/json")
    client = Client(headers={"host": "localhost:8001"})
    return client.post(f"{path}/comments", raw, content_type=kind, headers=headers)
