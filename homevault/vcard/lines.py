"""The content lines of a vCard 2.1 (versit), 3.0 (RFC 2426) or 4.0 (RFC 6350).

Reading never fails on odd lines: what is none is left out. Limits: `LINE` characters a line, `LINES` lines.
"""

import base64
import binascii
import quopri
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

LINE = 1_500_000
LINES = 10_000
FOLD = 75

_HEAD = re.compile(r"(?:[A-Za-z0-9-]+\.)?([A-Za-z0-9-]{1,64})((?:;[^:]{0,2000})?):", re.DOTALL)
_CHARSETS = {"us-ascii": "ascii", "ascii": "ascii", "utf-8": "utf-8", "utf8": "utf-8"}
_CHARSETS |= {f"iso-8859-{part}": f"iso8859_{part}" for part in (1, 2, 5, 7, 9, 15)}
_CHARSETS |= {f"windows-{page}": f"cp{page}" for page in (1250, 1251, 1252, 1253, 1254)}
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Property:
    """`name` in upper case; `parameters` as they stand, in upper case, names and bare values."""

    name: str
    parameters: dict[str, str]
    value: str

    @property
    def encoding(self) -> str:
        """`BASE64`, `QUOTED-PRINTABLE` or empty."""
        told = self.parameters.get("ENCODING", "")
        bare = {"BASE64", "QUOTED-PRINTABLE"} & self.parameters.keys()
        return "BASE64" if told == "B" else told or next(iter(bare), "")

    @property
    def text(self) -> str:
        """The value as text: transfer encoding and backslashes undone."""
        if self.encoding == "QUOTED-PRINTABLE":
            charset = _CHARSETS.get(self.parameters.get("CHARSET", "").lower(), "utf-8")
            return quopri.decodestring(self.value.encode("utf-8", "replace")).decode(charset, "replace")
        return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], self.value)

    @property
    def data(self) -> bytes | None:
        """The bytes of an inline value, `data:` URI or base64; None for anything else."""
        head, comma, rest = self.value.partition(",")
        if head.lower().startswith("data:"):
            return _decoded(rest) if comma and head.lower().endswith(";base64") else None
        return _decoded(self.value) if self.encoding == "BASE64" else None


def read_lines(text: str) -> Iterator[Property]:
    """The properties between the first `BEGIN:VCARD` and its end; those of cards inside it are left out."""
    depth = 0
    for line in _logical(text):
        found = _property(line)
        if found is None:
            continue
        wrapper = found.value.strip().upper() == "VCARD" and found.name in ("BEGIN", "END")
        if wrapper and found.name == "BEGIN":
            depth += 1
        elif wrapper:
            depth -= 1
            if depth <= 0:
                return
        elif depth == 1:
            yield found


def write_line(name: str, value: str) -> str:
    """One property, folded to 75 bytes a line, never inside a character."""
    lines, room, current = list[str](), FOLD, ""
    for character in f"{name}:{value}":
        size = len(character.encode())
        if size > room:
            lines.append(current)
            current, room = " ", FOLD - 1
        current += character
        room -= size
    return "\r\n".join([*lines, current]) + "\r\n"


def escaped(text: str) -> str:
    return re.sub(r"([\\,;])", r"\\\1", text).replace("\r\n", "\n").replace("\n", "\\n")


def _logical(text: str) -> Iterator[str]:
    """Lines with their continuations: folded ones, and those of quoted-printable and base64 of 2.1."""
    current: str | None = None
    for line in _physical(text):
        if current is not None and (line[:1] in (" ", "\t")) and len(current) < LINE:
            current += line[1:]
        elif current is not None and current.endswith("=") and _is_quoted(current):
            current = current[:-1] + line
        else:
            if current is not None:
                yield current
            current = line
    if current is not None:
        yield current


def _physical(text: str) -> Iterable[str]:
    return re.split(r"\r\n|\r|\n", text, maxsplit=LINES)[:LINES]


def _is_quoted(line: str) -> bool:
    return "QUOTED-PRINTABLE" in line.partition(":")[0].upper()


def _property(line: str) -> Property | None:
    head = _HEAD.match(line)
    if head is None or len(line) > LINE:
        return None
    pairs = (each.partition("=") for each in head[2].split(";") if each)
    parameters = {name.upper(): value.strip('"').upper() for name, _, value in pairs}
    return Property(head[1].upper(), parameters, line[head.end() :])


def _decoded(value: str) -> bytes | None:
    try:
        return base64.b64decode("".join(value.split()), validate=True)
    except (binascii.Error, ValueError):
        return None
