"""Archives that people bring, read with care: ZIP, and tar with or without gzip.

Promise: nothing is written anywhere and no name from an archive is ever a path of ours; one that has such a
name all the same (absolute, `..`, a drive), is encrypted, has more than `MOST_FILES` entries or unpacks to
more than `LARGEST` bytes is refused as a whole. Memory does not grow with the archive: lists in JSON files
are read item by item, each at most `LARGEST_ITEM` characters.
"""

from __future__ import annotations

import codecs
import gzip
import json
import tarfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from social.posts.errors import Refusal

MOST_FILES = 100_000
LARGEST = 2 * 1024 * 1024 * 1024  # bytes, unpacked
LARGEST_ITEM = 1024 * 1024
CHUNK = 64 * 1024
DAMAGED = (zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, OSError, UnicodeError, RecursionError)


class Bounded:
    """Reads another file until `LARGEST` bytes came out of it."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.left = LARGEST

    def read(self, size: int = -1) -> bytes:
        data = self.file.read(CHUNK if size < 0 else size)
        self.left -= len(data)
        if self.left < 0:
            raise Refusal("archive_too_large")
        return data


@contextmanager
def opened(path: Path, wanted: dict[str, str]) -> Iterator[tuple[str, Bounded]]:
    """The first file with a name of `wanted`, with what `wanted` calls it; it may lie in a folder. Raises
    Refusal `archive_unknown`, `archive_too_large`, `archive_damaged`, `archive_unsafe`."""
    try:
        found = _in_zip(path, wanted) if zipfile.is_zipfile(path) else _in_tar(path, wanted)
        with found as (kind, file):
            yield kind, file
    except DAMAGED as error:
        raise Refusal("archive_damaged") from error
    except (NotImplementedError, RuntimeError) as error:
        raise Refusal("archive_unsafe") from error


def files(path: Path, names: Iterable[str]) -> Iterator[tuple[str, Bounded, int]]:
    """Of these files those that are there, in a folder or not, with their size, in the archive's order.
    Raises what `opened` does."""
    wanted = set(names)
    try:
        yield from _files_in_zip(path, wanted) if zipfile.is_zipfile(path) else _files_in_tar(path, wanted)
    except DAMAGED as error:
        raise Refusal("archive_damaged") from error
    except (NotImplementedError, RuntimeError) as error:
        raise Refusal("archive_unsafe") from error


def _files_in_zip(path: Path, wanted: set[str]) -> Iterator[tuple[str, Bounded, int]]:
    with zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():
            name = _one_of(entry.filename, wanted)
            if name is not None:
                with archive.open(entry) as file:
                    yield name, Bounded(file), entry.file_size


def _files_in_tar(path: Path, wanted: set[str]) -> Iterator[tuple[str, Bounded, int]]:
    with path.open("rb") as raw:
        packed = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        whole = Bounded(gzip.GzipFile(fileobj=raw) if packed else raw)  # type: ignore[arg-type]
        with _tar(whole) as archive:
            for entry in archive:
                name = _one_of(entry.name, wanted)
                file = archive.extractfile(entry) if name is not None and entry.isreg() else None
                if name is not None and file is not None:
                    yield name, Bounded(file), entry.size


def _one_of(name: str, wanted: set[str]) -> str | None:
    """Which of these a file of the archive is; it may lie one folder deeper."""
    deeper = name.split("/", 1)[-1]
    return name if name in wanted else deeper if deeper in wanted else None


def items(file: Bounded, key: str) -> Iterator[Any]:
    """The items of the list that is the member `key` of a JSON document, one by one. Raises Refusal
    `archive_damaged`."""
    text = _Text(file)
    text.skip_to(f'"{key}"')
    text.expect(":")
    text.expect("[")
    while not text.ends_with("]"):
        yield text.value()
        text.comma()


class _Text:
    """A JSON text of which only the part around the reader is held."""

    def __init__(self, file: Bounded) -> None:
        self.file = file
        self.decode = codecs.getincrementaldecoder("utf-8-sig")()
        self.decoder = json.JSONDecoder()
        self.buffer = ""
        self.over = False

    def more(self) -> None:
        if self.over:
            raise Refusal("archive_damaged")
        data = self.file.read(CHUNK)
        self.over = not data
        self.buffer += self.decode.decode(data, self.over)

    def skip_to(self, mark: str) -> None:
        while (place := self.buffer.find(mark)) < 0:
            self.buffer = self.buffer[-len(mark) :]
            self.more()
        self.buffer = self.buffer[place + len(mark) :]

    def peek(self) -> str:
        while not (kept := self.buffer.lstrip()):
            self.buffer = kept
            self.more()
        self.buffer = kept
        return self.buffer[0]

    def expect(self, sign: str) -> None:
        if self.peek() != sign:
            raise Refusal("archive_damaged")
        self.buffer = self.buffer[1:]

    def ends_with(self, sign: str) -> bool:
        return self.peek() == sign

    def comma(self) -> None:
        if not self.ends_with("]"):
            self.expect(",")

    def value(self) -> Any:
        self.peek()
        while True:
            try:
                value, end = self.decoder.raw_decode(self.buffer)
            except json.JSONDecodeError as error:
                if len(self.buffer) > LARGEST_ITEM:
                    raise Refusal("archive_damaged") from error
                self.more()
            else:
                self.buffer = self.buffer[end:]
                return value


@contextmanager
def _in_zip(path: Path, wanted: dict[str, str]) -> Iterator[tuple[str, Bounded]]:
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
        if len(entries) > MOST_FILES or sum(entry.file_size for entry in entries) > LARGEST:
            raise Refusal("archive_too_large")
        for entry in entries:
            _require_safe(entry.filename)
        named = {_last(entry.filename): entry for entry in reversed(entries) if not entry.is_dir()}
        name = next((name for name in wanted if name in named), None)
        if name is None:
            raise Refusal("archive_unknown")
        with archive.open(named[name]) as file:
            yield wanted[name], Bounded(file)


@contextmanager
def _in_tar(path: Path, wanted: dict[str, str]) -> Iterator[tuple[str, Bounded]]:
    with path.open("rb") as raw:
        packed = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        whole = Bounded(gzip.GzipFile(fileobj=raw) if packed else raw)  # type: ignore[arg-type]
        with _tar(whole) as archive:
            for number, entry in enumerate(archive):
                if number > MOST_FILES:
                    raise Refusal("archive_too_large")
                _require_safe(entry.name)
                file = archive.extractfile(entry) if entry.isreg() and _last(entry.name) in wanted else None
                if file is not None:
                    yield wanted[_last(entry.name)], Bounded(file)
                    return
    raise Refusal("archive_unknown")


def _tar(file: Bounded) -> tarfile.TarFile:
    try:
        return tarfile.open(fileobj=file, mode="r|")  # type: ignore[call-overload,no-any-return]
    except tarfile.ReadError as error:
        raise Refusal("archive_unknown") from error


def _require_safe(name: str) -> None:
    parts = name.replace("\\", "/").split("/")
    if ".." in parts or name.startswith(("/", "\\")) or ":" in parts[0] or "\0" in name:
        raise Refusal("archive_unsafe")


def _last(name: str) -> str:
    return name.rsplit("/", 1)[-1]
