"""When a device makes, replaces and erases its prekeys, and when it gets no mail (SPEC 4.3).

One rule for vault and browser. Times in milliseconds; pure: whoever calls knows its own clock and mailbox.
"""

DAY = 86_400_000
ROTATE_AFTER = 7 * DAY
KEPT = 30 * DAY
DORMANT_AFTER = 30 * DAY
STOCK = 100
LOW_STOCK = 50
QUIET = 60_000


def rotation_due(made: int | None, now: int) -> bool:
    """Whether a new signed prekey is to be made: the current one is a week old, or there is none."""
    return made is None or now - made >= ROTATE_AFTER


def drained(connected: int, last_mail: int | None, kept_unopened: int, now: int) -> bool:
    """Whether this device's mailbox is empty now: it is connected for a minute, no mail came for as long, and
    it keeps none that it could not open yet. `connected` and `last_mail` are when that was."""
    since = max(connected, last_mail or 0)
    return kept_unopened == 0 and now - since >= QUIET


def erasable_until(drained_at: int | None, now: int) -> int | None:
    """The private halves of signed prekeys replaced at or before this are to be erased: 30 days are over, and
    the mailbox was empty since. None: none of them, as it was never seen empty."""
    return None if drained_at is None else min(drained_at, now) - KEPT


def is_dormant(made: int, now: int) -> bool:
    """Whether a device whose published signed prekey is of that time gets no mail: it did not rotate for 30
    days, so nobody knows whether it still holds the private half. It syncs when it is back."""
    return now - made > DORMANT_AFTER


def stock_wanted(left: int) -> int:
    """How many one-time prekeys to make when so many are left."""
    return STOCK if left < LOW_STOCK else 0
