"""What the owner sees and is asked while pairing, on standard output and input."""

from __future__ import annotations

import asyncio
import sys


def say(line: str) -> None:
    """A line for the owner, at once also through a pipe."""
    print(line, flush=True)


def show_code(code: str) -> None:
    """`pairing code 123 456` on a line of its own; installers and `make run` look for it."""
    say(f"pairing code {code[:3]} {code[3:]}")


def interactive() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


async def confirm(question: str) -> bool:
    """Ask yes or no on the terminal; may be cancelled while the person thinks."""
    while True:
        print(f"{question} [y/n] ", end="", flush=True)
        answer = (await _line()).strip().lower()
        if answer in ("y", "yes"):
            return True
        if answer in ("n", "no"):
            return False


async def _line() -> str:
    loop = asyncio.get_running_loop()
    readable = asyncio.Event()
    handle = sys.stdin.fileno()
    loop.add_reader(handle, readable.set)
    try:
        await readable.wait()
    finally:
        loop.remove_reader(handle)
    return sys.stdin.readline() or "no"
