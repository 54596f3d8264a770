"""Other sites and their keys: pinned at first sight, by (ip, port).

A site is asked for its document once and then remembered. A key that differs from the pinned one is taken
only if signed rotations lead to it; otherwise the site is refused, the sighting is kept in its row, logged,
and told to those who registered by `on_refused`. Questions that failed are not asked again for half a minute.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import NoReturn

from django.db import transaction

from federation import blocks, clock, document, fetch, here, services, threads
from federation.fetch import Limits
from federation.gate import Gate
from federation.here import Site
from federation.models import Peer
from homevault.protocol.errors import ProtocolError
from homevault.protocol.sites import SiteDocument

log = logging.getLogger(__name__)
LIMITS = Limits(bytes=document.MAX_BYTES, seconds=10, redirects=0)
GATE = Gate(total=8, each=2)
"""Anybody can make us ask a site by claiming to be it, so asking has an allowance of its own."""
COOL_DOWN = 30 * clock.SECOND
RECHECK = clock.MINUTE
MAX_COOLING = 2_048

Refused = Callable[[Site, str, str], None]
_told: list[Refused] = []
_cooling: dict[Site, tuple[int, str, str]] = {}


def on_refused(callback: Refused) -> None:
    """Register to be told (site, pinned key, key seen) of a changed key that was refused; called in a
    thread."""
    _told.append(callback)


async def key_of(site: Site, claimed: str | None = None) -> str:
    """The pinned key of a site, asking it if it is unknown, or if `claimed` is another key than the pinned
    one.

    Raises ProtocolError `not_proven` if `claimed` is not its key, `refused` for a changed key, or a
    FetchError; `refused` for a blocked site too."""
    blocks.check_site(site)
    peer = await threads.run(known, site)
    if _must_ask(peer, claimed):
        peer = await threads.run(pin, await ask(site))
    assert peer is not None
    return _expect(peer, claimed)


def key_of_sync(site: Site, claimed: str | None = None) -> str:
    """`key_of` for a thread."""
    blocks.check_site(site)
    peer = known(site)
    if _must_ask(peer, claimed):
        peer = pin(ask_sync(site))
    assert peer is not None
    return _expect(peer, claimed)


async def recheck(site: Site) -> None:
    """The site proved another key than the pinned one: see whether it rotated. Raises ProtocolError
    `refused` if its key changed without that."""
    peer = await threads.run(known, site)
    if _must_ask(peer, ""):
        await threads.run(pin, await ask(site))


def known(site: Site) -> Peer | None:
    """What is pinned for a site, from the database."""
    return Peer.objects.filter(ip=site[0], port=site[1]).first()


def forget(site: Site) -> None:
    """Drop a pin, for an owner who knows that the site lost its key; the next key seen is pinned."""
    Peer.objects.filter(ip=site[0], port=site[1]).delete()
    _cooling.pop(site, None)


async def ask(site: Site) -> SiteDocument:
    """The document of a site as it is now. Raises ProtocolError."""
    _check_cooling(site)
    try:
        origin = await fetch.origin_of(site)
        return _read(await fetch.get(origin + document.PATH, limits=LIMITS, gate=GATE), site)
    except ProtocolError as error:
        _cool(site, error)


def ask_sync(site: Site) -> SiteDocument:
    """`ask` for a thread."""
    return services.wait_for(ask(site), LIMITS.seconds * 2)


def pin(found: SiteDocument) -> Peer:
    """Remember a site by its document, or check it against what is remembered. Raises ProtocolError
    `refused`."""
    ip, port = found.site
    with transaction.atomic():
        peer, created = Peer.objects.select_for_update().get_or_create(
            ip=ip,
            port=port,
            defaults={"key": found.key, "dh": found.dh, "document_time": found.time},
        )
        accepted = created or peer.key == found.key or found.follows(peer.key)
        if accepted:
            _update(peer, found)
        else:
            peer.refused_key, peer.refused_at = found.key, clock.now()
        peer.checked = clock.now()
        peer.save()
    if not accepted:
        _refuse(peer)
    return peer


def _update(peer: Peer, found: SiteDocument) -> None:
    if found.key == peer.key and found.time < peer.document_time:
        return
    if peer.key != found.key:
        log.warning("site %s rotated its key", peer)
    peer.key, peer.dh, peer.document_time = found.key, found.dh, found.time
    peer.refused_key, peer.refused_at = "", None


def _refuse(peer: Peer) -> NoReturn:
    log.error("site %s shows another key than the one it is known by; refused", peer)
    for callback in _told:
        callback(peer.site, peer.key, peer.refused_key)
    error = ProtocolError("refused", "the site's key has changed")
    _cool(peer.site, error)


def _must_ask(peer: Peer | None, claimed: str | None) -> bool:
    """A known site is asked again at most once a minute, however many lies are told about it."""
    if peer is None or claimed is None or peer.key == claimed:
        return peer is None
    return clock.now() - peer.checked > RECHECK


def _expect(peer: Peer, claimed: str | None) -> str:
    if claimed is not None and claimed != peer.key:
        raise ProtocolError("not_proven", f"not the key of {peer}")
    return peer.key


def _read(response: fetch.Response, site: Site) -> SiteDocument:
    if response.status != 200:
        raise ProtocolError("unreachable", f"site document: status {response.status}")
    return document.read(response.body, site)


def _check_cooling(site: Site) -> None:
    until, code, detail = _cooling.get(site, (0, "", ""))
    if until > clock.now():
        raise ProtocolError(code, detail)
    _cooling.pop(site, None)


def _cool(site: Site, error: ProtocolError) -> NoReturn:
    if len(_cooling) >= MAX_COOLING:
        _cooling.pop(next(iter(_cooling)))
    _cooling[site] = (clock.now() + COOL_DOWN, error.code, error.detail)
    log.info("site %s could not be asked: %s", here.name(site), error)
    raise error
