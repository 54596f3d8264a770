"""Starts and stops what runs beside requests: the modules `<app>.services` of the installed apps.

Such a module has `async def start()` and `async def stop()`. They start in the order of INSTALLED_APPS and
stop in reverse; a stop gets STOP_SECONDS and the rest of the stopping goes on without it.
"""

from __future__ import annotations

import asyncio
import importlib
import logging
from types import ModuleType

from django.apps import apps
from django.utils.module_loading import module_has_submodule

STOP_SECONDS = 1.5
log = logging.getLogger("porchlight.services")


def found() -> list[ModuleType]:
    return [
        importlib.import_module(f"{app.name}.services")
        for app in apps.get_app_configs()
        if app.name.split(".")[0] in {"signaling", "federation", "social"}
        and app.module is not None
        and module_has_submodule(app.module, "services")
    ]


class Services:
    def __init__(self) -> None:
        self.running: list[ModuleType] = []

    async def start(self) -> None:
        for module in found():
            self.running.append(module)
            await module.start()

    async def stop(self) -> None:
        while self.running:
            module = self.running.pop()
            try:
                await asyncio.wait_for(module.stop(), STOP_SECONDS)
            except Exception:
                log.exception("%s did not stop cleanly", module.__name__)
