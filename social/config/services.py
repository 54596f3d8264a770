"""Starts and stops what runs beside requests: the modules `<app>.services` of the installed apps.

Such a module has `async def start()` and `async def stop()`. They start in the order of INSTALLED_APPS and
stop in reverse; a stop gets STOP_SECONDS and the rest of the stopping goes on without it. A server without
ASGI lifespan (daphne) has them started by its first request, and ended with its process.
"""

from __future__ import annotations

import asyncio
import importlib
import logging
from types import ModuleType
from typing import Any

from django.apps import apps
from django.utils.module_loading import module_has_submodule

STOP_SECONDS = 1.5
OURS = {"signaling", "federation", "social"}
log = logging.getLogger("porchlight.services")


def found() -> list[ModuleType]:
    return [
        importlib.import_module(f"{app.name}.services")
        for app in apps.get_app_configs()
        if app.name.split(".")[0] in OURS
        and app.module is not None
        and module_has_submodule(app.module, "services")
    ]


class WithServices:
    """ASGI: `app` with the services running beside it."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.running: list[ModuleType] = []
        self.starting: asyncio.Task[None] | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        if self.starting is None or not self.starting.done():
            await asyncio.shield(self._started())
        await self.app(scope, receive, send)

    def _started(self) -> asyncio.Task[None]:
        if self.starting is None:
            self.starting = asyncio.ensure_future(self._start())
        return self.starting

    async def _start(self) -> None:
        for module in found():
            self.running.append(module)
            await module.start()

    async def _stop(self) -> None:
        while self.running:
            module = self.running.pop()
            try:
                await asyncio.wait_for(module.stop(), STOP_SECONDS)
            except Exception:
                log.exception("%s did not stop cleanly", module.__name__)

    async def _lifespan(self, receive: Any, send: Any) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                try:
                    await self._started()
                except Exception:
                    log.exception("the site could not start")
                    await self._stop()
                    await send({"type": "lifespan.startup.failed", "message": "see the log"})
                    return
                await send({"type": "lifespan.startup.complete"})
            else:
                await self._stop()
                await send({"type": "lifespan.shutdown.complete"})
                return
