"""The handshake, from both sides."""

import json
from typing import Any

from tests.protocol.people import SeededRandom
from tests.vectors import wire_ops
from tests.vectors.cases.case import Case, bad, good, put
from tests.vectors.cases.cast import ALICE, BOB, BROWSER, HERE, SITE_KEY, random_id, text_of

ORIGIN = "https://alice.example"
CLIENT_HEX = SeededRandom("handshake/client").bytes(32).hex()
SERVER_HEX = SeededRandom("handshake/server").bytes(32).hex()


def _client(frames: list[str], **changes: Any) -> dict[str, Any]:
    return {
        "seed_hex": BROWSER.key.seed.hex(),
        "role": "device",
        "address": ALICE.address.wire(),
        "origin": ORIGIN,
        "random_hex": CLIENT_HEX,
        "expected": SITE_KEY.public,
        "frames": frames,
        **changes,
    }


def _server(frames: list[str], **changes: Any) -> dict[str, Any]:
    return {
        "seed_hex": SITE_KEY.seed.hex(),
        "origins": [ORIGIN],
        "random_hex": SERVER_HEX,
        "frames": frames,
        "welcome": None,
        **changes,
    }


def _frames(**changes: Any) -> tuple[str, str, str, str]:
    """hello, challenge, proof, welcome as both sides send them."""
    welcome = {
        "address": ALICE.address.wire(),
        "capabilities": ["live"],
        "limits": {"rate": 60},
        "slot": None,
    }
    [hello] = wire_ops.OPS["handshake"]["client"](_client([], **changes))["sent"]
    [challenge] = wire_ops.OPS["handshake"]["server"](_server([hello]))["sent"]
    _, proof = wire_ops.OPS["handshake"]["client"](_client([challenge], **changes))["sent"]
    sent = wire_ops.OPS["handshake"]["server"](_server([hello, proof], welcome=welcome))["sent"]
    return hello, challenge, proof, sent[-1]


def _frame(text: str, path: str, member: Any) -> str:
    return text_of(put(json.loads(text), path, member))


