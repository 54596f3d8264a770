"""A Redis of a test's own, for several processes of one site."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from deploy.local.processes import free_port
from tests.server.federation.sites import until

needs_redis = pytest.mark.skipif(shutil.which("redis-server") is None, reason="no redis-server here")


@contextmanager
def redis_server() -> Iterator[str]:
    """Its URL, once it answers."""
    import redis

    port = free_port("127.0.0.1")
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", "/tmp"]
    url = f"redis://127.0.0.1:{port}/0"

    def answers() -> bool:
        try:
            return bool(redis.Redis.from_url(url).ping())
        except redis.ConnectionError:
            return False

    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        until(answers, "redis-server")
        yield url
    finally:
        process.terminate()
        process.wait()
