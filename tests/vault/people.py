"""People with a browser each, as the vault meets them: they write, seal and read by the core alone."""

from __future__ import annotations

import asyncio
from typing import Any

from homevault.protocol.addresses import Address
from homevault.protocol.certificates import make_certificate, make_device_list, verify_certificate
from homevault.protocol.envelope import Envelope, make_envelope, new_id, read_envelope
from homevault.protocol.keys import DhKey, SignKey
from homevault.protocol.letters import Letter, make_events, read_letter
from homevault.protocol.pairing import HolderPairing
from homevault.protocol.ports import SystemClock, SystemRandom
from homevault.protocol.prekeys import make_one_time, make_signed_prekey, verify_keys_document
from homevault.protocol.seal import Recipient, envelope_context, open_mail, seal_mail
from homevault.protocol.swarm import author
from homevault.protocol.swarm.events import SignedEvent
from homevault.protocol.swarm.memory import MemoryEventStore
from homevault.protocol.swarm.replica import Replica
from tests.vault.small_site import PATIENCE, Member, SmallSite

CLOCK, RANDOM = SystemClock(), SystemRandom()


class Browser:
    """A device with its prekeys; it is its own PrekeyHolder."""

    def __init__(self, account: SignKey) -> None:
        self.sign = SignKey.generate(RANDOM)
        self.dh = DhKey.generate(RANDOM)
        self.prekey = DhKey.generate(RANDOM)
        self.once = {key.public: key for key in (DhKey.generate(RANDOM) for _ in range(50))}
        self.certificate = make_certificate(account, self.sign.public, self.dh.public, "root", CLOCK.now())

    @property
    def id(self) -> str:
        return self.sign.public

    def signed(self, public: str) -> DhKey | None:
        return self.prekey if public == self.prekey.public else None

    def one_time(self, public: str) -> DhKey | None:
        return self.once.get(public)


class Person:
    """An account with one browser, at home on `site`."""

    def __init__(self, site: SmallSite, username: str) -> None:
        self.site = site
        self.username = username
        self.root = SignKey.generate(RANDOM)
        self.browser = Browser(self.root)
        self.certificates = [self.browser.certificate]
        self.number = 0
        site.members[username] = Member(self.new_list())
        self.publish(self.browser)

    @property
    def account(self) -> str:
        return self.root.public

    @property
    def address(self) -> Address:
        return self.site.address_of(self.username)

    def new_list(self) -> dict[str, Any]:
        self.number += 1
        return make_device_list(self.root, self.number, self.certificates, CLOCK.now())

    def add_browser(self) -> Browser:
        """A second browser, listed and published."""
        browser = Browser(self.root)
        self.certificates.append(browser.certificate)
        self.site.members[self.username].list = self.new_list()
        self.publish(browser)
        return browser

    def publish(self, browser: Browser) -> None:
        member = self.site.members[self.username]
        member.signed[browser.id] = make_signed_prekey(
            self.account, browser.sign, browser.prekey.public, CLOCK.now()
        )
        made = make_one_time(self.account, browser.sign, browser.once, CLOCK.now())
        member.one_time[browser.id] = list(made["keys"])

    # --- mail -------------------------------------------------------------------------------

    def mail(
        self,
        to: Person,
        letter: bytes,
        *,
        browser: Browser | None = None,
        claim: bool = True,
        ttl: int = 3_600,
        type: str = "mail",
    ) -> Envelope:
        """Sealed mail to all of `to`'s devices, this one aside."""
        browser = browser or self.browser
        document = verify_keys_document(to.site.keys(to.username))
        claimed = to.site.claim(to.username) if claim else {}
        recipients = [
            Recipient(device, certificate.dh, document.prekeys[device].key, claimed.get(device))
            for device, certificate in document.list.devices.items()
            if device in document.prekeys and device != browser.id
        ]
        id_ = new_id(RANDOM)
        context = envelope_context(self.address.wire(), browser.id, id_, to.address.wire(), type)
        fields = seal_mail(letter, context, browser.dh, recipients, RANDOM)
        return make_envelope(
            self.address,
            to.address,
            type,
            fields,
            browser.sign,
            browser.id,
            None,
            CLOCK.now(),
            ttl,
            RANDOM,
            id_,
        )

    async def send(self, to: Person, letter: bytes, **options: Any) -> Envelope:
        envelope = self.mail(to, letter, **options)
        await to.site.put(envelope)
        return envelope

    def letters(self, browser: Browser | None = None) -> list[tuple[Envelope, Letter]]:
        """What lies in the browser's mailbox."""
        browser = browser or self.browser
        found = []
        for raw in self.site.mailboxes.get(browser.id, {}).values():
            envelope = read_envelope(raw)
            certificates = [
                verify_certificate(each) for member in self._members() for each in member.list["devices"]
            ]
            dh = next(each.dh for each in certificates if each.device == envelope.from_device)
            opened = open_mail(envelope, browser.id, browser.dh, browser, dh)
            found.append((envelope, read_letter(opened.plaintext)))
        return found

    def _members(self) -> list[Member]:
        return list(self.site.members.values())

    # --- swarms -----------------------------------------------------------------------------

    def begin(self, peer: Person) -> Replica:
        replica = Replica(MemoryEventStore())
        author.begin(replica, self.browser.sign, self.browser.certificate, peer.account, CLOCK.now(), RANDOM)
        return replica

    def join(self, replica: Replica) -> SignedEvent:
        return author.join(replica, self.browser.sign, self.browser.certificate, CLOCK.now())

    def say(self, replica: Replica, text: str) -> SignedEvent:
        return author.text(replica, self.browser.sign, self.account, text, CLOCK.now())

    # --- pairing ----------------------------------------------------------------------------

    async def pair(self, **enrolment: Any) -> str:
        """Take the waiting vault in; the code both show."""
        slot = await self.site.slot()
        machine = HolderPairing(self.account, self.browser.id, RANDOM)
        await self.say_pair(slot, machine.start())
        while machine.code is None:
            envelope = await asyncio.wait_for(self.site.from_vault.get(), PATIENCE)
            for message in machine.receive(envelope.data["step"], envelope.data["payload"]):
                await self.say_pair(slot, message)
        assert machine.newcomer is not None
        self.certificates.append(
            make_certificate(self.root, machine.newcomer.device, machine.newcomer.dh, "vault", CLOCK.now())
        )
        new = self.new_list()
        self.site.members[self.username].list = new
        values = {"list": new, "address": self.address, "site_key": self.site.key.public, **enrolment}
        await self.say_pair(slot, machine.enrol(self.certificates[-1], **values))
        envelope = await asyncio.wait_for(self.site.from_vault.get(), PATIENCE)
        machine.receive(envelope.data["step"], envelope.data["payload"])
        assert machine.done
        return machine.code

    async def say_pair(self, slot: str, message: tuple[str, dict[str, Any]]) -> None:
        step, payload = message
        fields = {"slot": slot, "step": step, "payload": payload}
        await self.site.pair(
            slot,
            make_envelope(
                self.address,
                self.site.address,
                "pair",
                fields,
                self.browser.sign,
                self.browser.id,
                None,
                CLOCK.now(),
                300,
                RANDOM,
            ),
        )


def events_letter(replica: Replica, *events: SignedEvent) -> bytes:
    """These events, or the whole history."""
    return make_events(str(replica.swarm), [event.wire for event in events or replica.display_order()])
