"""The ops about what travels: envelopes, handshake, pairing, sealing."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from homevault.protocol import envelope as envelopes
from homevault.protocol import seal
from homevault.protocol.addresses import Address
from homevault.protocol.handshake import ClientHandshake, ServerHandshake
from homevault.protocol.keys import DhKey, SignKey
from homevault.protocol.pairing import HolderPairing, Message, Newcomer, NewcomerPairing
from homevault.protocol.ticket import Ticket

Input = dict[str, Any]


def raw(given: Input) -> bytes:
    """The bytes of `text` or `text_hex`."""
    return (
        bytes.fromhex(given["text_hex"])
        if "text_hex" in given
        else str(given["text"]).encode("utf-8", "surrogatepass")
    )


class GivenRandom:
    """The bytes of a vector, then none."""

    def __init__(self, given_hex: str) -> None:
        self._left = bytes.fromhex(given_hex)

    def bytes(self, count: int) -> bytes:
        if count > len(self._left):
            raise AssertionError("the vector has no more randomness")
        taken, self._left = self._left[:count], self._left[count:]
        return taken


class GivenPrekeys:
    def __init__(self, given: Input) -> None:
        self._signed = self._by_public(given["signed_hex"])
        self._one_time = self._by_public(given["one_time_hex"])

    @staticmethod
    def _by_public(secrets: list[str]) -> dict[str, DhKey]:
        keys = [DhKey.from_secret(bytes.fromhex(secret)) for secret in secrets]
        return {key.public: key for key in keys}

    def signed(self, public: str) -> DhKey | None:
        return self._signed.get(public)

    def one_time(self, public: str) -> DhKey | None:
        return self._one_time.get(public)


def _secret(given: Input) -> DhKey:
    return DhKey.from_secret(bytes.fromhex(given["secret_hex"]))


def _key(given: Input) -> SignKey:
    return SignKey.from_seed(bytes.fromhex(given["seed_hex"]))


def _read(given: Input) -> dict[str, Any]:
    found = envelopes.read_envelope(raw(given))
    return {
        "type": found.type,
        "id": found.id,
        "from": str(found.from_),
        "to": str(found.to),
        "mail": found.mail,
        "hash": envelopes.envelope_hash(found),
    }


def _verify(given: Input) -> bool:
    envelopes.verify_envelope(envelopes.read_envelope(raw(given)))
    return True


def _time(given: Input) -> bool:
    envelopes.check_time(envelopes.read_envelope(raw(given)), given["now"])
    return True


def _client(given: Input) -> dict[str, Any]:
    client = ClientHandshake(
        _key(given),
        given["role"],
        Address.from_wire(given["address"]),
        given["origin"],
        GivenRandom(given["random_hex"]),
        given["expected"],
    )
    sent = [client.start()]
    for frame in given["frames"]:
        answer = client.receive(frame.encode("utf-8", "surrogatepass"))
        sent += [answer] if answer else []
    welcome = client.welcome
    return {
        "sent": [frame.decode() for frame in sent],
        "server_key": client.server_key,
        "welcome": welcome
        and {
            "address": str(welcome.address),
            "capabilities": welcome.capabilities,
            "limits": welcome.limits,
            "slot": welcome.slot,
        },
    }


def _server(given: Input) -> dict[str, Any]:
    server = ServerHandshake(_key(given), given["origins"], GivenRandom(given["random_hex"]))
    sent: list[bytes] = []
    for frame in given["frames"]:
        sent += server.receive(frame.encode("utf-8", "surrogatepass"))
    last = given["welcome"]
    if last:
        address = Address.from_wire(last["address"])
        sent.append(server.welcome(address, last["capabilities"], last["limits"], last["slot"]))
    return {"sent": [frame.decode() for frame in sent], "proven": server.proven}


def _messages(sent: list[Message]) -> list[dict[str, Any]]:
    return [{"step": step, "payload": payload} for step, payload in sent]


def _holder(given: Input) -> dict[str, Any]:
    ticket = Ticket.parse(given["ticket"]) if given["ticket"] else None
    pairing = HolderPairing(given["account"], given["device"], GivenRandom(given["random_hex"]), ticket)
    sent = [pairing.start()]
    for message in given["messages"]:
        if "enrol" in message:
            enrol = message["enrol"]
            address = Address.from_wire(enrol["address"])
            sent.append(pairing.enrol(enrol["certificate"], enrol["list"], address, enrol["site_key"]))
        else:
            sent += pairing.receive(message["step"], message["payload"])
    newcomer = pairing.newcomer and asdict(pairing.newcomer)
    return {"sent": _messages(sent), "code": pairing.code, "newcomer": newcomer, "done": pairing.done}


def _newcomer(given: Input) -> dict[str, Any]:
    pairing = NewcomerPairing(Newcomer(**given["newcomer"]), GivenRandom(given["random_hex"]))
    sent: list[Message] = []
    for message in given["messages"]:
        sent += pairing.receive(message["step"], message["payload"])
    enrolled = pairing.enrolment
    return {
        "sent": _messages(sent),
        "code": pairing.code,
        "account": enrolled and enrolled.certificate.account,
        "number": enrolled and enrolled.list.number,
        "proven": enrolled and enrolled.proven,
    }


def _ticket(given: Input) -> str:
    pairing = NewcomerPairing(Newcomer(**given["newcomer"]), GivenRandom(given["random_hex"]))
    return str(pairing.ticket(given["slot"]))


def _seal(given: Input) -> dict[str, Any]:
    return seal.seal(
        bytes.fromhex(given["plaintext_hex"]),
        given["context"],
        _secret(given),
        given["recipient"],
        given["prekey"],
        given["one_time"],
        GivenRandom(given["random_hex"]),
    )


def _open(given: Input) -> dict[str, Any]:
    opened = seal.open_box(
        given["box"], given["context"], _secret(given), GivenPrekeys(given), given["sender_dh"]
    )
    return {"plaintext_hex": opened.plaintext.hex(), "one_time": opened.one_time}


def _seal_mail(given: Input) -> dict[str, Any]:
    recipients = [seal.Recipient(**each) for each in given["recipients"]]
    letter = bytes.fromhex(given["letter_hex"])
    return seal.seal_mail(
        letter, given["context"], _secret(given), recipients, GivenRandom(given["random_hex"])
    )


def _open_mail(given: Input) -> dict[str, Any]:
    envelope = envelopes.read_envelope(raw(given))
    opened = seal.open_mail(
        envelope, given["device"], _secret(given), GivenPrekeys(given), given["sender_dh"]
    )
    return {"letter_hex": opened.plaintext.hex(), "one_time": opened.one_time}


OPS: dict[str, dict[str, Callable[[Input], Any]]] = {
    "envelope": {"read": _read, "verify": _verify, "time": _time},
    "handshake": {"client": _client, "server": _server},
    "pairing": {
        "holder": _holder,
        "newcomer": _newcomer,
        "ticket": _ticket,
        "scan": lambda given: asdict(Ticket.parse(given["text"])),
    },
    "se1": {"seal": _seal, "open": _open},
    "mail": {"seal": _seal_mail, "open": _open_mail},
}
