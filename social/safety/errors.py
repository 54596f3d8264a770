"""What can go wrong here beyond the protocol's own codes: a stable code, a sentence and a status each."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

UNSAFE: dict[str, tuple[Promise, int]] = {
    "not_connected": (_("Your light must be green for this. Connect, then try again."), 409),
    "not_online": (_("This device has left, or was never here."), 404),
    "own_kind": (_("You cannot do this to yourself, to the owner or to another moderator."), 403),
    "site_pattern": (_("That is not the name or address of a site."), 400),
}


class Unsafe(Exception):
    """Something asked for that is not done; `code` is one of UNSAFE."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
        self.message, self.status = UNSAFE[code]
