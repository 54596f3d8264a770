"""An authenticator in software: makes passkeys and answers challenges as a browser with one would."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

PRESENT, VERIFIED = AuthenticatorData.FLAG.UP, AuthenticatorData.FLAG.UV


@dataclass
class SoftAuthenticator:
    """One passkey for `host`, used by a page of `origin`."""

    origin: str = "http://localhost:8001"
    host: str = "localhost"
    verifies: bool = True
    counter: int = 0
    counts: bool = True
    user_handle: str = ""
    id: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def create(self, options: dict[str, Any]) -> dict[str, Any]:
        """What `navigator.credentials.create` gives."""
        self.user_handle = options["user"]["id"]
        known = AttestedCredentialData.create(
            b"\0" * 16, self.id, ES256.from_cryptography_key(self.key.public_key())
        )
        data = self._data(AuthenticatorData.FLAG.AT, known)
        attestation = AttestationObject.create("none", data, {})
        client = self._client("webauthn.create", options["challenge"])
        return self._answer({"clientDataJSON": client, "attestationObject": bytes(attestation)})

    def get(self, options: dict[str, Any]) -> dict[str, Any]:
        """What `navigator.credentials.get` gives."""
        data = self._data()
        client = self._client("webauthn.get", options["challenge"])
        signature = self.key.sign(bytes(data) + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        handle = websafe_decode(self.user_handle)
        parts = {"clientDataJSON": client, "authenticatorData": bytes(data), "signature": signature}
        return self._answer({**parts, "userHandle": handle})

    def _data(self, more: int = 0, known: AttestedCredentialData | None = None) -> AuthenticatorData:
        flags = PRESENT | (VERIFIED if self.verifies else 0) | more
        host = hashlib.sha256(self.host.encode()).digest()
        self.counter += self.counts
        return AuthenticatorData.create(host, flags, self.counter, known or b"")

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _answer(self, response: dict[str, bytes]) -> dict[str, Any]:
        return {
            "id": websafe_encode(self.id),
            "rawId": websafe_encode(self.id),
            "type": "public-key",
            "clientExtensionResults": {},
            "response": {name: websafe_encode(value) for name, value in response.items()},
        }
