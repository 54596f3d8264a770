"""Looks for words in everything that a site holds: its files, its database and log, its processes' memory.

A word is looked for as UTF-8, UTF-16 (both orders), base64 (both alphabets, three alignments), hexadecimal
(both cases), JSON escapes, and inside every zlib or gzip stream that can be opened on the way.
"""

from __future__ import annotations

import base64
import json
import re
import zlib
from collections.abc import Iterator
from pathlib import Path

STREAM_START = re.compile(rb"\x1f\x8b\x08|\x78[\x01\x5e\x9c\xda]")
OPENED_BYTES = 4 << 20
STEP = 4096
SHORTEST = 8
READABLE = re.compile(r"^([0-9a-f]+)-([0-9a-f]+) r\S* \S+ \S+ \d+\s*(.*)$")


def spellings(word: str) -> set[bytes]:
    """Every form of `word` that a scan looks for."""
    found: set[bytes] = set()
    for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
        raw = word.encode(encoding)
        found |= {raw, raw.hex().encode(), raw.hex().upper().encode()}
        for shift in range(3):
            text = base64.b64encode(b"\0" * shift + raw)
            first = -(-shift * 8 // 6)
            whole = (shift + len(raw)) * 8 // 6
            found |= {text[first:whole], text[first:whole].translate(bytes.maketrans(b"+/", b"-_"))}
    found.add(json.dumps(word)[1:-1].encode())
    return found


class Scan:
    """Words to look for, a few: whoever types many gives them a common stem and looks for that."""

    def __init__(self, words: list[str]) -> None:
        self._forms = [(form, word) for word in words for form in sorted(spellings(word))]

    def words_in(self, data: bytes, depth: int = 2) -> set[str]:
        """The words that stand in `data`, also inside compressed streams up to `depth` deep."""
        hits = {word for form, word in self._forms if form in data}
        if depth:
            for opened in streams(data):
                hits |= self.words_in(opened, depth - 1)
        return hits

    def words_in_folder(self, folder: Path) -> dict[str, set[str]]:
        hits = {}
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                found = self.words_in(path.read_bytes())
                if found:
                    hits[str(path.relative_to(folder))] = found
        return hits

    def words_in_process(self, pid: int) -> dict[str, set[str]]:
        hits: dict[str, set[str]] = {}
        for name, data in memory(pid):
            found = self.words_in(data)
            if found:
                hits[name] = hits.get(name, set()) | found
        return hits


def streams(data: bytes) -> Iterator[bytes]:
    """What the zlib and gzip streams in `data` open to."""
    view = memoryview(data)
    for match in STREAM_START.finditer(data):
        opened = opened_from(view[match.start() :])
        if len(opened) > SHORTEST:
            yield opened


def opened_from(view: memoryview) -> bytes:
    """What opens from the start of `view`, up to where it stops being a stream."""
    opener = zlib.decompressobj(zlib.MAX_WBITS | 32)
    opened = bytearray()
    for start in range(0, len(view), STEP):
        try:
            opened += opener.decompress(view[start : start + STEP], OPENED_BYTES)
        except zlib.error:
            break
        if opener.eof or len(opened) >= OPENED_BYTES:
            break
    return bytes(opened)


def memory(pid: int) -> Iterator[tuple[str, bytes]]:
    """The readable memory of a process, a region at a time: (name, bytes), without read-only files."""
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as source:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            match = READABLE.match(line)
            if not match or match[3].startswith("[v") or (" r--" in line or " r-x" in line):
                continue
            start, end = int(match[1], 16), int(match[2], 16)
            try:
                source.seek(start)
                yield match[3] or "anonymous", source.read(end - start)
            except (OSError, OverflowError, ValueError):
                continue
