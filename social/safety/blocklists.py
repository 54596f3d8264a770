"""Lists of sites to block as others share them: CSV with a `domain` column, or one domain a line.

Taken are domains of the severity `suspend`, or without one; milder ones are skipped, for here is only one
kind of block. Refused are what is no domain, domains hidden by stars (they would hit others), this site
itself, and sites of people whom somebody here follows: those are for the owner to decide one by one.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.db import transaction

from federation import blocks, here
from federation.guard import FetchError
from federation.models import SiteBlock
from federation.url import ascii_host
from homevault.protocol.addresses import is_host
from homevault.protocol.errors import ProtocolError
from social.accounts.models import User
from social.safety import sites
from social.safety.models import REASON_LENGTH

MAX_TEXT = 200_000
DOMAIN, SEVERITY, COMMENT = "domain", "severity", "public_comment"
HARDEST = ("suspend", "")

_followed: list[Callable[[], set[str]]] = []


@dataclass(slots=True)
class Report:
    """What becomes of the domains of a list."""

    new: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def register_followed(hosts: Callable[[], set[str]]) -> None:
    """Name what knows the hosts of people whom members follow."""
    _followed[:] = [hosts]


def read(by: User, text: str, apply: bool) -> Report:
    """Judge a list and, with `apply`, block what is new in it, all or nothing. Raises ProtocolError
    `json_too_large`, `schema` for what is no such list, `too_many`."""
    if len(text) > MAX_TEXT:
        raise ProtocolError("json_too_large", "list")
    report, reasons = Report(), {}
    known = set(SiteBlock.objects.values_list("pattern", flat=True))
    spared = {here.site()[0]}.union(*(hosts() for hosts in _followed))
    for domain, severity, comment in _rows(text):
        place = _place(report, domain, severity, known, spared)
        if domain not in place:
            place.append(domain)
            reasons[domain] = comment[:REASON_LENGTH]
    if len(known) + len(report.new) > blocks.MOST:
        raise ProtocolError("too_many", "blocks")
    if apply:
        with transaction.atomic():
            for domain in report.new:
                sites.block(by, domain, reasons[domain])
    return report


def _place(report: Report, domain: str, severity: str, known: set[str], spared: set[str]) -> list[str]:
    if not is_host(domain) or "." not in domain or domain in spared:
        return report.refused
    if severity not in HARDEST:
        return report.skipped
    return report.known if domain in known else report.new


def _rows(text: str) -> Iterator[tuple[str, str, str]]:
    """(domain, severity, comment) of each line, the names of columns in its first."""
    try:
        lines = [line for line in csv.reader(text.lstrip("\ufeff").splitlines()) if any(map(str.strip, line))]
    except csv.Error as error:
        raise ProtocolError("schema", "list") from error
    names = [name.strip().lstrip("#").strip().lower() for name in lines[0]] if lines else []
    if DOMAIN in names:
        lines = lines[1:]
    else:
        names = [DOMAIN]
    for line in lines:
        found = dict(zip(names, (cell.strip() for cell in line), strict=False))
        domain = found.get(DOMAIN, "").lower().rstrip(".")
        if domain and not domain.startswith("#"):
            yield _plain(domain[:253]), found.get(SEVERITY, "").lower(), found.get(COMMENT, "")


def _plain(domain: str) -> str:
    """Letters beyond ASCII as the protocols spell them; what has no such spelling stays, and is refused."""
    try:
        return ascii_host(domain)
    except FetchError:
        return domain
