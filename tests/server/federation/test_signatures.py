"""Signed requests (SPEC 8.2) and RFC 9421's own examples."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import AsyncRequestFactory
from http_message_signatures import HTTPSignatureAlgorithm, InvalidSignature, algorithms

from federation import clock, httpsig, replay, signatures, sitekey
from federation.models import Nonce, Peer
from federation.signatures import COVERED
from homevault.protocol.encoding import b64encode
from homevault.protocol.errors import ProtocolError
from homevault.protocol.keys import SignKey

RFC = json.loads((Path(__file__).parents[2] / "data" / "rfc9421.json").read_text(encoding="utf-8"))
OTHER = SignKey.from_seed(bytes(range(32)))
URL = "http://127.0.0.1:8001/federation/inbox?a=%20b"
BODY = b'{"hello":"porch"}'
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def known_peer(home: Any, transactional_db: Any) -> Peer:
    """The other site is pinned, and was asked just now."""
    return Peer.objects.create(ip="other.example", port=443, key=OTHER.public, dh="A" * 43, document_time=1)


def signed(
    *,
    url: str = URL,
    method: str = "POST",
    body: bytes = BODY,
    key: SignKey = OTHER,
    created: int | None = None,
    lifetime: int = 300,
    nonce: str = "n" * 22,
    label: str = "porchlight",
    tag: str = "porchlight",
    covered: Sequence[str] = COVERED,
    site: str = "other.example:443",
) -> list[tuple[str, str]]:
    """The header lines of a request that another site signed."""
    lines = [("Content-Type", "application/json"), ("Porchlight-Site", site)]
    message = httpsig.Message(method, url, httpsig.Headers(lines))
    now = clock.now() // 1_000 if created is None else created
    httpsig.sign(
        message,
        body,
        key,
        tag=tag,
        label=label,
        nonce=nonce,
        created=now,
        expires=now + lifetime,
        covered=covered,
    )
    return message.headers.items()


def request(
    lines: list[tuple[str, str]], body: bytes = BODY, url: str = URL, method: str = "POST"
) -> HttpRequest:
    """What this site's server makes of those lines."""
    path = url.removeprefix("http://127.0.0.1:8001")
    made: Any = AsyncRequestFactory().generic(method, path, body)
    made.scope["headers"] = [(name.lower().encode(), value.encode()) for name, value in lines]
    made.scope["raw_path"] = path.split("?")[0].encode()
    assert isinstance(made, HttpRequest)
    return made


def refused(made: HttpRequest, code: str) -> None:
    before = Nonce.objects.count()
    with pytest.raises(ProtocolError) as caught:
        signatures.verify_request_sync(made)
    assert caught.value.code == code, caught.value
    assert Nonce.objects.count() == before


def with_line(lines: list[tuple[str, str]], name: str, value: str | None) -> list[tuple[str, str]]:
    rest = [line for line in lines if line[0] != name]
    return rest if value is None else [*rest, (name, value)]


def test_a_signed_request_names_its_site() -> None:
    found = signatures.verify_request_sync(request(signed()))
    assert (found.site, found.key) == (("other.example", 443), OTHER.public)


async def test_the_async_way_is_the_same() -> None:
    lines = signed()
    assert (await signatures.verify_request(request(lines))).key == OTHER.public
    with pytest.raises(ProtocolError) as caught:
        await signatures.verify_request(request(lines))
    assert caught.value.code == "replay"


def test_what_this_site_signs_another_would_take() -> None:
    own = sitekey.current()
    Peer.objects.create(ip="127.0.0.1", port=8001, key=own.public, dh=own.dh.public, document_time=1)
    headers = signatures.sign_request("POST", URL, BODY)
    assert headers["Porchlight-Site"] == "127.0.0.1:8001"
    found = signatures.verify_request_sync(request(list(headers.items())))
    assert found.key == own.public


def test_an_empty_body_is_signed_too() -> None:
    assert signatures.verify_request_sync(request(signed(body=b""), b"")).key == OTHER.public


def test_a_request_is_taken_once() -> None:
    lines = signed()
    signatures.verify_request_sync(request(lines))
    refused(request(lines), "replay")


def test_a_nonce_is_one_keys_own() -> None:
    signatures.verify_request_sync(request(signed()))
    another = SignKey.from_seed(bytes(32))
    Peer.objects.create(ip="third.example", port=443, key=another.public, dh="A" * 43, document_time=1)
    signatures.verify_request_sync(request(signed(key=another, site="third.example:443")))


def test_a_replay_after_the_window_is_refused_though_the_nonce_is_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lines = signed()
    signatures.verify_request_sync(request(lines))
    later = clock.now() + 331 * clock.SECOND
    monkeypatch.setattr(clock, "now", lambda: later)
    replay.sweep()
    assert not Nonce.objects.exists()
    refused(request(lines), "expired")


