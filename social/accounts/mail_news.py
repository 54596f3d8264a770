"""What a member is told by mail of their own account: the password or the address was changed.

The mail goes to the address that counted before the change, so that whoever lost the account to somebody
hears of it. Nothing is sent where there is no address. A mail that cannot go out holds nothing up.
"""

from __future__ import annotations

import secrets
from typing import Literal

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from federation import jobs
from federation.models import Job
from social.accounts import languages, leaving, mail
from social.accounts.models import User

KIND = "mail-news"
NONCE_BYTES = 8

News = Literal["password", "address", "no_address"]


def start() -> None:
    mail.register(KIND, work)
    leaving.register(forget)


def tell(user: User, news: News) -> None:
    """Within the transaction of the change, before the address is another one."""
    if user.email and mail.possible():
        key = f"{user.username} {secrets.token_urlsafe(NONCE_BYTES)}"
        jobs.enqueue(KIND, key, {"news": news, "email": user.email})


def forget(user: User) -> None:
    """The member is erased."""
    Job.objects.filter(kind=KIND, key__startswith=f"{user.username} ").delete()


def work(job: Job) -> None:
    user = User.objects.filter(username=job.key.partition(" ")[0], is_active=True).first()
    if user is None or not mail.possible():
        return
    values = {
        "site": settings.PORCHLIGHT.name,
        "origin": settings.PORCHLIGHT.origin,
        "name": user.username,
    }
    with translation.override(languages.of(user)):
        subject, happened = words(job.payload["news"])
        advice = _(
            "If it was not you, set a new password with your recovery phrase at %(origin)s/app/login, and "
            "tell whoever runs the site."
        )
    text = f"{happened}\n\n{advice}"
    mail.send(job.payload["email"], subject % values, text % values)


def words(news: News) -> tuple[str, str]:
    """(subject, what happened), in the language that is active."""
    if news == "password":
        subject = _("Your password at %(site)s was changed")
        happened = _(
            "Your account %(name)s at %(origin)s has a new password, and its other logins have ended."
        )
    elif news == "address":
        subject = _("Another address for your account at %(site)s")
        happened = _(
            "Your account %(name)s at %(origin)s uses another e-mail address from now on. This one gets no "
            "more mail."
        )
    else:
        subject = _("No address any more for your account at %(site)s")
        happened = _(
            "Your account %(name)s at %(origin)s has no e-mail address any more. This one gets no more mail."
        )
    return subject, happened
