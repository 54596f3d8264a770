"""A ZIP that is made while it is sent: memory does not grow with what is in it."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

CHUNK = 64 * 1024
File = tuple[str, Iterable[bytes]]
"""A file's name in the archive, and its bytes in pieces."""


class _Pipe:
    """What `zipfile` writes, until it is taken; it cannot go back."""

    def __init__(self) -> None:
        self.waiting = bytearray()

    def write(self, data: bytes) -> int:
        self.waiting += data
        return len(data)

    def flush(self) -> None:
        pass

    def take(self) -> Iterator[bytes]:
        if self.waiting:
            yield bytes(self.waiting)
            self.waiting.clear()


def zipped(files: Iterable[File]) -> Iterator[bytes]:
    """The ZIP of these files, piece by piece. Each piece may be asked for by another thread."""
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[call-overload]
        for name, pieces in files:
            with archive.open(name, "w", force_zip64=True) as file:
                for piece in pieces:
                    file.write(piece)
                    yield from pipe.take()
    yield from pipe.take()


def read(path: Path) -> Iterator[bytes]:
    with path.open("rb") as source:
        while data := source.read(CHUNK):
            yield data