def test_a_nonce_is_kept_as_long_as_its_signature_could_be_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = signed()
    signatures.verify_request_sync(request(lines))
    later = clock.now() + 329 * clock.SECOND
    monkeypatch.setattr(clock, "now", lambda: later)
    replay.sweep()
    refused(request(lines), "replay")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"created": 60}, "clock"),
        ({"created": -400}, "expired"),
        ({"lifetime": 301}, "signature"),
        ({"lifetime": 0}, "signature"),
        ({"nonce": "short"}, "signature"),
        ({"nonce": "n" * 65}, "signature"),
        ({"label": "sig1"}, "signature"),
        ({"tag": "other"}, "signature"),
        ({"key": SignKey.from_seed(bytes(32))}, "not_proven"),
        ({"site": "other.example"}, "address"),
        ({"site": "@bob@other.example:443"}, "address"),
        ({"site": "OTHER.example:443"}, "address"),
        ({"url": "http://localhost:8001/federation/inbox?a=%20b"}, "signature"),
        ({"url": "https://127.0.0.1:8001/federation/inbox?a=%20b"}, "signature"),
        ({"url": URL + "c"}, "signature"),
        ({"method": "PUT"}, "signature"),
    ],
    ids=lambda value: "-".join(map(str, value.items()))[:40] if isinstance(value, dict) else value,
)
def test_other_requests_are_refused(change: dict[str, Any], code: str) -> None:
    if "created" in change:
        change = {"created": clock.now() // 1_000 + change["created"]}
    refused(request(signed(**change)), code)


@pytest.mark.parametrize("left_out", COVERED)
def test_everything_must_be_covered(left_out: str) -> None:
    covered = [name for name in COVERED if name != left_out]
    if left_out == "content-digest":
        lines = [("Content-Type", "application/json"), ("Porchlight-Site", "other.example:443")]
        message = httpsig.Message("POST", URL, httpsig.Headers(lines))
        from http_message_signatures import HTTPMessageSigner

        signer = HTTPMessageSigner(
            signature_algorithm=httpsig.Sodium, key_resolver=httpsig.OneKey(private=OTHER)
        )
        signer.sign(
            message, key_id=OTHER.public, covered_component_ids=covered, tag="porchlight", label="porchlight"
        )
        refused(request(message.headers.items()), "signature")
    else:
        refused(request(signed(covered=covered)), "signature")


def test_a_changed_body_is_refused() -> None:
    refused(request(signed(), BODY + b" "), "signature")


def test_a_new_digest_for_a_changed_body_is_refused() -> None:
    other = signed(body=b"other")
    digest = dict(other)["Content-Digest"]
    refused(request(with_line(signed(), "Content-Digest", digest), b"other"), "signature")


@pytest.mark.parametrize(
    "name", ["Content-Digest", "Content-Type", "Porchlight-Site", "Signature", "Signature-Input"]
)
def test_no_header_may_be_missing(name: str) -> None:
    refused(request(with_line(signed(), name, None)), "signature")


@pytest.mark.parametrize("name", ["Content-Digest", "Content-Type", "Porchlight-Site"])
def test_no_covered_header_may_stand_twice(name: str) -> None:
    lines = signed()
    refused(request([*lines, (name, dict(lines)[name])]), "signature")


def test_another_site_in_the_header_is_refused() -> None:
    Peer.objects.create(ip="third.example", port=443, key=OTHER.public, dh="A" * 43, document_time=1)
    refused(request(with_line(signed(), "Porchlight-Site", "third.example:443")), "signature")


def test_another_algorithm_is_refused() -> None:
    lines = dict(signed())
    changed = lines["Signature-Input"].replace('alg="ed25519"', 'alg="hmac-sha256"')
    refused(request(list({**lines, "Signature-Input": changed}.items())), "signature")


def test_a_label_may_not_stand_twice() -> None:
    lines = dict(signed())
    doubled = f"{lines['Signature-Input']}, {lines['Signature-Input']}"
    refused(request(list({**lines, "Signature-Input": doubled}.items())), "signature")


def test_a_signature_added_on_the_way_does_no_harm() -> None:
    lines = dict(signed())
    lines["Signature-Input"] += ', proxy=("@method");created=1;keyid="proxy";tag="proxy"'
    lines["Signature"] += ", proxy=:AAAA:"
    assert signatures.verify_request_sync(request(list(lines.items()))).key == OTHER.public


@pytest.mark.parametrize(
    "value", ["", "porchlight=1", "porchlight=(", 'porchlight=("@method")', "\x00", "a" * 9_000]
)
def test_malformed_signature_headers_are_refused(value: str) -> None:
    for name in ("Signature", "Signature-Input"):
        refused(request(with_line(signed(), name, value)), "signature")


# --- RFC 9421 B.2, B.4 ------------------------------------------------------------------------

KEYS = {name: pem.encode() for name, pem in RFC["public_keys"].items()}
KEYS["test-shared-secret"] = base64.b64decode(RFC["shared_secret_b64"])
ED25519 = b64encode(base64.b64decode(RFC["public_keys"]["test-key-ed25519"].split("\n")[1])[-32:])
ALGORITHMS: dict[str, type[HTTPSignatureAlgorithm]] = {
    "rsa-pss-sha512": algorithms.RSA_PSS_SHA512,
    "ecdsa-p256-sha256": algorithms.ECDSA_P256_SHA256,
    "hmac-sha256": algorithms.HMAC_SHA256,
    "ed25519": httpsig.Sodium,
}


class Response:
    status_code = RFC["response"]["status"]

    def __init__(self, headers: httpsig.Headers) -> None:
        self.headers = headers


def message_of(vector: dict[str, Any]) -> Any:
    lines = [tuple(line) for line in RFC[vector["message"]]["headers"]]
    lines += [("Signature-Input", vector["signature_input"]), ("Signature", vector["signature"])]
    headers = httpsig.Headers(lines)
    if vector["message"] == "response":
        return Response(headers)
    return httpsig.Message(RFC["request"]["method"], RFC["request"]["url"], headers)


def verifier_of(vector: dict[str, Any]) -> httpsig.Verifier:
    key = ED25519 if vector["alg"] == "ed25519" else KEYS[vector["keyid"]]
    return httpsig.Verifier(
        signature_algorithm=ALGORITHMS[vector["alg"]], key_resolver=httpsig.OneKey(public=key)
    )


@pytest.mark.parametrize("vector", RFC["vectors"], ids=lambda vector: vector["name"])
def test_the_rfcs_examples_verify_with_their_signature_bases(vector: dict[str, Any]) -> None:
    (result,) = verifier_of(vector).verify(message_of(vector), max_age=None)
    base = "\n".join(f"{name}: {value}" for name, value in result.covered_components.items())
    assert base == vector["signature_base"]


@pytest.mark.parametrize("vector", RFC["vectors"], ids=lambda vector: vector["name"])
def test_the_rfcs_examples_are_not_enough_for_this_protocol(vector: dict[str, Any]) -> None:
    """B.2.1 covers nothing; none of them covers what a signed request must."""
    if vector["message"] == "request":
        with pytest.raises(ProtocolError) as caught:
            httpsig.verify(
                message_of(vector), b'{"hello": "world"}', ED25519, "porchlight", "porchlight", COVERED
            )
        assert caught.value.code == "signature"


B4_INPUT = 'transform=("@method" "@path" "@authority" "accept");created=1618884473;keyid="test-key-ed25519"'
B4_SIGNATURE = (
    "transform=:ZT1kooQsEHpZ0I1IjCqtQppOmIqlJPeo7DHR3SoMn0s5JZ1eRGS0A+vyYP9t/LXlh5QMFFQ6cpLt2m0pmj3NDA==:"
)
TWO_ACCEPTS = [("Accept", "application/json"), ("Accept", "*/*")]


@pytest.mark.parametrize(
    ("method", "url", "lines", "valid"),
    [
        ("GET", "https://example.org/demo?name1=Value1&Name2=value2", TWO_ACCEPTS, True),
        ("GET", "https://example.org/demo?name1=Value1&Name2=value2&param=added", TWO_ACCEPTS, True),
        ("GET", "https://example.org/demo", [("Accept", "application/json, */*"), ("X", "y")], True),
        ("POST", "https://example.org/demo?name1=Value1&Name2=value2", TWO_ACCEPTS, False),
        ("GET", "https://example.com/demo?name1=Value1&Name2=value2", TWO_ACCEPTS, False),
        ("GET", "https://example.org/demo?name1=Value1&Name2=value2", TWO_ACCEPTS[::-1], False),
    ],
    ids=["as sent", "query added", "headers joined", "method", "authority", "order"],
)
def test_what_may_change_on_the_way_and_what_may_not(
    method: str, url: str, lines: list[tuple[str, str]], valid: bool
) -> None:
    headers = httpsig.Headers([*lines, ("Signature-Input", B4_INPUT), ("Signature", B4_SIGNATURE)])
    verifier = httpsig.Verifier(
        signature_algorithm=httpsig.Sodium, key_resolver=httpsig.OneKey(public=ED25519)
    )
    if valid:
        assert verifier.verify(httpsig.Message(method, url, headers), max_age=None)
    else:
        with pytest.raises(InvalidSignature):
            verifier.verify(httpsig.Message(method, url, headers), max_age=None)
