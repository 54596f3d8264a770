"""Sites that the owner wants nothing to do with: refused at every door, in both directions.

A pattern is a host name or an IP literal as it stands in addresses; `*` in it stands for any characters, `?`
for one; the word `literals` means every site without a name. Every port of a host is meant. The patterns are
kept in memory, so that a look costs nothing: a change in this process holds at once, another process's
after the next tick of its links.
"""

from __future__ import annotations

import re

from django.db import transaction

from federation.here import Site
from federation.models import SiteBlock
from homevault.protocol.addresses import is_host
from homevault.protocol.errors import ProtocolError

LITERALS = "literals"
MOST = 10_000
LONGEST = 253
_WORD = re.compile(r"[a-z0-9*?._:-]+")

_patterns: list[re.Pattern[str]] = []
_literals = False


def check(host: str) -> None:
    """Raises ProtocolError `refused` for a host that is blocked."""
    if is_blocked(host):
        raise ProtocolError("refused", "site")


def is_blocked(host: str) -> bool:
    return (_literals and _is_literal(host)) or any(pattern.fullmatch(host) for pattern in _patterns)


def load() -> None:
    """Read the patterns anew."""
    global _patterns, _literals
    texts = set(SiteBlock.objects.values_list("pattern", flat=True))
    _literals = LITERALS in texts
    _patterns = [_compiled(text) for text in sorted(texts - {LITERALS})]


def add(text: str, reason: str) -> tuple[SiteBlock, bool]:
    """Block what a pattern names, in the caller's transaction; True if that is new. Raises ProtocolError
    `address` for what is no pattern, `too_many`."""
    pattern = text.strip().lower().strip("[]")
    if not _is_pattern(pattern):
        raise ProtocolError("address", text[:80])
    if SiteBlock.objects.count() >= MOST:
        raise ProtocolError("too_many", "blocks")
    found = SiteBlock.objects.get_or_create(pattern=pattern, defaults={"reason": reason})
    transaction.on_commit(load)
    return found


def remove(block: SiteBlock) -> None:
    block.delete()
    transaction.on_commit(load)


def check_site(site: Site) -> None:
    check(site[0])


def _is_pattern(text: str) -> bool:
    """A host, with or without wildcards; a pattern of wildcards alone would shut everybody out."""
    if text == LITERALS:
        return True
    if len(text) > LONGEST or not _WORD.fullmatch(text) or not re.search("[a-z0-9]", text):
        return False
    return "*" in text or "?" in text or is_host(text)


def _compiled(text: str) -> re.Pattern[str]:
    return re.compile(re.escape(text).replace(r"\*", ".*").replace(r"\?", "."))


def _is_literal(host: str) -> bool:
    return ":" in host or re.fullmatch(r"[0-9.]+", host) is not None
