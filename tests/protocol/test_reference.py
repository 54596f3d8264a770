"""libsodium as it reaches us against the reference vectors of PyNaCl, and our streams with it."""

import json
from pathlib import Path
from typing import Any

import nacl.bindings as sodium
import pytest

from homevault.protocol.live import open_stream

DATA = Path(__file__).parent.parent / "data" / "pynacl"


def lines(name: str) -> list[list[str]]:
    found = (DATA / name).read_text("utf-8").splitlines()
    return [line.split("\t") for line in found if line and not line.startswith("#")]


def read(name: str) -> Any:
    return json.loads((DATA / name).read_text("utf-8"))


def test_box_keys_from_seeds() -> None:
    for seed, pair in lines("box_from_seed.txt"):
        public, secret = sodium.crypto_box_seed_keypair(bytes.fromhex(seed))
        assert (public + secret).hex() == pair


def test_sealed_boxes_open() -> None:
    counted = 0
    for secret, public, *cases in lines("sealed_box_ref.txt"):
        for plain, sealed in zip(cases[::2], cases[1::2], strict=True):
            box = bytes.fromhex(sealed.partition(":")[2])
            opened = sodium.crypto_box_seal_open(box, bytes.fromhex(public), bytes.fromhex(secret))
            assert f"{len(opened)}:{opened.hex()}" == plain
            counted += 1
    assert counted == 3


@pytest.mark.parametrize("case", read("secretstream-test-vectors.json"))
def test_streams(case: dict[str, Any]) -> None:
    header, key = bytes.fromhex(case["header"]), bytes.fromhex(case["key"])
    pushing, pulling = open_stream(header, key), open_stream(header, key)
    for chunk in case["chunks"]:
        message, frame, tag = (
            bytes.fromhex(chunk["message"]),
            bytes.fromhex(chunk["ciphertext"]),
            chunk["tag"],
        )
        associated = bytes.fromhex(chunk["ad"] or "")
        pushed = sodium.crypto_secretstream_xchacha20poly1305_push(pushing, message, associated, tag)
        assert pushed == frame
        pulled = sodium.crypto_secretstream_xchacha20poly1305_pull(pulling, frame, associated)
        assert pulled == (message, tag)


@pytest.mark.parametrize("case", read("raw_argon2id_hashes.json"))
def test_argon2id(case: dict[str, Any]) -> None:
    made = sodium.crypto_pwhash_alg(
        case["dgst_len"],
        case["passwd"].encode(),
        case["salt"].encode(),
        case["iters"],
        case["maxmem"] * 1_024,
        sodium.crypto_pwhash_ALG_ARGON2ID13,
    )
    assert made.hex() == case["pwhash"]
