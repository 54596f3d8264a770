"""How long a login by password takes, with the hasher that members have: the 95th percentile of one after
another, and of four at a time, against the hash alone.

Each login is a browser without cookies. What is timed is the request that carries the password.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from tests.bench import machine
from tests.bench.browser import Browser
from tests.bench.figures import Figure, p95
from tests.bench.posts import PASSWORD
from tests.bench.site import BenchSite

LOGINS = 60
AT_ONCE = 4  # more tries at a time for one account are refused
HASHING = f"""
import django; django.setup()
import time
from django.contrib.auth.hashers import check_password, make_password
known = make_password("{PASSWORD}")
begun = time.perf_counter()
for _ in range(10): assert check_password("{PASSWORD}", known)
print((time.perf_counter() - begun) / 10)
"""


def measure() -> Iterator[Figure]:
    extra = {"DJANGO_SETTINGS_MODULE": "social.config.settings"}
    site = BenchSite(machine.fresh_folder("login"), extra=extra)
    site.prepare()
    site.run("-m", "tests.bench.posts", "1", "100")
    hashing = float(site.run("-c", HASHING)) * 1000
    with site.serving():
        one_by_one = [log_in(site.origin) for _ in range(LOGINS)]
        with ThreadPoolExecutor(AT_ONCE) as threads:
            together = list(threads.map(log_in, [site.origin] * LOGINS))
    yield Figure("login, p95", p95(one_by_one), "ms", hashing, detail={"all": one_by_one})
    yield Figure(f"login, p95, {AT_ONCE} at a time", p95(together), "ms", hashing, detail={"all": together})


def log_in(origin: str) -> float:
    """Milliseconds."""
    with Browser(origin) as browser:
        return browser.log_in() * 1000
