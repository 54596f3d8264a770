"""The one error of the protocol and its stable codes (SPEC section 9).

A code means the same in Python, in TypeScript and on the wire. Text for people is the shells' business.
"""

CODES: dict[str, str] = {
    "json_too_large": "It is larger than allowed.",
    "json_not_utf8": "It is not UTF-8, or starts with a byte order mark.",
    "json_syntax": "It is not JSON.",
    "json_depth": "It is nested deeper than 16.",
    "json_duplicate_key": "A member stands twice.",
    "json_number": "A number is not an integer within 53 bits.",
    "json_surrogate": "A lone surrogate stands in a string.",
    "json_not_canonical": "It is not spelled in the canonical way.",
    "schema": "A member is missing, unknown or of the wrong form.",
    "encoding": "A binary value is not strict base64url of the required length.",
    "unsupported_version": "It is of another version of the protocol.",
    "unsupported_suite": "It uses another set of algorithms.",
    "signature": "The signature does not verify.",
    "address": "This is not an address.",
    "certificate_account": "The certificate belongs to another account.",
    "certificate_device": "The certificate names another device.",
    "device_list_order": "The devices are unsorted or stand twice.",
    "device_list_stale": "The device list is older than the known one.",
    "device_list_conflict": "The device list has the same number as the known one but other content.",
    "recovery_phrase": "These are not the 24 words of a recovery phrase.",
    "pairing_commitment": "What was revealed is not what was committed to.",
    "pairing_busy": "The vault is in another exchange, or had too many.",
    "weak_key": "A key agreement gave zero.",
    "wrong_identity_key": "It was sealed with a key that its sender's certificate does not name.",
    "unknown_prekey": "It was sealed to a prekey that this device does not hold.",
    "decrypt": "It does not open.",
    "session_broken": "A live session lost, repeated or changed something, or was cut off.",
    "wrong_fingerprint": "A direct connection shows another certificate than its device signed.",
    "replay": "This was taken before.",
    "clock": "It is dated ahead of our clock.",
    "expired": "Its time is over.",
    "wrong_sender": "Its sender is not the one the connection proved.",
    "unknown_type": "There is no such type of envelope.",
    "unknown_recipient": "There is nobody here by that name.",
    "unlisted_device": "A device is not listed by its account.",
    "mailbox_full": "The recipient's mailbox is full.",
    "request_pending": "A request of yours waits there already.",
    "not_proven": "The handshake failed.",
    "refused": "It is not allowed, or not there.",
    "blocked": "A moderator has blocked this for a while.",
    "too_many": "That is more than the limit; wait.",
    "unreachable": "The other site did not answer in time.",
    "event_id": "The event does not fit the history.",
    "event_depth": "The event stands at another place in the history than it says.",
    "event_type": "Such an event is not allowed here.",
    "event_unknown_parent": "An event before this one is not here yet.",
    "event_rights": "The author of the event was not entitled.",
    "event_fork": "A device wrote two histories; it may no longer change the group.",
    "event_limit": "There is no room for more members, invitations or devices.",
    "event_vote": "A vote does not fit, or there are too few of them.",
    "event_late": "Its author was removed; it waits until somebody confirms it.",
    "history_mismatch": "What was said of a history is not so.",
    "unknown_control": "A control event that this version does not know; outdated version?",
    "unknown_mode": "There is no such kind of conversation.",
    "internal": "A fault of ours.",
}


class ProtocolError(Exception):
    """What came in breaks the protocol. `code` is one of CODES; `detail` says where (a path), for logs."""

    def __init__(self, code: str, detail: str = "") -> None:
        if code not in CODES:
            raise ValueError(f"no such error code: {code}")
        super().__init__(code, detail)
        self.code = code
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.code}: {self.detail}" if self.detail else self.code


def from_wire(code: object, detail: str = "") -> ProtocolError:
    """The error that another side reported; a code we do not know counts as `refused`."""
    if isinstance(code, str) and code in CODES:
        return ProtocolError(code, detail)
    return ProtocolError("refused", detail)
