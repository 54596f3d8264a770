"""A pytest plugin: no garbage is collected before the tests are; see `__main__`."""

import gc

import pytest

gc.disable()


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    gc.enable()
