"""Members' own blocks: from a blocked person comes nothing, and the person is not told.

Their mail and requests look delivered and are dropped; their comments look as if they waited and are shown
to nobody, the older ones too while the block stands.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q, QuerySet
from django.dispatch import Signal

from federation import here
from homevault.protocol.addresses import Address
from homevault.protocol.errors import ProtocolError
from social.accounts import visitors
from social.accounts.models import User
from social.safety.models import PersonBlock

MOST = 1_000

changed = Signal()
"""`sender` is PersonBlock; `user` blocks others than before. Inside the transaction."""


def block(user: User, address: Address, account: str = "") -> PersonBlock:
    """Take nothing of this person any more. Twice changes nothing. Raises ProtocolError `too_many`,
    `address` for oneself."""
    if address == Address(*here.site(), user.username):
        raise ProtocolError("address", "own")
    with transaction.atomic():
        known = PersonBlock.objects.filter(user=user)
        if known.count() >= MOST:
            raise ProtocolError("too_many", "blocks")
        row, new = known.get_or_create(
            user=user,
            ip=address.ip,
            port=address.port,
            username=address.username,
            defaults={"account": account or _account_of(address)},
        )
        if new:
            changed.send(PersonBlock, user=user)
    return row


def unblock(user: User, address: Address) -> None:
    with transaction.atomic():
        gone, _ = _of(user, [address]).delete()
        if gone:
            changed.send(PersonBlock, user=user)


def of(user: User) -> QuerySet[PersonBlock]:
    return PersonBlock.objects.filter(user=user).order_by("-id")


def is_blocked(user: User, address: Address, account: str = "") -> bool:
    account = account or _account_of(address)
    same = Q(ip=address.ip, port=address.port, username=address.username)
    return PersonBlock.objects.filter(user=user).filter(same | Q(account=account, account__gt="")).exists()


def is_unwanted(username: str, sender: Address) -> bool:
    """For the relay: whether the member of this name has blocked the sender."""
    if not PersonBlock.objects.filter(user__username=username).exists():
        return False
    user = User.objects.filter(username=username).first()
    return user is not None and is_blocked(user, sender)


def _of(user: User, addresses: Iterable[Address]) -> QuerySet[PersonBlock]:
    found = Q(pk=None)
    for one in addresses:
        found |= Q(ip=one.ip, port=one.port, username=one.username)
    return PersonBlock.objects.filter(user=user).filter(found)


def _account_of(address: Address) -> str:
    """The account key behind an address of this site; empty where that is not known here."""
    if address.site != here.site():
        return ""
    if visitors.is_visitor(address.username):
        return address.username[1:]
    user = User.objects.filter(username=address.username).first()
    return (user.account or "") if user else ""
