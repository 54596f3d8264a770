"""uvicorn's HTTP/1.1 protocol, which answers a page that is in memory at once: no task, no request cycle.

`PagesProtocol` is what uvicorn's `http` option takes. It answers what `CachedPages.ready` has: a plain GET on
a connection that stays open, with no earlier answer under way. Everything else goes uvicorn's ordinary way,
where `CachedPages` gives the same bytes; other servers always go that way.

What comes beside bodies is bounded for both ways: a request with more than `MOST_HEADERS` headers, or of
which `HELD` bytes came without an end of its headers, is refused (431) and its connection closed.
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
HELD = 64 * 1024
MOST_HEADERS = 200
TOO_LARGE = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\n"
    b"x-content-type-options: nosniff\r\nconnection: close\r\n\r\n"
)


class PagesProtocol(HttpToolsProtocol):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        logged = self.access_log and self.access_logger.isEnabledFor(logging.INFO)
        self.pages = None if logged or self.root_path else CachedPages.current
        self.held = 0

    def data_received(self, data: bytes) -> None:
        self.held += len(data)
        super().data_received(data)
        if self.held > HELD:
            self._refuse()

    def on_body(self, body: bytes) -> None:
        """What frames a body may be as much as the body."""
        self.held = max(0, self.held - 2 * len(body))
        super().on_body(body)

    def on_headers_complete(self) -> None:
        self.held = 0
        if len(self.headers) > MOST_HEADERS:
            self._refuse()
            self.cycle = ANSWERED
            return
        page = self._page()
        if page is None:
            self._unset_keepalive_if_required()
            super().on_headers_complete()
            return
        self.transport.write(page.written(self.headers, self.server_state.default_headers))
        self.cycle = ANSWERED
        self.on_response_complete()

    def _refuse(self) -> None:
        if self.cycle is None or self.cycle.response_complete:
            self.transport.write(TOO_LARGE)
        self.transport.close()

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
