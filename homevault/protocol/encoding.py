"""Binary values as text: base64url without padding, in the one spelling that encoding gives back (SPEC
2.2)."""

import binascii

from homevault.protocol.errors import ProtocolError

_TO_URL = bytes.maketrans(b"+/", b"-_")
_FROM_URL = bytes.maketrans(b"-_", b"+/")
_PADDING = (b"", b"", b"==", b"=")


def b64encode(data: bytes) -> str:
    """Unpadded base64url of `data`."""
    return _encode(data).decode("ascii")


def _encode(data: bytes) -> bytes:
    return binascii.b2a_base64(data, newline=False).rstrip(b"=").translate(_TO_URL)


def b64decode_checked(text: str) -> bytes:
    """As `b64decode`, of text that was found to be strict base64url before."""
    return binascii.a2b_base64(text.encode("ascii").translate(_FROM_URL) + _PADDING[len(text) % 4])


def b64decode(text: object, length: int | None = None) -> bytes:
    """The bytes of strict base64url; `encoding` for another spelling or another length in bytes."""
    if not isinstance(text, str):
        raise ProtocolError("encoding")
    try:
        spelled = text.encode("ascii")
        data = binascii.a2b_base64(spelled.translate(_FROM_URL) + _PADDING[len(spelled) % 4])
    except (UnicodeEncodeError, binascii.Error) as error:
        raise ProtocolError("encoding") from error
    # What the decoder overlooks (foreign characters, spare bits) does not come back.
    if (length is not None and len(data) != length) or _encode(data) != spelled:
        raise ProtocolError("encoding")
    return data
