"""The strict JSON reader behind `canonical.parse` (SPEC 2.1 and the end of section 9).

It reads left to right, once, and raises the error of the first thing that breaks the profile. White space and
non-canonical spellings pass here: comparing with the canonical form is the caller's last step.
"""

import re
from typing import Any

from homevault.protocol.errors import ProtocolError

MAX_DEPTH = 16
LARGEST = 2**53 - 1

_SPACE = re.compile(r"[ \t\n\r]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_PLAIN = re.compile(r'[^"\\\x00-\x1f]*')
_HEX = re.compile(r"[0-9a-fA-F]{4}")
_LOW_SURROGATE = re.compile(r"\\u[dD][c-fC-F][0-9a-fA-F]{2}")
_ESCAPES = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_WORDS: dict[str, tuple[str, Any]] = {"t": ("true", True), "f": ("false", False), "n": ("null", None)}


def scan(data: bytes) -> Any:
    """The value of JSON bytes within the profile, in whatever spelling."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ProtocolError("json_not_utf8") from error
    if text.startswith("\ufeff"):
        raise ProtocolError("json_not_utf8")
    return _Scanner(text).document()


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def document(self) -> Any:
        value = self.value(0)
        if self.peek():
            raise ProtocolError("json_syntax")
        return value

    def peek(self) -> str:
        """The next character that is not white space, or "" at the end."""
        space = _SPACE.match(self.text, self.at)
        self.at = space.end() if space else self.at
        return self.text[self.at : self.at + 1]

    def expect(self, character: str) -> None:
        if self.peek() != character:
            raise ProtocolError("json_syntax")
        self.at += 1

    def value(self, depth: int) -> Any:
        character = self.peek()
        if character == '"':
            return self.string()
        if character in ("{", "["):
            if depth == MAX_DEPTH:
                raise ProtocolError("json_depth")
            self.at += 1
            return self.object(depth + 1) if character == "{" else self.array(depth + 1)
        if character in _WORDS:
            return self.word(*_WORDS[character])
        return self.number()

    def object(self, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        if self.peek() == "}":
            self.at += 1
            return found
        while True:
            if self.peek() != '"':
                raise ProtocolError("json_syntax")
            name = self.string()
            if name in found:
                raise ProtocolError("json_duplicate_key")
            self.expect(":")
            found[name] = self.value(depth)
            if self.ends("}"):
                return found

    def array(self, depth: int) -> list[Any]:
        found: list[Any] = []
        if self.peek() == "]":
            self.at += 1
            return found
        while True:
            found.append(self.value(depth))
            if self.ends("]"):
                return found

    def ends(self, closing: str) -> bool:
        """Step over a comma (false) or the closing bracket (true)."""
        character = self.peek()
        if character not in (",", closing) or not character:
            raise ProtocolError("json_syntax")
        self.at += 1
        return character == closing

    def word(self, word: str, value: Any) -> Any:
        if not self.text.startswith(word, self.at):
            raise ProtocolError("json_syntax")
        self.at += len(word)
        return value

    def number(self) -> int:
        match = _NUMBER.match(self.text, self.at)
        if match is None:
            raise ProtocolError("json_syntax")
        spelled = match.group()
        self.at = match.end()
        integer = spelled.lstrip("-").isdecimal() and spelled != "-0" and len(spelled) <= 17
        if not integer or abs(int(spelled)) > LARGEST:
            raise ProtocolError("json_number")
        return int(spelled)

    def string(self) -> str:
        self.at += 1
        parts: list[str] = []
        while True:
            plain = _PLAIN.match(self.text, self.at)
            if plain is not None:
                parts.append(plain.group())
                self.at = plain.end()
            character = self.text[self.at : self.at + 1]
            self.at += 1
            if character == '"':
                return "".join(parts)
            if character != "\\":
                raise ProtocolError("json_syntax")
            parts.append(self.escape())

    def escape(self) -> str:
        character = self.text[self.at : self.at + 1]
        self.at += 1
        if character != "u":
            if character not in _ESCAPES:
                raise ProtocolError("json_syntax")
            return _ESCAPES[character]
        unit = self.hex()
        if not 0xD800 <= unit <= 0xDFFF:
            return chr(unit)
        if unit >= 0xDC00 or _LOW_SURROGATE.match(self.text, self.at) is None:
            raise ProtocolError("json_surrogate")
        self.at += 2
        return chr(0x10000 + ((unit - 0xD800) << 10) + (self.hex() - 0xDC00))

    def hex(self) -> int:
        match = _HEX.match(self.text, self.at)
        if match is None:
            raise ProtocolError("json_syntax")
        self.at = match.end()
        return int(match.group(), 16)
