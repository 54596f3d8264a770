"""What bytes of a web page mean as text: as browsers tell it (WHATWG), by the mark at the beginning, the
header, the page's own word, else as UTF-8, else as the most usual of the old ones."""

from __future__ import annotations

import codecs
import re

MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
NOT_READ = {"replacement", "x-user-defined"}
NAMED = re.compile(rb"""charset\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE)
LOOKED_AT = 1024
"""Bytes in which a page says how it is written."""
USUAL = "windows-1252"


def decode(data: bytes, content_type: str) -> str:
    """The text of a page; what cannot be read is replaced."""
    for mark, marked in MARKS.items():
        if data.startswith(mark):
            return data[len(mark) :].decode(marked, "replace")
    for words in (content_type.encode("latin-1", "replace"), data[:LOOKED_AT]):
        match = NAMED.search(words)
        name = codec(match[1].decode()) if match else None
        if name is not None:
            return data.decode(name, "replace")
    return _guessed(data)


def codec(label: str) -> str | None:
    """The codec that browsers mean by a label; None for one that they do not know, or no longer."""
    from webencodings import lookup

    found = lookup(label)
    return None if found is None or found.name in NOT_READ else str(found.codec_info.name)


def _guessed(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        is_cut = error.start >= len(data) - 3
        return data.decode("utf-8" if is_cut else USUAL, "replace")
