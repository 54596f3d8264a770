"""`python -m tests …` is pytest, started with the garbage collector asleep until the tests are collected.

CPython 3.11 before 3.11.9 now and then fails with "AST constructor recursion depth mismatch" when a
collection happens while pytest rewrites a module's assertions.
"""

import gc
import sys

import pytest


class Awake:
    @pytest.hookimpl(trylast=True)
    def pytest_collection_finish(self) -> None:
        gc.enable()


if __name__ == "__main__":
    gc.disable()
    sys.exit(pytest.main(sys.argv[1:], plugins=[Awake()]))
