"""What may be wrong with any signed statement."""

from typing import Any

from tests.vectors.cases.case import MISSING, Case, bad, put

# (id, path, member, error, why): what may be wrong with any signed statement
Change = tuple[str, str, Any, str, str]
COMMON: list[Change] = [
    ("version", "v", 2, "unsupported_version", "a later version"),
    ("version-kind", "v", "1", "schema", "the version is a number"),
    ("suite", "suite", "PL2", "unsupported_suite", "another suite"),
    ("suite-kind", "suite", None, "schema", "the suite is text"),
    ("no-sig", "sig", MISSING, "schema", "a member is missing"),
    ("unknown-member", "extra", 1, "schema", "an unknown member"),
    ("short-sig", "sig", "AAAA", "encoding", "a signature too short"),
    ("sig-kind", "sig", 5, "schema", "a signature is text"),
    ("time-negative", "time", -1, "schema", "before 1970"),
    ("time-kind", "time", "now", "schema", "a time is a number"),
]


def broken(op: str, value: dict[str, Any], changes: list[Change], **more: Any) -> list[Case]:
    """Cases of `value` with one thing changed each, not signed again."""
    return [
        bad(id, why, error, op, value=put(value, path, member), **more)
        for id, path, member, error, why in changes
    ]
