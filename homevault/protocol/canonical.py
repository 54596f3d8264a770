"""Canonical JSON, tags and ids (SPEC 2.1 to 2.3).

`canonical` writes and `parse` reads exactly the profile: RFC 8785 with integers within 53 bits, at most 16
deep, no duplicate member, no lone surrogate. What is received must be spelled canonically. orjson serves
where its output is the canonical form, which is when every member name is ASCII; everything else, and every
refusal, goes through the strict scanner, so that both implementations name the same error.
"""

import hashlib
from functools import cache
from typing import Any

import orjson
import rfc8785

from homevault.protocol.encoding import b64encode
from homevault.protocol.errors import ProtocolError
from homevault.protocol.scanner import LARGEST, MAX_DEPTH, scan

LIMIT = 65_536
_WRITE = orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER


def canonical(value: Any) -> bytes:
    """The canonical bytes of a value of dict, list, str, int, bool and None.

    `json_number`, `json_depth` or `json_surrogate` where the profile forbids it; TypeError for other types.
    """
    plain = _is_plain(value, MAX_DEPTH)
    try:
        # What orjson gives holds kilobytes beyond its own length for as long as it lives: a copy does not.
        return b"%b" % orjson.dumps(value, option=_WRITE) if plain else rfc8785.dumps(value)
    except (TypeError, rfc8785.CanonicalizationError, UnicodeEncodeError) as error:
        raise ProtocolError("json_surrogate") from error


def parse(data: bytes, limit: int = LIMIT) -> Any:
    """What canonical bytes mean; a `json_*` error for anything else. `limit` is in bytes."""
    if len(data) > limit:
        raise ProtocolError("json_too_large")
    value = respelled(data)
    try:
        if value is not None and _is_plain(value, MAX_DEPTH):
            return value
    except ProtocolError:
        pass
    return _strictly(data)


def respelled(data: bytes) -> Any:
    """What bytes mean that orjson writes the same again, else None. They are canonical if beside that names
    are ASCII, numbers whole and nothing is too deep, as a form may say."""
    try:
        value = orjson.loads(data)
        return value if orjson.dumps(value, option=_WRITE) == data else None
    except (TypeError, ValueError):
        return None


def _strictly(data: bytes) -> Any:
    value = scan(data)
    if canonical(value) != data:
        raise ProtocolError("json_not_canonical")
    return value


def _is_plain(value: Any, depth: int) -> bool:
    """Check the profile; true if all member names are ASCII, so that any sorting gives the same order."""
    kind = type(value)
    if kind is dict:
        items, plain = value.values(), "".join(value).isascii()
    elif kind is list:
        items, plain = value, True
    else:
        _check_scalar(value, kind)
        return True
    if not depth:
        raise ProtocolError("json_depth")
    for item in items:
        kind = type(item)
        if kind is dict or kind is list:
            plain &= _is_plain(item, depth - 1)
        elif kind is not str:
            _check_scalar(item, kind)
    return plain


def _check_scalar(value: Any, kind: type) -> None:
    if kind is float or (kind is int and not -LARGEST <= value <= LARGEST):
        raise ProtocolError("json_number")
    if kind is not int and kind is not str and kind is not bool and value is not None:
        raise TypeError(f"{kind.__name__} is not JSON")


@cache
def tag(what: str) -> bytes:
    """The domain separation before everything hashed or signed as a `what`."""
    return b"porchlight/" + what.encode("ascii") + b"/1\x00"


def hash_bytes(what: str, data: bytes) -> str:
    """The id of bytes that are the canonical form of a `what`."""
    return hash_tagged(tag(what) + data)


def hash_tagged(data: bytes) -> str:
    """The id of bytes that begin with their tag."""
    return b64encode(hashlib.sha256(data).digest())


def object_id(what: str, value: Any) -> str:
    """The id of an object of kind `what`: 43 characters."""
    return hash_bytes(what, canonical(value))
