"""`python -m tests.bench.unchanged PORT`: a server that answers every request on every loopback address with
304."""

from __future__ import annotations

import asyncio
import sys

ANSWER = b'HTTP/1.1 304 Not Modified\r\nETag: "one"\r\nConnection: close\r\n\r\n'


def address(number: int) -> str:
    """A loopback address of its own, for each number below 50,000."""
    return f"127.0.{number // 250 + 1}.{number % 250 + 1}"


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(ANSWER)
    await writer.drain()
    writer.close()


async def main(port: int) -> None:
    server = await asyncio.start_server(answer, "0.0.0.0", port, backlog=1024)  # loopback addresses are many
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
