"""The links of this process: at most one in use for each site, opened when first needed.

Two sites may dial each other at once, and a site that restarted dials again. Of two links to one site, both
ends send on the same one: the newer, or, if they came within ten seconds of each other, the one that the site
with the lower key dialled. The site with the lower key closes the other a little later, so that nothing under
way is lost.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Coroutine
from functools import reduce
from typing import Any

from federation import dial, here, jobs, leases, sitekey, threads
from federation.backoff import BackOff
from federation.here import Site
from federation.link import GOING_AWAY, Link
from homevault.protocol.errors import ProtocolError
from homevault.protocol.handshake import CLOSE_REPLACED, CLOSE_TOO_MANY

log = logging.getLogger(__name__)
TOGETHER_SECONDS = 10.0
RETIRED_SECONDS = 5.0
IDLE_SECONDS = 600.0
TICK_SECONDS = 15.0
MOST = 512
EACH = 4
"""Links in all, and from one site; more are closed, the oldest of a site first."""


class LinkSet:
    """Belongs to one event loop."""

    def __init__(self) -> None:
        self._links: dict[Site, list[Link]] = {}
        self._dials: dict[Site, asyncio.Task[Link]] = {}
        self._running: set[asyncio.Task[None]] = set()
        self._back_off = BackOff(first=1.0, longest=300.0)

    def up(self, site: Site) -> Link | None:
        """The link in use for a site, if there is one now."""
        links = [link for link in self._links.get(site, ()) if not link.closed and not link.retired]
        return links[0] if links else None

    async def get(self, site: Site) -> Link:
        """The link to a site, dialled if need be. Raises ProtocolError (`unreachable`, `not_proven`,
        `refused`); until the next dial is due, the error of the last."""
        link = self.up(site)
        if link is not None:
            return link
        task = self._dials.get(site)
        if task is None:
            if self._back_off.wait(site) > 0:
                raise self._back_off.problem(site)
            task = self._dials[site] = asyncio.create_task(self._dial(site), name=f"dial {here.name(site)}")
            task.add_done_callback(lambda done: self._dialled(site, done))
        return await asyncio.shield(task)

    async def hold(self, link: Link) -> None:
        """Keep a link that another site opened and proved, until it ends."""
        await threads.run(leases.take, link.peer.site, over=True)
        self._add(link)
        await self._work(link)

    async def close_all(self) -> None:
        """Say goodbye on every link and wait until they have ended."""
        for task in self._dials.values():
            task.cancel()
        for links in self._links.values():
            for link in links:
                link.end(GOING_AWAY)
        if self._running:
            await asyncio.wait(self._running, timeout=1.0)

    async def tick(self) -> None:
        """Close idle links, and those whose lease went to another worker."""
        now = time.monotonic()
        for site, links in list(self._links.items()):
            for link in links:
                patience = IDLE_SECONDS if link.dialled else IDLE_SECONDS * 2
                if now - link.used > patience and not link.waiting:
                    link.end()
            if not (here.is_single() or await threads.run(leases.take, site)):
                for link in links:
                    link.end(CLOSE_REPLACED)

    # --- the life of a link -------------------------------------------------------------------

    async def _dial(self, site: Site) -> Link:
        if not await threads.run(leases.take, site):
            raise ProtocolError("unreachable", "another worker holds the link")
        try:
            peer, socket = await dial.connect(site)
        except BaseException:
            await threads.run(leases.release, site)
            raise
        link = Link(peer, socket, dialled=True)
        self._add(link)
        self._spawn(self._work(link), repr(link))
        return link

    def _spawn(self, work: Coroutine[Any, Any, None], name: str) -> None:
        task = asyncio.create_task(work, name=name)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    def _dialled(self, site: Site, task: asyncio.Task[Link]) -> None:
        self._dials.pop(site, None)
        if task.cancelled():
            return
        error = task.exception()
        if error is None:
            return
        if not isinstance(error, ProtocolError):
            log.error("dialling %s broke", here.name(site), exc_info=error)
            error = ProtocolError("unreachable", "a fault of ours")
        wait = self._back_off.failed(site, error)
        log.info("no link to %s, next dial in %.0f s: %s", here.name(site), wait, error)

    def _add(self, link: Link) -> None:
        site = link.peer.site
        if sum(map(len, self._links.values())) >= MOST:
            link.end(CLOSE_TOO_MANY)
        links = self._links.setdefault(site, [])
        links.append(link)
        for old in links[:-EACH]:
            old.end(CLOSE_REPLACED)
        self._settle(site)
        self._back_off.reached(site)

    async def _work(self, link: Link) -> None:
        log.info("%s is up", link)
        self._spawn(threads.run(jobs.hurry, "envelope", here.name(link.peer.site)), f"hurry to {link}")
        try:
            await link.run()
        finally:
            await self._drop(link)
            log.info("%s has ended", link)

    def _settle(self, site: Site) -> None:
        """Of several links choose the one to send on; retire the others."""
        links = sorted((link for link in self._links[site] if not link.closed), key=lambda link: link.since)
        if not links:
            return
        best = reduce(_better, links)
        for link in links:
            if link is not best and not link.retired:
                link.retired = True
                if sitekey.current().public < link.peer.key:
                    asyncio.get_running_loop().call_later(RETIRED_SECONDS, _end_retired, link)
        best.retired = False

    async def _drop(self, link: Link) -> None:
        site = link.peer.site
        with contextlib.suppress(ValueError):
            self._links[site].remove(link)
        if not self._links[site]:
            del self._links[site]
            await threads.run(leases.release, site)
        else:
            self._settle(site)


def _end_retired(link: Link) -> None:
    if link.retired:
        link.end(CLOSE_REPLACED)


def _better(old: Link, new: Link) -> Link:
    if new.since - old.since > TOGETHER_SECONDS or old.dialled == new.dialled:
        return new
    lower_is_here = sitekey.current().public < new.peer.key
    return new if new.dialled == lower_is_here else old
