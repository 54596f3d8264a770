"""RFC 9421 by the http-message-signatures library, with libsodium's Ed25519 instead of another.

The library builds and checks the signature base and the Content-Digest; times, coverage, identity and replay
are judged by `signatures`. Loaded when the first signed request comes or goes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from http_message_signatures import (
    HTTPMessageSignaturesException,
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureAlgorithm,
    HTTPSignatureKeyResolver,
    InvalidSignature,
    VerifyResult,
)

from homevault.protocol.encoding import b64encode
from homevault.protocol.errors import ProtocolError
from homevault.protocol.keys import SignKey, verify_bytes


class Sodium(HTTPSignatureAlgorithm):
    """Ed25519: the public key as the protocol writes keys, the private one a SignKey."""

    algorithm_id = "ed25519"

    def __init__(self, public_key: str | None = None, private_key: SignKey | None = None) -> None:
        self.public_key, self.private_key = public_key, private_key

    def sign(self, message: bytes) -> bytes:
        assert self.private_key is not None
        return self.private_key.sign(message)

    def verify(self, signature: bytes, message: bytes) -> None:
        assert self.public_key is not None
        verify_bytes(message, b64encode(signature), self.public_key)


class Headers:
    """Header field lines in wire order, names as they came, as the library wants to see them."""

    def __init__(self, lines: Iterable[tuple[str, str]]) -> None:
        self._lines = list(lines)

    def items(self) -> list[tuple[str, str]]:
        return list(self._lines)

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(name for name, _ in self._lines))

    def __contains__(self, name: str) -> bool:
        return any(line[0].lower() == name.lower() for line in self._lines)

    def __setitem__(self, name: str, value: str) -> None:
        self._lines.append((name, value))

    def __delitem__(self, name: str) -> None:
        self._lines = [line for line in self._lines if line[0].lower() != name.lower()]


@dataclass
class Message:
    """A request as RFC 9421 sees it: upper-case method, the absolute URL as sent, the header lines."""

    method: str
    url: str
    headers: Headers


class OneKey(HTTPSignatureKeyResolver):
    """Resolves every keyid to the one key that the caller settled on."""

    def __init__(self, public: Any = None, private: Any = None) -> None:
        self._public, self._private = public, private

    def resolve_public_key(self, key_id: str) -> Any:
        return self._public

    def resolve_private_key(self, key_id: str) -> Any:
        return self._private


class Verifier(HTTPMessageVerifier):
    """The library's verifier without its clock: times are the caller's to judge."""

    inputs: Any = HTTPMessageVerifier._get_sig_inputs_and_signatures

    def validate_created_and_expires(self, sig_input: Any, max_age: Any = None) -> None:
        return None


def parameters(message: Message, tag: str, label: str) -> dict[str, Any]:
    """The parameters of the one signature with this tag and label, not verified yet.
    Raises ProtocolError `signature`."""
    verifier = Verifier(signature_algorithm=Sodium, key_resolver=OneKey())
    try:
        found = verifier.inputs(message, expect_tag=tag, expect_label=label)
        ((_, sig_input, _),) = tuple(found)
    except (HTTPMessageSignaturesException, ValueError, TypeError) as error:
        raise ProtocolError("signature", str(error)[:120]) from error
    return dict(sig_input.params)


def verify(
    message: Message, body: bytes, public: str, tag: str, label: str, covered: Sequence[str]
) -> VerifyResult:
    """Check one signature and the digest of the body. Raises ProtocolError `signature`."""
    verifier = Verifier(signature_algorithm=Sodium, key_resolver=OneKey(public=public))
    try:
        (result,) = verifier.verify(
            message,
            max_age=None,
            expect_tag=tag,
            expect_label=label,
            require_components=covered,
            body=body,
        )
    except (InvalidSignature, HTTPMessageSignaturesException, ValueError, TypeError) as error:
        raise ProtocolError("signature", str(error)[:120]) from error
    return result


def sign(
    message: Message,
    body: bytes,
    key: SignKey,
    *,
    tag: str,
    label: str,
    nonce: str,
    created: int,
    expires: int,
    covered: Sequence[str],
) -> None:
    """Add Content-Digest, Signature-Input and Signature to the message. Times are in seconds."""
    signer = HTTPMessageSigner(signature_algorithm=Sodium, key_resolver=OneKey(private=key))
    signer.sign(
        message,
        key_id=key.public,
        created=datetime.fromtimestamp(created, UTC),
        expires=datetime.fromtimestamp(expires, UTC),
        nonce=nonce,
        label=label,
        tag=tag,
        covered_component_ids=covered,
        body=body,
    )
