"""The suite that every FrameLink must pass. Subclass it and give the fixture `links`: the two ends of a new
one, at the devices A and B."""

import asyncio
import random

import pytest

from homevault.protocol.ports import FrameLink, LinkClosed

A, B = "A" * 43, "B" * 43
LARGEST = 65_536

Links = tuple[FrameLink, FrameLink]


def _filled(number: int) -> bytes:
    """A large frame that does not compress."""
    return random.Random(number).randbytes(32_000)


class FrameLinkContract:
    async def test_each_end_knows_the_other(self, links: Links) -> None:
        assert [each.peer for each in links] == [B, A]

    async def test_frames_come_whole_and_in_order_both_ways(self, links: Links) -> None:
        one, other = links
        frames = [b"", b"{}", "ä€𐍈".encode(), b"\x00\xff", b"x" * LARGEST, b"last"]
        for frame in frames:
            await one.send(frame)
            await other.send(frame[::-1])
        assert [await other.receive() for _ in frames] == frames
        assert [await one.receive() for _ in frames] == [frame[::-1] for frame in frames]

    async def test_a_frame_too_large_is_not_sent(self, links: Links) -> None:
        one, other = links
        with pytest.raises(ValueError, match="larger"):
            await one.send(b"x" * (LARGEST + 1))
        await one.send(b"fine")
        assert await other.receive() == b"fine"

    async def test_a_sender_waits_for_a_slow_reader_and_nothing_is_lost(self, links: Links) -> None:
        one, other = links
        count = 1_000
        sender = asyncio.create_task(self._send_many(one, count))
        done, _ = await asyncio.wait([sender], timeout=0.3)
        assert not done, "so much was never read, and still it all went away"
        found = [await other.receive() for _ in range(count)]
        await sender
        assert found == [_filled(number) for number in range(count)]

    async def _send_many(self, link: FrameLink, count: int) -> None:
        for number in range(count):
            await link.send(_filled(number))

    async def test_what_was_sent_before_the_end_arrives_before_it(self, links: Links) -> None:
        one, other = links
        await one.send(b"goodbye")
        closing = asyncio.create_task(one.close())
        assert await other.receive() == b"goodbye"
        with pytest.raises(LinkClosed):
            await other.receive()
        await closing

    async def test_after_the_end_nothing_goes(self, links: Links) -> None:
        one, other = links
        await asyncio.gather(one.close(), other.close())
        await one.close()
        for link in links:
            with pytest.raises(LinkClosed):
                await link.send(b"hello?")
            with pytest.raises(LinkClosed):
                await link.receive()

    async def test_the_end_wakes_who_waits(self, links: Links) -> None:
        one, other = links
        waiting = asyncio.create_task(other.receive())
        await asyncio.sleep(0)
        await one.close()
        with pytest.raises(LinkClosed):
            await waiting

    async def test_waiting_may_be_given_up_without_losing_a_frame(self, links: Links) -> None:
        one, other = links
        for number in range(20):
            waiting = asyncio.create_task(other.receive())
            await asyncio.sleep(0)
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)
            await one.send(bytes([number]))
            assert await other.receive() == bytes([number])
