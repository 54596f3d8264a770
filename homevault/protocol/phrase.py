"""The recovery phrase: 32 bytes as 24 BIP-39 English words (SPEC 4.6). No stretching, no passphrase."""

import hashlib
import re
import unicodedata
from functools import cache
from importlib import resources

from homevault.protocol.errors import ProtocolError

WORDS = 24
SEED_BYTES = 32
_WORD = re.compile("[a-z]+")


@cache
def wordlist() -> tuple[str, ...]:
    """The 2,048 words in their order."""
    text = resources.files(__package__).joinpath("bip39-english.txt").read_text("utf-8")
    return tuple(line for line in text.splitlines() if line and not line.startswith("#"))


@cache
def _numbers() -> dict[str, int]:
    return {word: number for number, word in enumerate(wordlist())}


def phrase_from_seed(seed: bytes) -> list[str]:
    """The 24 words of a 32-byte seed."""
    if len(seed) != SEED_BYTES:
        raise ValueError("a seed has 32 bytes")
    bits = int.from_bytes(seed + hashlib.sha256(seed).digest()[:1], "big")
    return [wordlist()[bits >> 11 * (WORDS - 1 - at) & 2047] for at in range(WORDS)]


def seed_from_phrase(text: str) -> bytes:
    """The seed of 24 words, forgiving upper case, other forms of letters, and what stands between them;
    `recovery_phrase` if they are not one."""
    words = _WORD.findall(unicodedata.normalize("NFKD", text).lower())
    if len(words) != WORDS or not all(word in _numbers() for word in words):
        raise ProtocolError("recovery_phrase")
    bits = 0
    for word in words:
        bits = bits << 11 | _numbers()[word]
    seed = (bits >> 8).to_bytes(SEED_BYTES, "big")
    if hashlib.sha256(seed).digest()[0] != bits & 255:
        raise ProtocolError("recovery_phrase")
    return seed
