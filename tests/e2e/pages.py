"""Looks at pages at phone and desktop width, light and dark: judged by axe-core, kept as pictures."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from deploy.local.processes import ROOT

SHOTS = Path(__file__).parent / "shots"
WIDTHS = {"phone": (390, 844), "desktop": (1280, 900)}
SCHEMES = ("light", "dark")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@cache
def axe_source() -> str:
    return (ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js").read_text()


def violations(page: Page) -> list[str]:
    """What axe-core finds: `rule: where`, one line each."""
    page.evaluate(axe_source())
    found: dict[str, Any] = page.evaluate(
        "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})", RULES
    )
    return [
        f"{one['id']} ({one['impact']}): {node['target']} {node.get('failureSummary', '')}"
        for one in found["violations"]
        for node in one["nodes"]
    ]


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than the window."""
    return page.evaluate("document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth")


def small_targets(page: Page) -> list[str]:
    """Buttons and fields below 44 pixels of height; links inside a sentence are not counted."""
    return page.evaluate(
        """() => [...document.querySelectorAll('button, input, select, textarea, nav a, [role=button]')]
            .filter(one => one.offsetParent && one.getBoundingClientRect().height < 43.5)
            .map(one => one.outerHTML.slice(0, 120))"""
    )


def inspect(page: Page, url: str, name: str) -> list[str]:
    """Open `url` in every form, keep its pictures, and return every fault found."""
    SHOTS.mkdir(exist_ok=True)
    faults = []
    page.goto(url)
    page.wait_for_load_state("networkidle")
    for width, (x, y) in WIDTHS.items():
        page.set_viewport_size({"width": x, "height": y})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            page.screenshot(path=SHOTS / f"{name}-{width}-{scheme}.png")
            here = f"{name} {width} {scheme}"
            faults += [f"{here}: {fault}" for fault in violations(page)]
            faults += [f"{here}: {overflow(page)} px too wide"] if overflow(page) > 0 else []
        if width == "phone":
            faults += [f"{name} {width}: small: {one}" for one in small_targets(page)]
    return faults


def name_of(path: str) -> str:
    return re.sub(r"[^a-z]+", "-", path.lower()).strip("-") or "front"
