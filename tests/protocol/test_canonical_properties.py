"""Canonical JSON for any value and any bytes, and against the outside vectors of RFC 8785."""

import json
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from homevault.protocol.canonical import canonical, parse
from homevault.protocol.encoding import b64decode, b64encode
from homevault.protocol.errors import ProtocolError
from homevault.protocol.scanner import scan

JCS = Path(__file__).parent.parent / "data" / "jcs"

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
scalars = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=20,
)
json_like = st.text(
    st.sampled_from('{}[]",:0123456789.-+eE\\u dDcC8falsetrnl\n\u00e9\U0001f600'), max_size=24
)


def outcome(read: Any, data: bytes) -> Any:
    try:
        return ("value", read(data))
    except ProtocolError as error:
        return ("error", error.code)


def strictly(data: bytes) -> Any:
    """The slow way alone: scan, then compare with an independent canonical form."""
    value = scan(data)
    if rfc8785.dumps(value) != data:
        raise ProtocolError("json_not_canonical")
    return value


@given(values)
def test_what_is_written_reads_back(value: Any) -> None:
    data = canonical(value)
    assert parse(data) == value
    assert scan(data) == value
    assert data == rfc8785.dumps(value)


@given(values, st.integers(0, 200), json_like)
def test_the_fast_way_and_the_strict_way_agree(value: Any, at: int, inserted: str) -> None:
    text = canonical(value).decode()
    at %= len(text) + 1
    for broken in (text[:at] + inserted + text[at:], text[:at] + inserted + text[at + 1 :], inserted):
        data = broken.encode()
        assert outcome(parse, data) == outcome(strictly, data)


@given(values)
def test_any_other_spelling_is_refused(value: Any) -> None:
    for data in (json.dumps(value).encode(), json.dumps(value, ensure_ascii=False, indent=1).encode()):
        if data != canonical(value):
            assert outcome(parse, data) == ("error", "json_not_canonical")


@given(st.binary(max_size=64) | json_like.map(str.encode))
def test_any_bytes_give_a_value_or_a_protocol_error(data: bytes) -> None:
    kind, _ = outcome(parse, data)
    assert kind in ("value", "error")


@given(st.floats() | st.integers(max_value=-(2**53)) | st.integers(min_value=2**53))
def test_other_numbers_are_never_written(number: float) -> None:
    with pytest.raises(ProtocolError, match="json_number"):
        canonical({"a": [number]})


@given(st.binary(max_size=80))
def test_base64url_has_one_spelling(data: bytes) -> None:
    text = b64encode(data)
    assert b64decode(text, len(data)) == data
    for other in (text + "=", text + "A", text + "\n"):
        decoded = outcome(b64decode, other)  # type: ignore[arg-type]
        assert decoded[0] == "error" or b64encode(decoded[1]) == other


@pytest.mark.parametrize("name", sorted(path.stem for path in (JCS / "input").glob("*.json")))
def test_rfc8785_vectors(name: str) -> None:
    """Where the canonical form has a fraction, which the profile refuses, we refuse too."""
    wanted = bytes.fromhex((JCS / "outhex" / f"{name}.txt").read_text("ascii"))
    assert wanted.decode() == (JCS / "output" / f"{name}.json").read_text("utf-8")
    value = json.loads(wanted)
    if _has_float(value):
        assert outcome(parse, wanted) == ("error", "json_number")
    else:
        given = json.loads((JCS / "input" / f"{name}.json").read_text("utf-8"), parse_float=int_of)
        assert canonical(given) == wanted
        assert parse(wanted) == value


def int_of(spelled: str) -> int:
    """A whole number written with a fraction or an exponent, as JavaScript reads it."""
    return int(float(spelled))


def _has_float(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_has_float(item) for item in value.values())
    if isinstance(value, list):
        return any(_has_float(item) for item in value)
    return isinstance(value, float)
