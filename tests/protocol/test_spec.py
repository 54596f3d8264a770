"""SPEC.md and the code name the same codes, types and limits."""

import re
from pathlib import Path

from homevault import protocol
from homevault.protocol.envelope_types import TYPES
from homevault.protocol.errors import CODES
from homevault.protocol.swarm.bodies import CONTROL, FORMS
from tests.vectors.cases.envelope_data import fields

SPEC = Path(protocol.__file__).with_name("SPEC.md").read_text("utf-8")


def section(title: str) -> str:
    """The text from a heading or a bold number to the next one of its kind."""
    start = SPEC.index(title)
    ends = re.compile(r"^## |^\*\*\d+\.\d+ ", re.MULTILINE)
    end = ends.search(SPEC, start + len(title))
    return SPEC[start : end.start() if end else len(SPEC)]


def rows(text: str) -> list[list[str]]:
    lines = [line for line in text.splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_every_error_code_is_in_the_spec_and_none_else() -> None:
    codes = [row[0].strip("`") for row in rows(section("## 9. Errors"))]
    assert len(set(codes)) == len(codes)
    assert set(codes) == set(CODES)


def test_every_envelope_type_is_in_the_spec_and_none_else() -> None:
    table = {row[0].strip("`"): row for row in rows(section("**6.2 Types.**"))}
    assert set(table) == set(TYPES)
    for name, row in table.items():
        assert row[1] == ("mail" if TYPES[name].mail else "live"), name
        sides = re.sub(r"\(.*?\)|own ", "", row[2]).split("→")
        assert [side.strip() for side in sides] == [TYPES[name].from_, TYPES[name].to], name


def test_every_member_of_an_envelope_type_is_in_its_row() -> None:
    table = {row[0].strip("`"): row[4] for row in rows(section("**6.2 Types.**"))}
    for name, members in fields().items():
        described = table["mail"] if name == "request" else table[name]
        for member in members:
            assert f"`{member}`" in described, (name, member)


def test_every_control_type_and_known_body_is_in_the_spec() -> None:
    types = section("**7.3 Types.**")
    for name in (CONTROL - {"member"}) | FORMS.keys():
        assert f"`{name}`" in types
