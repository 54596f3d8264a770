"""`python -m tests.bench.trickle PORT`: a server that begins an answer to whoever asks it, on every loopback
address, and goes on with one byte a second for as long as anybody listens."""

from __future__ import annotations

import asyncio
import sys

BEGINNING = b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\n\r\n"


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(BEGINNING)
        while True:
            writer.write(b"<")
            await writer.drain()
            await asyncio.sleep(1)
    except (OSError, asyncio.IncompleteReadError):
        writer.close()


async def main(port: int) -> None:
    server = await asyncio.start_server(answer, "0.0.0.0", port, backlog=1024)  # loopback addresses are many
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
