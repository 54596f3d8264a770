"""E-mail from this site to its members: plain text, from jobs only, and only where EMAIL_URL names a server.

What a job keeps while it waits is no secret: codes and links are made anew when the mail goes out. No log
says an address or what was written.
"""

from __future__ import annotations

from email.utils import formataddr
from smtplib import SMTPException, SMTPRecipientsRefused
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend

from federation import jobs
from social.accounts import throttle

TIMEOUT = 30
AT_ONCE = 4
FOR_GOOD = 500


def possible() -> bool:
    """Whether this site can send mail."""
    return settings.PORCHLIGHT.mail is not None


def register(kind: str, handler: jobs.Handler) -> None:
    jobs.register(kind, handler, at_once=AT_ONCE)


def limits(about: str, network: str) -> tuple[throttle.Limit, ...]:
    """What asking for a mail about somebody counts against; also where nobody of that name is."""
    of_account = ("mail", about, throttle.MAIL_OF_ACCOUNT)
    return of_account, ("mail-from", network, throttle.FAILURES_OF_ADDRESS)


def send(to: str, subject: str, text: str) -> None:
    """Hand it to the mail server. Raises jobs.Retry, or jobs.Failed for what it refuses for good."""
    server: Any = settings.PORCHLIGHT.mail
    sender = formataddr((settings.PORCHLIGHT.name, server.sender))
    message = EmailMessage(subject, text, sender, [to], connection=_connection(server))
    message.extra_headers = {"Auto-Submitted": "auto-generated"}
    try:
        message.send()
    except SMTPRecipientsRefused as error:
        if all(code >= FOR_GOOD for code, _answer in error.recipients.values()):
            raise jobs.Failed("refused", "the recipient") from None
        raise jobs.Retry(reason="the recipient, for now") from None
    except (SMTPException, OSError) as error:
        raise jobs.Retry(reason=type(error).__name__) from None


def _connection(server: Any) -> EmailBackend:
    return EmailBackend(
        host=server.host,
        port=server.port,
        username=server.username,
        password=server.password,
        use_ssl=server.tls,
        use_tls=server.starttls,
        timeout=TIMEOUT,
    )
