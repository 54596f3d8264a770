"""When items of several feeds are one thing: the same globally meant id, or the same canonical link.

Keys are short hashes; an empty key means that the item cannot be told to be another's.
"""

from __future__ import annotations

import hashlib
import re
from urllib.parse import parse_qsl, urlencode, urlsplit

from homevault.protocol.encoding import b64encode

GLOBAL_ID = re.compile(r"(?:https?://|urn:|tag:)\S+", re.IGNORECASE)
TRACKING = re.compile(r"utm_\w+|fbclid|gclid|mc_[ce]id|ref_src", re.IGNORECASE)


def guid_key(guid: str) -> str:
    """The key of an id that is meant to be unique in the world; others (`1`, `post-7`) have none."""
    if not GLOBAL_ID.fullmatch(guid):
        return ""
    return link_key(guid) if guid[:4].lower() == "http" else _key(guid)


def link_key(url: str) -> str:
    """The key of a page, whichever way it is spelled: scheme, case, www, marks for counting, last slash."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").removeprefix("www.")
        port = parts.port
    except ValueError:
        return ""
    path = parts.path.rstrip("/")
    if not host or parts.scheme not in ("http", "https") or not (path or parts.query):
        return ""
    asked = [
        pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not TRACKING.fullmatch(pair[0])
    ]
    place = host if port in (None, 80, 443) else f"{host}:{port}"
    return _key(f"//{place}{path}?{urlencode(sorted(asked))}")


def _key(text: str) -> str:
    return b64encode(hashlib.sha256(text.encode("utf-8", "replace")).digest()[:16])
