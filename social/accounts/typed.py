"""What people type, in one form: keyboards write the same letter and the same digit in more than one way."""

from __future__ import annotations

from unicodedata import normalize


def password(text: str) -> str:
    """A password however its letters were composed (NFKC); spaces count, also at its ends."""
    return normalize("NFKC", text)


def code(text: str) -> str:
    """A code without spaces, its digits 0 to 9 whatever script they were typed in."""
    return "".join(str(int(one)) if one.isdecimal() else one for one in "".join(text.split()))
