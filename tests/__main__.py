"""`python -m tests …` is pytest, started with the garbage collector asleep until the tests are collected.

CPython 3.11 before 3.11.9 now and then fails with "AST constructor recursion depth mismatch" when a
collection happens while pytest rewrites a module's assertions. With `-n` this goes for every process.
"""

import sys

import pytest

if __name__ == "__main__":
    sys.exit(pytest.main(["-p", "tests.asleep", *sys.argv[1:]]))
