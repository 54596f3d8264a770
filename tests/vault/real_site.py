"""A real site in its own process, and the browser of its owner over HTTP and websocket."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect

from deploy.local.processes import Site, free_port
from homevault.protocol.addresses import Address
from homevault.protocol.certificates import make_certificate, make_device_list
from homevault.protocol.envelope import Envelope, make_envelope, new_id, read_envelope
from homevault.protocol.handshake import ClientHandshake
from homevault.protocol.keys import SignKey
from homevault.protocol.letters import Letter, read_letter
from homevault.protocol.pairing import HolderPairing
from homevault.protocol.possession import make_possession
from homevault.protocol.prekeys import make_signed_prekey, verify_keys_document
from homevault.protocol.seal import Recipient, envelope_context, open_mail, seal_mail
from tests import sites
from tests.vault.people import CLOCK, RANDOM, Browser
from tests.vault.small_site import PATIENCE


def start_site(folder: Path) -> Site:
    port = free_port("localhost")
    assert port is not None
    site = Site("alice", "localhost", port, folder)
    sites.start(site)
    return site


class Owner:
    """The site's owner in a browser: signed up, enrolled, connected."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.root = SignKey.generate(RANDOM)
        self.browser = Browser(self.root)
        self.address = Address.make(site.host, site.port, "alice")
        self.certificates = [self.browser.certificate]
        self.number = 0
        self.site_key = ""
        self.heard: list[Envelope] = []
        self._cookies: dict[str, str] = {}
        self._http = httpx.AsyncClient(base_url=site.origin, headers={"Origin": site.origin}, trust_env=False)
        self._socket: ClientConnection | None = None
        self._reading: asyncio.Task[None] | None = None

    async def call(self, method: str, path: str, body: Any = None) -> httpx.Response:
        token = (await self._request("GET", "/api/v1/site")).json()["csrf"]
        answer = await self._request(method, path, json=body, headers={"X-CSRFToken": token})
        assert answer.is_success, (path, answer.status_code, answer.text[:500])
        return answer

    async def _request(
        self, method: str, path: str, headers: dict[str, str] | None = None, **more: Any
    ) -> httpx.Response:
        """With the cookies kept by hand: on loopback browsers send secure ones over http, httpx does not."""
        headers = {**(headers or {}), "Cookie": self.cookie}
        answer = await self._http.request(method, path, headers=headers, **more)
        for line in answer.headers.get_list("set-cookie"):
            name, value = line.split(";")[0].split("=", 1)
            self._cookies[name] = value
        return answer

    @property
    def cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self._cookies.items())

    async def sign_up(self) -> None:
        link = self.site.setup_link()
        assert link is not None
        await self.call("POST", "/api/v1/setup", {"token": link.split("#")[1]})
        word = "a long enough pass phrase 71"
        await self.call("POST", "/_allauth/browser/v1/auth/signup", {"username": "alice", "password": word})
        await self.put_list()

    def new_list(self) -> dict[str, Any]:
        self.number += 1
        return make_device_list(self.root, self.number, self.certificates, CLOCK.now())

    async def put_list(self) -> dict[str, Any]:
        made = self.new_list()
        proof = make_possession(self.root.public, self.browser.sign, self.address, CLOCK.now())
        await self.call("PUT", "/api/v1/keys/list", {"list": made, "proof": proof})
        return made

    async def connect(self) -> None:
        headers = {"Cookie": self.cookie, "Origin": self.site.origin}
        url = self.site.origin.replace("http", "ws", 1) + "/signaling/socket"
        self._socket = await connect(url, additional_headers=headers, proxy=None, compression=None)
        shake = ClientHandshake(self.browser.sign, "device", self.address, self.site.origin, RANDOM)
        await self._socket.send(shake.start(), text=True)
        while shake.welcome is None:
            answer = shake.receive(await self._socket.recv(decode=False))
            if answer is not None:
                await self._socket.send(answer, text=True)
        self.site_key = str(shake.server_key)
        self._reading = asyncio.create_task(self._read())
        signed = make_signed_prekey(
            self.root.public, self.browser.sign, self.browser.prekey.public, CLOCK.now()
        )
        await self.say("prekeys", {"signed": signed, "one_time": None})

    async def _read(self) -> None:
        assert self._socket is not None
        while True:
            self.heard.append(read_envelope(await self._socket.recv(decode=False)))

    async def close(self) -> None:
        if self._reading:
            self._reading.cancel()
        if self._socket:
            await self._socket.close()
        await self._http.aclose()

    async def send(self, envelope: Envelope) -> None:
        assert self._socket is not None
        await self._socket.send(envelope.raw, text=True)

    async def say(
        self, type: str, fields: dict[str, Any], to: Address | None = None, **more: Any
    ) -> Envelope:
        envelope = make_envelope(
            self.address,
            to or self.address.site_address,
            type,
            fields,
            self.browser.sign,
            self.browser.id,
            None,
            CLOCK.now(),
            3_600,
            RANDOM,
            **more,
        )
        await self.send(envelope)
        return envelope

    async def next(self, type: str) -> Envelope:
        """The next envelope of this type, taken out of what was heard."""
        async with asyncio.timeout(PATIENCE):
            while True:
                for envelope in self.heard:
                    if envelope.type == type:
                        self.heard.remove(envelope)
                        return envelope
                assert self._reading is not None
                assert not self._reading.done(), self._reading.exception()
                await asyncio.sleep(0.01)

    async def pair(self) -> str:
        """Take the waiting vault in, as the app does; the code."""
        slot = await self._waiting_slot()
        machine = HolderPairing(self.root.public, self.browser.id, RANDOM)
        await self._step(slot, machine.start())
        while machine.newcomer is None:
            envelope = await self.next("pair")
            for message in machine.receive(envelope.data["step"], envelope.data["payload"]):
                await self._step(slot, message)
        vault = machine.newcomer
        self.certificates.append(make_certificate(self.root, vault.device, vault.dh, "vault", CLOCK.now()))
        made = await self.put_list()
        await self._step(slot, machine.enrol(self.certificates[-1], made, self.address, self.site_key))
        envelope = await self.next("pair")
        machine.receive(envelope.data["step"], envelope.data["payload"])
        assert machine.done
        return str(machine.code)

    async def _waiting_slot(self) -> str:
        while not (rows := (await self.call("GET", "/api/v1/vaults/waiting")).json()):
            await self.next("changed")
        return str(rows[0]["slot"])

    async def _step(self, slot: str, message: tuple[str, dict[str, Any]]) -> None:
        await self.say("pair", {"slot": slot, "step": message[0], "payload": message[1]})

    async def mail_myself(self, letter: bytes) -> Envelope:
        """Sealed mail to the account's other devices that published prekeys."""
        async with asyncio.timeout(PATIENCE):
            while True:
                asked = await self.say("keys", {"address": self.address.wire(), "claim": True})
                answer = await self.next("keys-result")
                assert answer.data["ref"] == asked.id
                document = verify_keys_document(answer.data["keys"])
                others = [each for each in document.prekeys if each != self.browser.id]
                if others and answer.data["one_time"].get(others[0]):
                    break
                await asyncio.sleep(0.05)
        recipients = [
            Recipient(
                each,
                document.list.devices[each].dh,
                document.prekeys[each].key,
                answer.data["one_time"].get(each),
            )
            for each in others
        ]
        id_ = new_id(RANDOM)
        context = envelope_context(self.address.wire(), self.browser.id, id_, self.address.wire(), "mail")
        fields = seal_mail(letter, context, self.browser.dh, recipients, RANDOM)
        return await self.say("mail", fields, self.address, id=id_)

    def open(self, envelope: Envelope) -> Letter:
        dh = next(each["dh"] for each in self.certificates if each["device"] == envelope.from_device)
        opened = open_mail(envelope, self.browser.id, self.browser.dh, self.browser, dh)
        return read_letter(opened.plaintext)
