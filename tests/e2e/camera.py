"""Photographs a screen at both widths and in both schemes; judges axe, width and the size of targets."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parents[2]
SHOTS = ROOT / "tests" / "e2e" / "shots"
AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
SIZES = {390: 844, 1280: 800}
NARROWEST = (320, 568)
SCHEMES = ("light", "dark")
TARGET = 44
taken: set[str] = set()
"""The paths of what was photographed in this run."""

JUDGE = """async () => {
    const found = await axe.run(document, {resultTypes: ['violations']});
    return found.violations.flatMap(({id, nodes}) => nodes.map(node => `${id}: ${node.html.slice(0, 160)}`));
}"""
TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
TOO_SMALL = """limit => [...document.querySelectorAll('button, .button, nav a, input, textarea, select')]
    .filter(one => one.checkVisibility() && !one.closest('.hidden-visually') && one.type !== 'checkbox')
    .map(one => [one, one.getBoundingClientRect()])
    .filter(([, box]) => box.width && (box.height < limit - 0.5 || box.width < limit - 0.5))
    .map(([one, box]) => `${one.outerHTML.slice(0, 120)} ${box.width}x${box.height}`)"""


def photograph(page: Page, name: str) -> None:
    """Four pictures into `shots/`, once the place has its heading; fails on what axe finds, on sideways
    scrolling and on small targets, on the narrowest phone too."""
    page.locator("h1").first.wait_for(state="attached")
    SHOTS.mkdir(exist_ok=True)
    before = page.viewport_size
    faults: list[str] = []
    taken.add(urlsplit(page.url).path)
    for width, height in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            page.screenshot(path=SHOTS / f"{name}-{width}-{scheme}.png")
            faults += [f"{name} {width} {scheme}: {fault}" for fault in judge(page)]
    page.set_viewport_size({"width": NARROWEST[0], "height": NARROWEST[1]})
    faults += [f"{name} {NARROWEST[0]}: {fault}" for fault in judge(page)]
    if before:
        page.set_viewport_size(before)
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    assert not faults, "\n".join(faults)


def judge(page: Page) -> list[str]:
    if not page.evaluate("() => 'axe' in globalThis"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    faults: list[Any] = page.evaluate(JUDGE)
    wide = page.evaluate(TOO_WIDE)
    if wide > 0:
        faults.append(f"{wide} px wider than the screen")
    return faults + [f"small target: {one}" for one in page.evaluate(TOO_SMALL, TARGET)]
