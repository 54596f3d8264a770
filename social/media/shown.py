"""What others are told of a medium: by the API, on public pages and in feeds."""

from __future__ import annotations

from dataclasses import dataclass

from federation import here
from social.media.models import File, Media
from social.media.squares import PREFIX


@dataclass(frozen=True, slots=True)
class ShownFile:
    """`url` is absolute; sides in pixels where there are any; `hash` is that of the bytes, None where it is
    not noted yet."""

    url: str
    type: str
    size: int
    width: int | None
    height: int | None
    hash: str | None


@dataclass(frozen=True, slots=True)
class Shown:
    """`whole` is the one for whoever can take only one; `smaller` are WebP of other widths, narrow first;
    `moving` is an animation of which the others are the first frame."""

    uid: str
    kind: str
    name: str
    blurhash: str
    whole: ShownFile
    smaller: tuple[ShownFile, ...] = ()
    moving: ShownFile | None = None


def shown(media: Media) -> Shown:
    """A ready medium with `files` loaded, as everybody sees it."""
    base = f"{here.origin()}/media/{media.uid}/"
    own = (file for file in media.files.all() if not file.name.startswith(PREFIX))
    files = sorted(own, key=lambda file: (file.width or 0, file.name))
    whole = next(file for file in files if file.name.startswith("whole."))
    moving = next((file for file in files if file.name.startswith("moving.")), None)
    smaller = tuple(_file(base, file) for file in files if file not in (whole, moving))
    return Shown(
        str(media.uid),
        media.kind,
        media.name,
        media.blurhash,
        _file(base, whole),
        smaller,
        _file(base, moving) if moving else None,
    )


def _file(base: str, file: File) -> ShownFile:
    return ShownFile(base + file.name, file.type, file.size, file.width, file.height, file.hash or None)
