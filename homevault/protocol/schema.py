"""A small checker for closed objects (SPEC 2.5 and 9.1).

A check takes a value and its path and raises `schema`, `encoding`, `unsupported_version` or
`unsupported_suite`. The order is fixed, so that both implementations name the same error: an object's kind,
its `v`, its `suite`, its set of members, then the members in the order of their names.
"""

import re
from collections.abc import Callable
from typing import Any

from homevault.protocol.errors import ProtocolError
from homevault.protocol.scanner import LARGEST

Check = Callable[[Any, str], None]

VERSION = 1
SUITE = "PL1"
_LAST = {0: "", 1: "[AQgw]", 2: "[AEIMQUYcgkosw048]"}
_is_alphabet = re.compile("[A-Za-z0-9_-]*").fullmatch
_MAY_END = {2: frozenset("AQgw"), 3: frozenset("AEIMQUYcgkosw048")}


def schema_error(path: str) -> ProtocolError:
    return ProtocolError("schema", path)


def closed(**members: Check) -> Check:
    """An object with exactly these members."""
    return _members(members, closed_set=True)


def opened(**members: Check) -> Check:
    """An object with at least these members; others are ignored."""
    return _members(members, closed_set=False)


def _members(members: dict[str, Check], closed_set: bool) -> Check:
    """The quick walk takes good objects; what it stumbles over, the exact one names in the fixed order."""
    checks = sorted(members.items())
    names = frozenset(members)
    first = [(name, check) for name, check in reversed(checks) if name in ("suite", "v")]

    def exact(value: Any, path: str) -> None:
        if type(value) is not dict:
            raise schema_error(path)
        for name, member in first:
            if name in value:
                member(value[name], name)
        if value.keys() != names and (closed_set or not names <= value.keys()):
            raise schema_error(path)
        for name, member in checks:
            member(value[name], name)

    def check(value: Any, path: str) -> None:
        try:
            if closed_set and len(value) != len(names):
                raise schema_error(path)
            for name, member in checks:
                member(value[name], name)
        except (ProtocolError, LookupError, TypeError):
            exact(value, path)
            raise
        if type(value) is not dict:
            raise schema_error(path)

    return check


def version(value: Any, path: str) -> None:
    if type(value) is not int:
        raise schema_error(path)
    if value != VERSION:
        raise ProtocolError("unsupported_version", path)


def suite(name: str = SUITE) -> Check:
    def check(value: Any, path: str) -> None:
        if type(value) is not str:
            raise schema_error(path)
        if value != name:
            raise ProtocolError("unsupported_suite", path)

    return check


def integer(low: int = 0, high: int = LARGEST) -> Check:
    def check(value: Any, path: str) -> None:
        if type(value) is not int or not low <= value <= high:
            raise schema_error(path)

    return check


def boolean(value: Any, path: str) -> None:
    if type(value) is not bool:
        raise schema_error(path)


def text(low: int, high: int) -> Check:
    """Text of `low` to `high` bytes of UTF-8."""

    def check(value: Any, path: str) -> None:
        if type(value) is not str or not low <= len(value.encode("utf-8", "surrogatepass")) <= high:
            raise schema_error(path)

    return check


def label(high: int = 64) -> Check:
    """Text of at most `high` characters (code points)."""

    def check(value: Any, path: str) -> None:
        if type(value) is not str or len(value) > high:
            raise schema_error(path)

    return check


def matching(pattern: str) -> Check:
    """Text that the regular expression matches from end to end."""
    whole = re.compile(pattern).fullmatch

    def check(value: Any, path: str) -> None:
        if type(value) is not str or whole(value) is None:
            raise schema_error(path)

    return check


def one_of(*values: Any) -> Check:
    def check(value: Any, path: str) -> None:
        if type(value) is not type(values[0]) or value not in values:
            raise schema_error(path)

    return check


def binary(length: int) -> Check:
    """Base64url of exactly `length` bytes."""
    count = (length * 4 + 2) // 3
    whole = re.compile(f"[A-Za-z0-9_-]{{{count - bool(length % 3)}}}{_LAST[length % 3]}").fullmatch

    def check(value: Any, path: str) -> None:
        try:
            if whole(value):
                return
        except TypeError as error:
            raise schema_error(path) from error
        raise ProtocolError("encoding", path)

    return check


def blob(value: Any, path: str) -> None:
    """Base64url of any length."""
    if type(value) is not str:
        raise schema_error(path)
    rest = len(value) % 4
    if not _is_alphabet(value) or (rest and value[-1] not in _MAY_END.get(rest, ())):
        raise ProtocolError("encoding", path)


key = binary(32)
signature = binary(64)
nonce = binary(16)
time = integer()


def nothing(value: Any, path: str) -> None:
    """Null."""
    if value is not None:
        raise schema_error(path)


def nullable(check: Check) -> Check:
    def or_null(value: Any, path: str) -> None:
        if value is not None:
            check(value, path)

    return or_null


def listing(item: Check, low: int, high: int) -> Check:
    """A list of `low` to `high` items."""

    def check(value: Any, path: str) -> None:
        if type(value) is not list or not low <= len(value) <= high:
            raise schema_error(path)
        for each in value:
            item(each, path)

    return check


def sorted_ids(low: int, high: int) -> Check:
    """A list of `low` to `high` ids, ascending, each once."""
    ids = listing(key, low, high)

    def check(value: Any, path: str) -> None:
        ids(value, path)
        if not ascending(value):
            raise schema_error(path)

    return check


def ascending(ids: list[str]) -> bool:
    """Whether they are sorted, each once."""
    return len(ids) < 2 or ids == sorted(set(ids))


def mapping(name: Check, member: Check, low: int, high: int) -> Check:
    """An object of `low` to `high` members, names and values checked in the order of the names."""

    def check(value: Any, path: str) -> None:
        if type(value) is not dict or not low <= len(value) <= high:
            raise schema_error(path)
        for each in sorted(value):
            name(each, path)
            member(value[each], path)

    return check
