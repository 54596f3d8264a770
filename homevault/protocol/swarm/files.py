"""What a `data-transfer` says about a file's bytes (SPEC 7.7)."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from homevault.protocol.encoding import b64encode


def sha3sum(chunks: Iterable[bytes]) -> str:
    """SHA3-256 of a file that comes in pieces."""
    digest = hashlib.sha3_256()
    for chunk in chunks:
        digest.update(chunk)
    return b64encode(digest.digest())


def is_whole(body: Mapping[str, Any], size: int, sum: str) -> bool:
    """Whether `size` bytes with this sum are the offered file. What is not is deleted."""
    return bool(body["total_size"] == size and body["sha3sum"] == sum)
