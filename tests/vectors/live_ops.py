"""The ops about two devices that are connected: live sessions and signed fingerprints."""

from collections.abc import Callable
from typing import Any

from homevault.protocol import fingerprints, live
from homevault.protocol.certificates import verify_certificate
from homevault.protocol.errors import ProtocolError
from homevault.protocol.keys import SignKey
from homevault.protocol.live import LiveSession
from tests.vectors.wire_ops import GivenRandom

Input = dict[str, Any]


def _signer(given: Input) -> SignKey:
    return SignKey.from_seed(bytes.fromhex(given["seed_hex"]))


def _read(given: Input) -> live.Hello:
    certificate = verify_certificate(given["certificate"])
    return live.verify_hello(given["value"], certificate, given["own"], given["now"])


def _hello(given: Input) -> dict[str, Any]:
    found = _read(given)
    return {"session": found.session, "ephemeral": found.ephemeral, "answers": found.answers}


def _seen(given: Input) -> list[str | None]:
    seen, codes = live.SeenSessions(), list[str | None]()
    for each in given["hellos"]:
        try:
            seen.take(_read(each), each["now"])
            codes.append(None)
        except ProtocolError as error:
            codes.append(error.code)
    return codes


def _step(session: LiveSession, step: Input) -> Any:
    try:
        if "send" in step:
            return session.send(bytes.fromhex(step["send"]), step["last"]).hex()
        if "receive" in step:
            return session.receive(bytes.fromhex(step["receive"])).hex()
        session.close()
    except ProtocolError as error:
        return {"error": error.code}
    return True


def _open(given: Input) -> dict[str, Any]:
    random = GivenRandom(given["random_hex"])
    peer = verify_certificate(given["certificate"])
    opening = live.Opening(given["account"], _signer(given), peer, given["now"], random)
    if given["answer"] is None:
        return {"hello": opening.hello, "steps": []}
    session = opening.finish(given["answer"], given["answer_now"])
    return {"hello": opening.hello, "steps": [_step(session, step) for step in given["steps"]]}


def _answer(given: Input) -> dict[str, Any]:
    key = _signer(given)
    certificate = verify_certificate(given["certificate"])
    hello = live.verify_hello(given["hello"], certificate, key.public, given["now"])
    made, session = live.answer(hello, given["account"], key, given["now"], GivenRandom(given["random_hex"]))
    return {"answer": made, "steps": [_step(session, step) for step in given["steps"]]}


def _make(given: Input) -> dict[str, Any]:
    return fingerprints.make_fingerprints(
        given["account"],
        _signer(given),
        given["peer"],
        given["session"],
        given["fingerprints"],
        given["now"],
    )


def _verify(given: Input) -> fingerprints.Fingerprints:
    certificate = verify_certificate(given["certificate"])
    return fingerprints.verify_fingerprints(
        given["value"], certificate, given["own"], given["session"], given["now"]
    )


def _check(given: Input) -> bool:
    fingerprints.check_sdp(given["sdp"], _verify(given))
    return True


OPS: dict[str, dict[str, Callable[[Input], Any]]] = {
    "live": {"hello": _hello, "seen": _seen, "open": _open, "answer": _answer},
    "fingerprints": {
        "sdp": lambda given: fingerprints.sdp_fingerprints(given["sdp"]),
        "make": _make,
        "verify": lambda given: list(_verify(given).fingerprints),
        "check": _check,
    },
}
