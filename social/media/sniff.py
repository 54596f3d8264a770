"""What a file is, by its first bytes. The list is short on purpose: what browsers show, nothing that scripts.

A name or a claimed type never counts. SVG and HTML are none of these.
"""

from __future__ import annotations

from dataclasses import dataclass

from social.media.models import Media

HEAD = 4096
MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Kind:
    """`largest` is the most bytes a file of this kind may have."""

    kind: str
    type: str
    suffix: str
    largest: int


def _image(name: str) -> Kind:
    return Kind(Media.IMAGE, f"image/{name}", name, 40 * MIB)


def _audio(type: str, suffix: str) -> Kind:
    return Kind(Media.AUDIO, f"audio/{type}", suffix, 256 * MIB)


def _video(type: str) -> Kind:
    return Kind(Media.VIDEO, f"video/{type}", type, 1024 * MIB)


PDF = Kind(Media.DOCUMENT, "application/pdf", "pdf", 64 * MIB)
LARGEST = 1024 * MIB
STARTS = (
    (b"\xff\xd8\xff", _image("jpeg")),
    (b"\x89PNG\r\n\x1a\n", _image("png")),
    (b"GIF87a", _image("gif")),
    (b"GIF89a", _image("gif")),
    (b"%PDF-", PDF),
    (b"fLaC", _audio("flac", "flac")),
    (b"ID3", _audio("mpeg", "mp3")),
)
BRANDS = {
    b"avif": _image("avif"),
    b"avis": _image("avif"),
    b"M4A ": _audio("mp4", "m4a"),
    b"M4B ": _audio("mp4", "m4a"),
    **dict.fromkeys(
        (b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"dash"),
        _video("mp4"),
    ),
}


def sniff(head: bytes) -> Kind | None:
    """The kind of a file that begins with `head` (up to HEAD bytes), or None."""
    for start, kind in STARTS:
        if head.startswith(start):
            return kind
    if head[:4] == b"RIFF":
        return {b"WEBP": _image("webp"), b"WAVE": _audio("wav", "wav")}.get(head[8:12])
    if head[4:8] == b"ftyp":
        return BRANDS.get(head[8:12])
    if head[:4] == b"OggS":
        return _ogg(head)
    if head[:4] == b"\x1aE\xdf\xa3":
        return _video("webm") if b"\x42\x82\x84webm" in head[:64] else None
    return _audio("mpeg", "mp3") if _is_mpeg_frame(head) else None


def _ogg(head: bytes) -> Kind | None:
    if b"\x80theora" in head[:512]:
        return _video("ogg")
    if b"OpusHead" in head[:128] or b"\x01vorbis" in head[:128] or b"\x7fFLAC" in head[:128]:
        return _audio("ogg", "ogg")
    return None


def _is_mpeg_frame(head: bytes) -> bool:
    """An MPEG audio frame of layer III with a bit rate and sample rate that exist."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:
        return False
    return head[2] >> 4 not in (0, 15) and head[2] >> 2 & 3 != 3
