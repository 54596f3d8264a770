"""uvicorn's HTTP/1.1 protocol, which answers a page that is in memory at once: no task, no request cycle.

`PagesProtocol` is what uvicorn's `http` option takes. It answers what `CachedPages.ready` has: a plain GET on
a connection that stays open, with no earlier answer under way. Everything else goes uvicorn's ordinary way,
where `CachedPages` gives the same bytes; other servers always go that way.
"""

from __future__ import annotations

import logging
from types import SimpleNamespace
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from social.public.cache import CachedPages

ANSWERED: Any = SimpleNamespace(
    response_complete=True, disconnected=False, message_event=SimpleNamespace(set=lambda: None)
)
"""Stands where the cycle of the last request would stand: it is over."""


class PagesProtocol(HttpToolsProtocol):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        logged = self.access_log and self.access_logger.isEnabledFor(logging.INFO)
        self.pages = None if logged or self.root_path else CachedPages.current

    def on_headers_complete(self) -> None:
        page = self._page()
        if page is None:
            self._unset_keepalive_if_required()
            super().on_headers_complete()
            return
        self.transport.write(page.written(self.headers, self.server_state.default_headers))
        self.cycle = ANSWERED
        self.on_response_complete()

    def _page(self) -> Any:
        """The page that may be answered here and now."""
        idle = self.cycle is None or self.cycle.response_complete
        if self.pages is None or not idle or self.flow.write_paused:
            return None
        page = self.pages.ready(self.url, self.headers)
        if page is None or not self._is_plain():
            return None
        return page

    def _is_plain(self) -> bool:
        parser = self.parser
        return bool(
            parser.get_method() == b"GET"
            and parser.get_http_version() == "1.1"
            and parser.should_keep_alive()
            and not parser.should_upgrade()
        )