def handshake() -> list[Case]:
    hello, challenge, proof, welcome = _frames()
    site = _frames(role="site", address=HERE.wire())
    pairing = _frames(role="pairing", address=HERE.wire(), expected=None)
    given = {"address": ALICE.address.wire(), "capabilities": ["live"], "limits": {"rate": 60}, "slot": None}
    refusal = text_of({"type": "error", "data": {"code": "unlisted_device", "message": "no"}})
    strange = text_of({"type": "error", "data": {"code": "no_such_code", "message": ""}})
    other = _frame(challenge, "data.sig", "A" * 86)
    names = ["x" * 64, *(f"{number:02}" for number in range(63))]
    limits = dict.fromkeys(names, 1)
    cases = [
        good("client", "the whole way", "client", **_client([challenge, welcome])),
        good(
            "client-open",
            "an open welcome",
            "client",
            **_client([challenge, _frame(welcome, "data.more", 1)]),
        ),
        good(
            "client-site",
            "a site dials",
            "client",
            **_client(list(site[1::2]), role="site", address=HERE.wire()),
        ),
        good(
            "client-much",
            "as many capabilities and limits as there may be",
            "client",
            **_client(
                [challenge, _frame(_frame(welcome, "data.capabilities", names), "data.limits", limits)]
            ),
        ),
        good("client-trusting", "no key expected", "client", **_client([challenge], expected=None)),
        good("server", "the whole way", "server", **_server([hello, proof], welcome=given)),
        good("server-site", "a site dials in", "server", **_server([site[0], site[2]])),
        good("server-pairing", "a waiting vault", "server", **_server([pairing[0], pairing[2]])),
    ]
    wrong_client = {
        "client-capabilities": (
            [challenge, _frame(welcome, "data.capabilities", [*names, "x"])],
            "schema",
            "65 of them",
        ),
        "client-limits": (
            [challenge, _frame(welcome, "data.limits", {**limits, "x": 1})],
            "schema",
            "65 of them",
        ),
        "client-refused-longest": ([_refusal("x" * 1_024)], "refused", "1,024 characters"),
        "client-refused-long": ([_refusal("x" * 1_025)], "schema", "1,025 characters"),
        "client-refused": ([refusal], "unlisted_device", "the server's own code"),
        "client-refused-late": ([challenge, refusal], "unlisted_device", "the server's own code"),
        "client-strange-code": ([strange], "refused", "a code nobody knows"),
        "client-forged": ([other], "not_proven", "a forged signature"),
        "client-early-welcome": ([welcome], "schema", "no challenge before"),
        "client-second-challenge": ([challenge, challenge], "schema", "another challenge"),
        "client-after": ([challenge, welcome, welcome], "schema", "nothing follows"),
        "client-unknown-frame": ([text_of({"type": "x", "data": {}})], "schema", "no such frame"),
        "client-later-version": ([_frame(challenge, "data.v", 2)], "unsupported_version", "a later version"),
        "client-welcome-slot": ([challenge, _frame(welcome, "data.slot", "x")], "encoding", "not a slot"),
        "client-welcome-limits": (
            [challenge, _frame(welcome, "data.limits.rate", "x")],
            "schema",
            "not a number",
        ),
        "client-syntax": (["{"], "json_syntax", "not JSON"),
        "client-large": (["x" * 8_193], "json_too_large", "over 8 KiB"),
    }
    wrong_server = {
        "server-origin": ([_evil()], "refused", "another origin"),
        "server-origin-longest": ([_frame(hello, "data.origin", "x" * 300)], "refused", "300 bytes"),
        "server-origin-long": ([_frame(hello, "data.origin", "x" * 301)], "schema", "301 bytes"),
        "server-origin-none": ([_frame(hello, "data.origin", "")], "schema", "no origin"),
        "server-forged": ([hello, _frame(proof, "data.sig", "A" * 86)], "not_proven", "a forged proof"),
        "server-other-nonce": (
            [_frame(hello, "data.nonce", random_id("n", 32)), proof],
            "not_proven",
            "a proof of another hello",
        ),
        "server-other-key": (
            [_frame(hello, "data.key", BOB.browser.id), proof],
            "not_proven",
            "another's key",
        ),
        "server-early-proof": ([proof], "schema", "no hello before"),
        "server-second-hello": ([hello, hello], "schema", "another hello"),
        "server-after": ([hello, proof, proof], "schema", "nothing follows"),
        "server-role": ([_frame(hello, "data.role", "king")], "schema", "no such role"),
        "server-device-site": (
            [_frame(hello, "data.address.username", "")],
            "schema",
            "a device has a username",
        ),
        "server-site-user": (
            [_frame(site[0], "data.address.username", "alice")],
            "schema",
            "a site has none",
        ),
        "server-version": ([_frame(hello, "data.v", 2)], "unsupported_version", "a later version"),
        "server-short-nonce": ([_frame(hello, "data.nonce", "AAAA")], "encoding", "a nonce too short"),
        "server-space": ([hello.replace(":", ": ", 1)], "json_not_canonical", "not canonical"),
        "server-extra": ([_frame(hello, "more", 1)], "schema", "an unknown member"),
    }
    return [
        *cases,
        *(
            bad(id, why, error, "client", **_client(frames))
            for id, (frames, error, why) in wrong_client.items()
        ),
        bad(
            "client-other-site",
            "not the key expected",
            "not_proven",
            "client",
            **_client([challenge], expected=ALICE.account),
        ),
        bad(
            "client-other-origin",
            "dialled elsewhere",
            "not_proven",
            "client",
            **_client([challenge], origin="https://a.example"),
        ),
        *(
            bad(id, why, error, "server", **_server(frames))
            for id, (frames, error, why) in wrong_server.items()
        ),
    ]


def _refusal(message: str) -> str:
    return text_of({"type": "error", "data": {"code": "refused", "message": message}})


def _evil() -> str:
    [hello] = wire_ops.OPS["handshake"]["client"](_client([], origin="https://evil.example"))["sent"]
    return str(hello)
