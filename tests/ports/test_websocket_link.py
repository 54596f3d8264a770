"""The link on a websocket against the suite, over a real socket."""

from collections.abc import AsyncIterator

import pytest

from homevault.protocol.ports import LinkClosed
from homevault.transport.sync.websocket import WebsocketLink
from tests.ports.link import A, B, FrameLinkContract, Links
from tests.ports.websocket_pair import websocket_pair


class TestWebsocketLink(FrameLinkContract):
    @pytest.fixture
    async def links(self) -> AsyncIterator[Links]:
        async with websocket_pair(A, B) as links:
            yield links


async def test_a_peer_that_sends_more_than_a_frame_ends_it() -> None:
    async with websocket_pair(A, B) as (one, other):
        assert isinstance(one, WebsocketLink)
        await one._socket.send(b"x" * 70_000)
        with pytest.raises(LinkClosed):
            await other.receive()
