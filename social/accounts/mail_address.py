"""A member's e-mail address: it counts once a code that was sent there came back, within LIFE.

Until then it is known to the session that asked, and nowhere else. The code is a MAC, so that neither that
session nor the waiting job says what it is.
"""

from __future__ import annotations

import secrets

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.utils import translation
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from federation import clock, jobs
from federation.models import Job
from social.accounts import languages, leaving, mail, mail_news, typed
from social.accounts.models import User

KIND = "mail-code"
LIFE = clock.HOUR
DIGITS = 8
MARK = "new_email"
NONCE_BYTES = 16

Wish = dict[str, str | int]
"""`email`, `until` in milliseconds since 1970, and a `nonce`."""


def start() -> None:
    mail.register(KIND, work)
    leaving.register(forget)


def ask(user: User, session: SessionBase, email: str) -> None:
    """Send a code to a new address; the one before it counts no longer."""
    until, nonce = clock.now() + LIFE, secrets.token_urlsafe(NONCE_BYTES)
    wish: Wish = {"email": email, "until": until, "nonce": nonce}
    session[MARK] = wish
    jobs.enqueue(KIND, user.username, wish)


def confirm(user: User, session: SessionBase, code: str) -> bool:
    """Use the address from now on, if this is the code that was sent there."""
    wish: Wish | None = session.get(MARK)
    if wish is None or clock.now() > int(wish["until"]):
        return False
    if not constant_time_compare(typed.code(code), code_of(user.username, wish)):
        return False
    del session[MARK]
    email = str(wish["email"])
    if email != user.email:
        change(user, email, "address")
    return True


def remove(user: User) -> None:
    change(user, "", "no_address")


def change(user: User, email: str, news: mail_news.News) -> None:
    """From now on; the address of before, if there was one, is told."""
    with transaction.atomic():
        mail_news.tell(user, news)
        user.email = email
        user.save(update_fields=["email"])


def forget(user: User) -> None:
    """The member is erased."""
    jobs.cancel(KIND, user.username)


def code_of(username: str, wish: Wish) -> str:
    text = f"{username}:{wish['email']}:{wish['until']}:{wish['nonce']}"
    digest = salted_hmac("porchlight.mail.code", text, algorithm="sha256").hexdigest()
    return f"{int(digest, 16) % 10**DIGITS:0{DIGITS}}"


def work(job: Job) -> None:
    user = User.objects.filter(username=job.key, is_active=True).first()
    wish: Wish = job.payload
    if user is None or not mail.possible() or clock.now() > int(wish["until"]):
        return
    with translation.override(languages.of(user)):
        subject = _("Your code for %(site)s") % {"site": settings.PORCHLIGHT.name}
        text = _(
            "%(code)s\n\n"
            "Type this code at %(origin)s to use this address for your account %(name)s. It works for an "
            "hour.\n\n"
            "If you did not ask for it, you need do nothing."
        )
    values = {
        "code": code_of(user.username, wish),
        "origin": settings.PORCHLIGHT.origin,
        "name": user.username,
    }
    mail.send(str(wish["email"]), subject, text % values)
