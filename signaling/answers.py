"""Envelopes that the site itself writes to devices, signed with its key: `accepted`, `error` and the like."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from homevault.protocol.addresses import Address
from homevault.protocol.envelope import Envelope, make_envelope
from homevault.protocol.errors import CODES, ProtocolError
from homevault.protocol.ports import SystemClock, SystemRandom
from signaling.policy import policy

TTL = 300
LONGEST_MESSAGE = 1_024

clock = SystemClock()
random = SystemRandom()
log = logging.getLogger(__name__)


def write(to: Address, to_device: str | None, type: str, fields: Mapping[str, Any]) -> Envelope:
    """An envelope of this site to `to`; `fields` are the members of its type."""
    key, site = policy().site_key(), policy().site_address()
    return make_envelope(site, to, type, fields, key, key.public, to_device, clock.now(), TTL, random)


def accepted(to: Address, to_device: str, ref: str) -> Envelope:
    """It is durable here."""
    return write(to, to_device, "accepted", {"ref": ref})


def error(to: Address, to_device: str, ref: str | None, problem: ProtocolError) -> Envelope:
    """Why not; the message is for people reading logs."""
    message = (problem.detail or CODES[problem.code]).encode()[:LONGEST_MESSAGE].decode(errors="ignore")
    return write(to, to_device, "error", {"ref": ref, "code": problem.code, "message": message})


def problem_of(raised: BaseException) -> ProtocolError:
    """What to tell of an exception; everything unforeseen is `internal` and logged."""
    if isinstance(raised, ProtocolError):
        return raised
    log.error("an envelope could not be handled", exc_info=raised)
    return ProtocolError("internal")
