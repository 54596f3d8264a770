"""A forgotten password, replaced by whoever reads the mail of its member.

The link is a MAC over the name, its end, the address and the hash of the present password: nothing is
stored, and the reset itself makes it worthless. Asking is the same work for every name: a job, which alone
looks whether anybody is there. Second factors stay.
"""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from federation import clock, jobs
from federation.models import Job
from homevault.protocol.encoding import b64encode
from social.accounts import languages, leaving, mail, passwords, reset
from social.accounts.models import User
from social.accounts.reset import Refused

KIND = "mail-reset"
LIFE = clock.HOUR


def start() -> None:
    mail.register(KIND, work)
    leaving.register(forget)


def ask(username: str) -> None:
    """Send a link to the member of this name who has an address, if there is one."""
    jobs.enqueue(KIND, username, None)


def forget(user: User) -> None:
    """The member is erased."""
    jobs.cancel(KIND, user.username)


def link(token: str) -> str:
    """The token stands behind the `#`, which no server and no log is told."""
    return f"{settings.PORCHLIGHT.origin}/app/login/mail#{token}"


def token_of(user: User, expires: int) -> str:
    text = f"{user.username}:{expires}:{user.email}:{user.password}"
    proof = b64encode(salted_hmac("porchlight.reset.mail", text, algorithm="sha256").digest())
    return f"{user.username}.{expires}.{proof}"


def put(token: str, password: str) -> User:
    """Set the password of the member whose link this is; all their sessions end. Raises Refused, or Weak,
    which depends on nothing but the words that were typed."""
    username, expires = read(token)
    passwords.check(password, User(username=username))
    with transaction.atomic():
        user = reset.find(username)
        if user is None or not user.email or not constant_time_compare(token, token_of(user, expires)):
            raise Refused
        reset.put(user, password)
    return user


def read(token: str) -> tuple[str, int]:
    """(name, expires) of a link that is in time."""
    name, _dot, rest = token.rpartition(".")[0].rpartition(".")
    if not (rest.isascii() and rest.isdigit()) or not 0 <= int(rest) - clock.now() <= LIFE:
        raise Refused
    return name, int(rest)


def work(job: Job) -> None:
    user = User.objects.filter(username=job.key, is_active=True).first()
    expires = job.created + LIFE
    if user is None or not user.email or not mail.possible() or clock.now() >= expires:
        return
    with translation.override(languages.of(user)):
        subject = _("A new password for %(site)s") % {"site": settings.PORCHLIGHT.name}
        text = _(
            "Somebody asked for a new password for your account %(name)s. If it was you, open this link "
            "within an hour and choose one:\n\n"
            "%(link)s\n\n"
            "It works once. If you did not ask for it, you need do nothing: your password stays as it is."
        )
    mail.send(user.email, subject, text % {"name": user.username, "link": link(token_of(user, expires))})
