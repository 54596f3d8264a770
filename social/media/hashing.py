"""What the bytes of a stored file hash to: noted when it is kept, made up for where it was not."""

from __future__ import annotations

import hashlib
from pathlib import Path

from homevault.protocol.encoding import b64encode
from social.media import folders
from social.media.models import File, Media


def hash_of(path: Path) -> str:
    """SHA-256 in base64url. Raises OSError."""
    with path.open("rb") as file:
        return b64encode(hashlib.file_digest(file, "sha256").digest())


def complete(media: Media) -> None:
    """Note the hash of the whole file of a ready medium if that has not been done; its `files` are changed
    as they are loaded. Raises OSError where the file is not there."""
    for file in media.files.all():
        if file.name.startswith("whole.") and not file.hash:
            file.hash = _hash(media, file.name)
            File.objects.filter(pk=file.pk).update(hash=file.hash)


def _hash(media: Media, name: str) -> str:
    """The folder may move between public and kept while one looks."""
    try:
        return hash_of(folders.of(media.uid) / name)
    except FileNotFoundError:
        return hash_of(folders.of(media.uid) / name)
