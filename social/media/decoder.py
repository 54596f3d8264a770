"""Decodes one picture and makes it anew, in a process of its own with little memory and time.

Run as a script by `decoding`: `decoder.py SOURCE FOLDER [SIDE | squares]`. Knows nothing of the site. What
is written into FOLDER comes from pixels alone: no metadata survives, orientation is applied, colours are
sRGB. Prints one JSON object: `{"width", "height", "blurhash", "files": [{"name", "type", "width",
"height"}]}`, or `{"problem": code}`. With SIDE there is one file, a still WebP no longer than that on either
side; with `squares` there is the middle of the picture, in the sizes of a face.
"""

from __future__ import annotations

import io
import json
import resource
import sys
from pathlib import Path
from typing import Any

MEMORY = 1536 * 1024 * 1024
SECONDS = 40
LARGEST_FILE = 64 * 1024 * 1024
PIXELS = 64_000_000
FRAMES = 300
FRAME_PIXELS = 120_000_000
FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "AVIF")
WIDTHS = (480, 960, 1920)
WHOLE = 4096
ANIMATED = 800
QUALITY = 82
SQUARES = (("square192.webp", "WEBP", 192), ("square512.jpeg", "JPEG", 512))
PAPER = "#fbf8f3"


def main(source: Path, folder: Path, how: str = "") -> dict[str, Any]:
    _limit()
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = PIXELS
    try:
        with Image.open(source, formats=FORMATS) as picture:
            if picture.width * picture.height > PIXELS:
                return {"problem": "media_pixels"}
            if how == "squares":
                return _squares(picture, folder)
            return _one(picture, folder, int(how)) if how else _made(picture, folder)
    except Image.DecompressionBombError:
        return {"problem": "media_pixels"}
    except MemoryError:
        return {"problem": "media_pixels"}
    except (OSError, ValueError, SyntaxError, EOFError, ArithmeticError, LookupError, TypeError):
        return {"problem": "media_damaged"}


def _limit() -> None:
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, LARGEST_FILE),
        (resource.RLIMIT_NOFILE, 32),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def _made(picture: Any, folder: Path) -> dict[str, Any]:
    frames = getattr(picture, "n_frames", 1)
    if frames > 1:
        if frames > FRAMES or frames * picture.width * picture.height > 4 * FRAME_PIXELS:
            return {"problem": "media_pixels"}
        moving = _animated(picture, folder)
        picture.seek(0)
    else:
        moving = []
    still = _upright(picture)
    files = [*moving, *_stills(still, folder)]
    whole = files[0] if moving else files[-1]
    return {
        "width": whole["width"],
        "height": whole["height"],
        "blurhash": _blurhash(still),
        "files": files,
    }


def _one(picture: Any, folder: Path, side: int) -> dict[str, Any]:
    still = _upright(picture)
    file = _save(_fitted(still, side), folder / "one.webp", "WEBP", quality=QUALITY, method=2)
    return {
        "width": file["width"],
        "height": file["height"],
        "blurhash": _blurhash(still),
        "files": [file],
    }


def _squares(picture: Any, folder: Path) -> dict[str, Any]:
    from PIL import Image, ImageOps

    still = _upright(picture)
    if still.mode == "RGBA":
        still = Image.alpha_composite(Image.new("RGBA", still.size, PAPER), still).convert("RGB")
    files = []
    for name, format, side in SQUARES:
        square = ImageOps.fit(still, (side, side), Image.Resampling.LANCZOS)
        square.info = {}
        files.append(_save(square, folder / name, format, quality=QUALITY))
    return {"width": still.width, "height": still.height, "blurhash": _blurhash(still), "files": files}


def _upright(picture: Any) -> Any:
    """The pixels as they are meant to be seen: turned, in sRGB, RGB or RGBA."""
    from PIL import ImageOps

    picture.load()
    mode = "RGBA" if picture.has_transparency_data else "RGB"
    profile = picture.info.get("icc_profile")
    picture = ImageOps.exif_transpose(picture)
    if profile:
        picture = _srgb(picture, profile)
    return picture.convert(mode)


def _srgb(picture: Any, profile: bytes) -> Any:
    from PIL import ImageCms

    try:
        given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        mode = "RGBA" if picture.mode == "RGBA" else "RGB"
        return ImageCms.profileToProfile(picture, given, ImageCms.createProfile("sRGB"), outputMode=mode)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture


def _stills(picture: Any, folder: Path) -> list[dict[str, Any]]:
    """WebP at each width below the picture's, and the whole as JPEG (PNG if it is transparent)."""
    made = [
        _save(_fitted(picture, width), folder / f"{width}.webp", "WEBP", quality=QUALITY, method=4)
        for width in WIDTHS
        if width < picture.width
    ]
    whole = _fitted(picture, WHOLE)
    if picture.mode == "RGBA":
        return [*made, _save(whole, folder / "whole.png", "PNG", optimize=False)]
    return [*made, _save(whole, folder / "whole.jpeg", "JPEG", quality=88, progressive=True)]


def _fitted(picture: Any, most: int) -> Any:
    """A copy without metadata whose longer side is at most `most`."""
    from PIL import Image

    scale = min(1.0, most / max(picture.size))
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    copy = picture.resize(size, Image.Resampling.LANCZOS) if size != picture.size else picture.copy()
    copy.info = {}
    return copy


def _animated(picture: Any, folder: Path) -> list[dict[str, Any]]:
    from PIL import ImageSequence

    frames, times = [], []
    for frame in ImageSequence.Iterator(picture):
        times.append(max(20, int(frame.info.get("duration", 100))))
        frames.append(_fitted(frame.convert("RGBA"), ANIMATED))
        if len(frames) * frames[0].width * frames[0].height > FRAME_PIXELS:
            raise MemoryError
    more = {"save_all": True, "append_images": frames[1:], "duration": times, "loop": 0}
    return [_save(frames[0], folder / "moving.webp", "WEBP", quality=70, method=2, **more)]


def _save(picture: Any, path: Path, format: str, **options: Any) -> dict[str, Any]:
    picture.save(path, format, **options)
    return {
        "name": path.name,
        "type": f"image/{format.lower()}",
        "width": picture.width,
        "height": picture.height,
    }


def _blurhash(picture: Any) -> str:
    """See blurha.sh: a few cosines that look like the picture from far away."""
    import blurhash

    small = picture.convert("RGB").resize((32, 32))
    flat = list(small.getdata())
    rows = [[list(flat[y * 32 + x]) for x in range(32)] for y in range(32)]
    wide = picture.width >= picture.height
    return str(blurhash.encode(rows, 4 if wide else 3, 3 if wide else 4))


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:])))
