"""Binary values as text: base64url without padding, in the one spelling that encoding gives back (SPEC
2.2)."""

import binascii
import re

from homevault.protocol.errors import ProtocolError

_ALPHABET = re.compile(r"[A-Za-z0-9_-]*\Z")
_TO_STANDARD = str.maketrans("-_", "+/")


def b64encode(data: bytes) -> str:
    """Unpadded base64url of `data`."""
    return (
        binascii.b2a_base64(data, newline=False).rstrip(b"=").replace(b"+", b"-").replace(b"/", b"_").decode()
    )


def b64decode(text: object, length: int | None = None) -> bytes:
    """The bytes of strict base64url; `encoding` for another spelling or another length in bytes."""
    if not isinstance(text, str) or _ALPHABET.match(text) is None or len(text) % 4 == 1:
        raise ProtocolError("encoding")
    data = binascii.a2b_base64(text.translate(_TO_STANDARD) + "=" * (-len(text) % 4))
    if (length is not None and len(data) != length) or b64encode(data) != text:
        raise ProtocolError("encoding")
    return data
