"""Profiles go out as vCard 4.0 and come in from 2.1, 3.0 and 4.0; nothing that comes in can do harm."""

import base64

import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st

from homevault.protocol.errors import ProtocolError
from homevault.protocol.swarm.bodies import check_body
from homevault.protocol.swarm.files import sha3sum
from homevault.vcard.card import Card, VCardError, card_of, read_vcard, write_vcard
from tests.vectors.cases.cast import ALICE, BOB

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 3
BASE64 = base64.b64encode(PNG).decode()
HOSTS = tuple(sorted(f"{each.account}/{each.browser.id}" for each in (ALICE, BOB)))

TEXTS = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp"]), max_size=128)


def card(*lines: str) -> bytes:
    return "\r\n".join(["BEGIN:VCARD", *lines, "END:VCARD", ""]).encode()


@given(TEXTS, st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=1_024), st.booleans())
def test_what_is_written_is_read_again(title: str, description: str, pictured: bool) -> None:
    picture = PNG if pictured else None
    told = Card(title or None, description.strip() or None, picture, HOSTS)
    written = write_vcard(told)
    assert read_vcard(written) == told
    assert all(len(line) <= 75 for line in written.split(b"\r\n"))


def test_others_read_what_is_written() -> None:
    told = Card("Tea; club, \\ us", "Line one\nline two " + "\u00e9" * 100, PNG, HOSTS)
    parsed = vobject.readOne(write_vcard(told).decode())
    assert parsed.version.value == "4.0"
    assert parsed.fn.value == told.title
    assert parsed.note.value == told.description
    assert parsed.photo.value.startswith("data:image/png;base64")


QUOTED = "ENCODING=QUOTED-PRINTABLE"


@pytest.mark.parametrize(
    "lines",
    [
        [
            "VERSION:2.1",
            f"FN;CHARSET=UTF-8;{QUOTED}:Caf=C3=A9 =",
            "am See",
            f"PHOTO;BASE64:\r\n {BASE64}\r\n",
        ],
        ["VERSION:2.1", "FN;QUOTED-PRINTABLE;CHARSET=ISO-8859-1:Caf=E9 am See", f"LOGO;BASE64;PNG:{BASE64}"],
        ["VERSION:2.1", "N:am See;Caf\u00e9", f"PHOTO;ENCODING=BASE64;TYPE=PNG:{BASE64}"],
        ["VERSION:3.0", "FN:Caf\u00e9 am", "  See", f"PHOTO;ENCODING=b:{BASE64[:60]}", f" {BASE64[60:]}"],
        ["VERSION:4.0", "item1.fn;language=de:Caf\u00e9 am See", f"PHOTO:data:image/png;base64,{BASE64}"],
        ["VERSION:4.0", 'FN;X-A="a;b":Caf\u00e9 am See', f"PHOTO;A=b:data:image/png;base64,{BASE64}"],
    ],
)
def test_every_version_is_read(lines: list[str]) -> None:
    found = read_vcard(card(*lines))
    assert found.title == "Caf\u00e9 am See"
    assert found.picture == PNG
    assert read_vcard(card(*lines).replace(b"\r\n", b"\n")) == found


def test_a_profile_and_its_card() -> None:
    told = Card("Us", None, PNG, HOSTS)
    assert told.profile == {
        "title": "Us",
        "description": None,
        "avatar": sha3sum([PNG]),
        "hosts": list(HOSTS),
    }
    assert card_of(told.profile, PNG) == told
    assert card_of(told.profile, PNG + b"x").picture is None


def test_too_much_is_cut_or_left_out() -> None:
    many = [f"X-PORCHLIGHT-HOST:{'a' * 42}{n}/{'b' * 43}" for n in range(10)]
    big = base64.b64encode(PNG + bytes(1_000_000)).decode()
    found = read_vcard(card("FN:" + "x" * 129, "NOTE:" + "y" * 1_025, *many, "X-PORCHLIGHT-HOST:odd"))
    assert (len(found.title or ""), len(found.description or ""), len(found.hosts)) == (128, 1_024, 8)
    check_body("update-profile", found.profile)
    assert read_vcard(card("FN:x", f"PHOTO;ENCODING=b:{big}")).picture is None
    with pytest.raises(VCardError, match="too_large"):
        read_vcard(card("NOTE:" + "y" * 2_000_000))
    with pytest.raises(ProtocolError):
        write_vcard(Card("x" * 129))
    cut = read_vcard(card("FN:x", f"NOTE:{'y' * 1_023} z"))
    assert cut.description == "y" * 1_023
    assert read_vcard(write_vcard(cut)) == cut


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        (["FN:a\x00b\x1bc"], "abc"),
        (["FN:<script>alert(1)</script>"], "<script>alert(1)</script>"),
        (["FN:"], None),
        (["FN:one\\ntwo"], "one two"),
        (["FN;ENCODING=QUOTED-PRINTABLE;CHARSET=utf-7:+ADw-"], "+ADw-"),
        (["FN;ENCODING=BASE64:!!!"], "!!!"),
        (["AGENT:", "BEGIN:VCARD", "FN:inner", "END:VCARD", "FN:outer"], "outer"),
        (["BEGIN:VCARD"] * 5_000, None),
        ([";;;;:x", ":", "", "FN", "\u202eFN:x"], None),
        (["PHOTO:https://tracker.example/pixel.png", "PHOTO:file:///etc/passwd"], None),
        (["PHOTO:data:image/svg+xml;base64,PHN2Zz48L3N2Zz4="], None),
    ],
)
def test_odd_cards(lines: list[str], title: str | None) -> None:
    found = read_vcard(card(*lines))
    assert (found.title, found.picture) == (title, None)


@pytest.mark.parametrize("data", [b"", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR", b"\xff\xfe\x00", b"{}"])
def test_what_is_no_card(data: bytes) -> None:
    with pytest.raises(VCardError, match="no_card"):
        read_vcard(data)


JUNK = ["BEGIN:VCARD", "END:VCARD", "FN:", ";", "=", ":", " ", "\n", "\r\n", "QUOTED-PRINTABLE"]
JUNK += ["ENCODING", "\\", "NOTE", "PHOTO", "data:", ",", "\u00e9"]


@given(st.lists(st.sampled_from(JUNK), max_size=60))
def test_nothing_else_comes_out_of_junk(parts: list[str]) -> None:
    try:
        found = read_vcard("".join(parts).encode())
    except VCardError:
        return
    check_body("update-profile", found.profile)
