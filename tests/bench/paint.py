"""When a slow phone shows what matters: largest contentful paint in Chromium, nothing cached, at 1.6 Mbit/s
with 150 ms of delay and a processor four times slower.

A public post page, and the app's door for somebody who is not logged in. The site answers by itself, on its
own core; the browser has the other one.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from statistics import median

from playwright.sync_api import Browser, sync_playwright

from tests.bench import machine
from tests.bench.figures import Figure
from tests.bench.pages import POST_BYTES, POSTS
from tests.bench.posts import USERNAME
from tests.bench.site import BenchSite
from tests.e2e.conftest import CHROMIUM_FLAGS

GOAL_SECONDS = 1.5
ROUNDS = 5
NETWORK = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 93_750}
SLOWER = 4
LOOK = """globalThis.largest = 0;
new PerformanceObserver(list => { for (const one of list.getEntries()) globalThis.largest = one.startTime; })
    .observe({type: 'largest-contentful-paint', buffered: true});"""
SETTLED_MS = 1_000


def measure() -> Iterator[Figure]:
    site = BenchSite(machine.fresh_folder("paint"))
    site.prepare()
    site.run("-m", "tests.bench.posts", str(POSTS), str(POST_BYTES))
    program = shutil.which("chromium")
    with site.serving(), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=CHROMIUM_FLAGS)
        for name, path in (("a public page", f"/@{USERNAME}/post-1"), ("the app", "/app/")):
            painted(browser, site.origin + path)
            times = [painted(browser, site.origin + path) for _ in range(ROUNDS)]
            kept: dict[str, object] = {"all": times}
            yield Figure(f"paint of {name}", median(times), "s", goal=GOAL_SECONDS, more=False, detail=kept)
        browser.close()


def painted(browser: Browser, url: str) -> float:
    """Seconds until the largest paint, a second after the heading shows."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.add_init_script(LOOK)
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", NETWORK)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(url, timeout=120_000)
    page.locator("h1").first.wait_for(timeout=120_000)
    page.wait_for_timeout(SETTLED_MS)
    largest = float(page.evaluate("globalThis.largest"))
    context.close()
    if not largest:
        raise RuntimeError(f"{url} painted nothing")
    return largest / 1000
