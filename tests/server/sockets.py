"""A device's websocket to a real site, as a browser or a vault opens it: handshake first, then envelopes."""

from __future__ import annotations

import socket
import time
from collections.abc import Mapping
from contextlib import suppress
from types import TracebackType
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from deploy.local.processes import Site, bind_address
from homevault.protocol.addresses import Address
from homevault.protocol.envelope import Envelope, make_envelope, read_envelope, verify_envelope
from homevault.protocol.handshake import ClientHandshake
from tests.server.identities import CLOCK, RANDOM, Device

SECONDS = 15.0


class DeviceSocket:
    """`with DeviceSocket(site, "alice", device, cookies) as socket`; a browser gives its cookies, a vault
    none. `port` is where another process of the site listens."""

    def __init__(
        self,
        site: Site,
        username: str,
        device: Device,
        cookies: Mapping[str, str] | None = None,
        port: int | None = None,
    ) -> None:
        self.site = site
        self.port = port or site.port
        self.device = device
        self.address = Address(site.host, site.port, username)
        headers = {}
        if cookies is not None:
            headers["Origin"] = site.origin
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
        self.headers = headers
        self.connection: ClientConnection | None = None
        self.server_key = ""

    def __enter__(self) -> DeviceSocket:
        self.connection = connect(
            f"ws://{self.site.host}:{self.site.port}/signaling/socket",
            sock=socket.create_connection((bind_address(self.site.host), self.port)),
            additional_headers=self.headers,
            proxy=None,
            compression=None,
        )
        shake = ClientHandshake(self.device.key, "device", self.address, self.site.origin, RANDOM)
        self._send(shake.start())
        answer = shake.receive(self._receive())
        assert answer is not None
        self._send(answer)
        shake.receive(self._receive())
        assert shake.server_key is not None
        self.server_key = shake.server_key
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self.connection is not None
        self.connection.close()

    def _send(self, frame: bytes) -> None:
        assert self.connection is not None
        self.connection.send(frame.decode())

    def _receive(self, seconds: float = SECONDS) -> bytes:
        assert self.connection is not None
        text = self.connection.recv(timeout=seconds)
        return text.encode() if isinstance(text, str) else text

    def close_code(self) -> int | None:
        """Read on until the site closes the socket."""
        assert self.connection is not None
        with suppress(ConnectionClosed):
            while True:
                self._receive()
        return self.connection.close_code

    def send(
        self, to: Address, type: str, fields: Mapping[str, Any], to_device: str | None = None
    ) -> Envelope:
        envelope = make_envelope(
            self.address,
            to,
            type,
            fields,
            self.device.key,
            self.device.id,
            to_device,
            CLOCK.now(),
            600,
            RANDOM,
        )
        self._send(envelope.raw)
        return envelope

    def ask_site(self, type: str, fields: Mapping[str, Any]) -> Envelope:
        return self.send(self.address.site_address, type, fields)

    def wait_for(self, *types: str, ref: str | None = None) -> Envelope:
        """The next envelope of one of these types (and about `ref`); others are passed over."""
        deadline = time.monotonic() + SECONDS
        while True:
            envelope = read_envelope(self._receive(max(deadline - time.monotonic(), 0.01)))
            if envelope.type in types and ref in (None, envelope.data.get("ref")):
                verify_envelope(envelope)
                return envelope
