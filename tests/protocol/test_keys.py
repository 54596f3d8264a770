"""Keys against Wycheproof, and what never shows."""

import hmac
import json
from pathlib import Path
from typing import Any

import pytest

from homevault.protocol.encoding import b64encode
from homevault.protocol.errors import ProtocolError
from homevault.protocol.keys import DhKey, SignKey, verify_bytes
from homevault.protocol.seal import hkdf

DATA = Path(__file__).parent.parent / "data" / "wycheproof"


def groups(name: str) -> list[Any]:
    return list(json.loads((DATA / f"{name}_test.json").read_text("utf-8"))["testGroups"])


def verifies(group: Any, test: Any) -> bool:
    public = b64encode(bytes.fromhex(group["publicKey"]["pk"]))
    try:
        verify_bytes(bytes.fromhex(test["msg"]), b64encode(bytes.fromhex(test["sig"])), public)
    except ProtocolError as error:
        if error.code not in ("signature", "encoding"):
            raise
        return False
    return True


def test_ed25519_verdicts() -> None:
    counted = 0
    for group in groups("ed25519"):
        for test in group["tests"]:
            assert verifies(group, test) == (test["result"] == "valid"), test["tcId"]
            counted += 1
    assert counted > 100


def test_x25519_results_and_refusals() -> None:
    counted = 0
    for group in groups("x25519"):
        for test in group["tests"]:
            key, public = DhKey.from_secret(bytes.fromhex(test["private"])), bytes.fromhex(test["public"])
            counted += 1
            if set(test["shared"]) == {"0"}:
                with pytest.raises(ProtocolError, match="weak_key"):
                    key.agree(b64encode(public))
            else:
                assert key.agree(b64encode(public)).hex() == test["shared"], test["tcId"]
    assert counted > 400


def test_hkdf() -> None:
    counted = 0
    for group in groups("hkdf_sha256"):
        for test in group["tests"]:
            if test["result"] == "valid":
                parts = [bytes.fromhex(test[name]) for name in ("salt", "ikm", "info")]
                assert hkdf(*parts, test["size"]).hex() == test["okm"], test["tcId"]
                counted += 1
    assert counted > 50


def test_hmac() -> None:
    """Of what proves a scanned ticket and makes HKDF."""
    counted = 0
    for group in groups("hmac_sha256"):
        for test in group["tests"]:
            key, message = bytes.fromhex(test["key"]), bytes.fromhex(test["msg"])
            tag = hmac.digest(key, message, "sha256")[: group["tagSize"] // 8]
            assert (tag.hex() == test["tag"]) == (test["result"] == "valid"), test["tcId"]
            counted += 1
    assert counted > 100


def test_private_halves_do_not_show() -> None:
    sign, dh = SignKey.from_seed(b"\x07" * 32), DhKey.from_secret(b"\x09" * 32)
    assert repr(sign) == f"SignKey({sign.public})"
    assert repr(dh) == f"DhKey({dh.public})"
