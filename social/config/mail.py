"""EMAIL_URL: the server that takes this site's mail, `smtp(s)://user:password@host:port/?from=address`.

`smtps` speaks TLS from the first byte (port 465), `smtp` changes to it before anything else is said (port
587); only with a server on this same machine it may stay as it is. What is refused never shows the URL, which
has a password in it.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email

PORTS = {"smtp": 587, "smtps": 465}
FORM = "EMAIL_URL is smtps://user:password@host:port/?from=address, or the same with smtp."


@dataclass(frozen=True, slots=True)
class Mail:
    """Who takes mail from here, and from whom it says it is."""

    host: str
    port: int
    sender: str
    username: str = ""
    password: str = field(default="", repr=False)
    tls: bool = False
    """TLS from the first byte."""
    starttls: bool = False


def read_mail(url: str) -> Mail | None:
    """None for an empty URL. Raises ImproperlyConfigured."""
    if not url:
        return None
    try:
        return _parse(url)
    except ValueError:
        raise ImproperlyConfigured(FORM) from None


def _parse(url: str) -> Mail:
    parts = urlsplit(url)
    host = parts.hostname
    if parts.scheme not in PORTS or not host or parts.path not in ("", "/") or parts.fragment:
        raise ValueError
    if (parts.username is None) != (parts.password is None) or parts.port == 0:
        raise ValueError
    return Mail(
        host=host,
        port=parts.port or PORTS[parts.scheme],
        sender=_sender(parts.query),
        username=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        tls=parts.scheme == "smtps",
        starttls=parts.scheme == "smtp" and not _is_here(host),
    )


def _sender(query: str) -> str:
    given = parse_qs(query, strict_parsing=bool(query), keep_blank_values=True)
    senders = given.pop("from", [])
    if given or len(senders) != 1:
        raise ImproperlyConfigured("EMAIL_URL ends with ?from= and the address that mail comes from.")
    try:
        validate_email(senders[0])
    except ValidationError:
        raise ImproperlyConfigured("EMAIL_URL: what follows ?from= is no e-mail address.") from None
    return senders[0]


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
