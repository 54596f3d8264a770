"""E-mail: an address that counts once its code came back, a new password by a mailed link, and silence."""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from federation.drain import drain_once
from federation.models import Job
from social.accounts import leaving, mail_address, mail_news, mail_reset
from social.accounts.models import User
from social.config.mail import Mail, read_mail
from tests.certificates import self_signed
from tests.server import mail_server
from tests.server.conftest import PASSWORD, Clock, Member
from tests.server.logins import ALLAUTH, Browser, code_of
from tests.server.mail_server import MailServer
from tests.server.test_takeout import document, taken

NEW = "a new lamp on the porch"
EMAIL = "alice@mail.example"
KINDS = [mail_address.KIND, mail_reset.KIND]
ADDRESS, RESET = "/api/v1/me/security/email", "/api/v1/reset/mail"
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    with mail_server.running() as found:
        settings.PORCHLIGHT = replace(settings.PORCHLIGHT, mail=read_mail(found.url))
        yield found


@pytest.fixture
def home(make_member: Any) -> Browser:
    """Alice's own browser, logged in just now."""
    make_member("alice")
    browser = Browser()
    browser.log_in()
    return browser


@pytest.fixture
def reachable(home: Browser) -> Browser:
    """The same, with an address."""
    User.objects.filter(username="alice").update(email=EMAIL)
    return home


def mailed_code(server: MailServer) -> str:
    drain_once(KINDS)
    return server.next().get_content().split()[0]


def mailed_token(server: MailServer) -> str:
    drain_once(KINDS)
    found = re.search(r"http://localhost:8001/app/login/mail#(\S+)", server.next().get_content())
    assert found
    return found[1]


def opens(password: str) -> bool:
    return bool(Browser("198.51.100.200").log_in("alice", password).status_code == 200)


def use(token: str, password: str = NEW, browser: Browser | None = None) -> Any:
    return (browser or Browser()).ask("PUT", RESET, {"token": token, "password": password})


def test_an_address_counts_once_its_code_came_back(home: Browser, server: MailServer) -> None:
    assert home.ask("POST", ADDRESS, {"email": EMAIL}).status_code == 204
    code = mailed_code(server)
    assert server.seen == [EMAIL]
    assert home.security()["email"] == ""
    wrong = f"{(int(code) + 1) % 10**8:08}"
    assert code_of(home.ask("PUT", ADDRESS, {"code": wrong})) == "mail_code"
    assert home.ask("PUT", ADDRESS, {"code": f"{code[:4]} {code[4:]}"}).status_code == 204
    assert home.security()["email"] == EMAIL
    assert code_of(home.ask("PUT", ADDRESS, {"code": code})) == "mail_code"
    assert home.ask("DELETE", ADDRESS).status_code == 204
    assert home.security()["email"] == ""


def news(server: MailServer) -> tuple[Any, str]:
    """To whom, and what was told."""
    drain_once([mail_news.KIND])
    got = server.next()
    return got["To"], got.get_content()


def test_a_changed_address_is_told_at_the_old_one(reachable: Browser, server: MailServer) -> None:
    reachable.ask("POST", ADDRESS, {"email": "new@mail.example"})
    assert not Job.objects.filter(kind=mail_news.KIND).exists()
    reachable.ask("PUT", ADDRESS, {"code": mailed_code(server)})
    to, text = news(server)
    assert to == EMAIL
    assert "another e-mail address" in text
    assert "new@mail.example" not in text
    reachable.ask("POST", ADDRESS, {"email": "new@mail.example"})
    reachable.ask("PUT", ADDRESS, {"code": mailed_code(server)})
    assert not Job.objects.filter(kind=mail_news.KIND).exists(), "nothing has changed"
    reachable.ask("DELETE", ADDRESS)
    to, text = news(server)
    assert to == "new@mail.example"
    assert "no e-mail address any more" in text
    reachable.ask("DELETE", ADDRESS)
    assert not Job.objects.exists()


def test_changes_in_a_row_are_each_told_where_they_concern(reachable: Browser, server: MailServer) -> None:
    change = {"password": NEW}
    assert reachable.ask("PUT", "/api/v1/me/password", change).status_code == 204
    reachable.ask("DELETE", ADDRESS)
    told = sorted(news(server)[1].split(",")[0] for _ in range(2))
    assert "has a new password" in told[0] + told[1]
    assert "has no e-mail address any more" in told[0] + told[1]
    assert server.seen == [EMAIL, EMAIL]


def test_a_password_set_by_the_link_is_told_too(reachable: Browser, server: MailServer) -> None:
    User.objects.update(language="zh")
    Browser().ask("POST", RESET, {"username": "alice"})
    assert use(mailed_token(server)).status_code == 204
    to, text = news(server)
    assert to == EMAIL
    assert "换了新密码" in text


def test_who_gave_no_address_is_told_nothing(home: Browser, server: MailServer) -> None:
    assert home.ask("PUT", "/api/v1/me/password", {"password": NEW}).status_code == 204
    home.ask("DELETE", ADDRESS)
    assert not Job.objects.exists()


@pytest.fixture(params=["smtps", "starttls"])
def sealed(
    request: pytest.FixtureRequest, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[MailServer]:
    """A server that takes mail over TLS and from who logs in; its certificate is trusted here."""
    path = self_signed(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    implicit = request.param == "smtps"
    with mail_server.running(tls=context, implicit=implicit) as found:
        port, (name, password) = found.server_address[1], found.login
        way = {"tls": implicit, "starttls": not implicit}
        mail = Mail("127.0.0.1", int(port), "porch@example.org", name, password, **way)
        settings.PORCHLIGHT = replace(settings.PORCHLIGHT, mail=mail)
        yield found


def test_mail_goes_over_tls_to_a_server_that_wants_a_login(reachable: Browser, sealed: MailServer) -> None:
    Browser().ask("POST", RESET, {"username": "alice"})
    assert mailed_token(sealed)
    assert (sealed.logins, sealed.seen) == ([sealed.login], [EMAIL])


def test_a_server_that_nobody_vouches_for_is_told_nothing(
    reachable: Browser, sealed: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the password nor who is written to; the mail waits."""
    monkeypatch.delenv("SSL_CERT_FILE")
    Browser().ask("POST", RESET, {"username": "alice"})
    drain_once(KINDS)
    assert Job.objects.get(kind=mail_reset.KIND).attempts == 1
    assert (sealed.logins, sealed.seen) == ([], [])


def test_a_refused_login_is_tried_again_later(reachable: Browser, sealed: MailServer) -> None:
    sealed.login = ("porch", "another by now")
    Browser().ask("POST", RESET, {"username": "alice"})
    drain_once(KINDS)
    assert Job.objects.get(kind=mail_reset.KIND).attempts == 1
    assert sealed.seen == []


def test_the_code_is_of_one_address_one_session_and_one_hour(
    home: Browser, server: MailServer, now: Clock
) -> None:
    home.ask("POST", ADDRESS, {"email": "first@mail.example"})
    first = mailed_code(server)
    home.ask("POST", ADDRESS, {"email": EMAIL})
    second = mailed_code(server)
    assert code_of(home.ask("PUT", ADDRESS, {"code": first})) == "mail_code"
    away = Browser()
    away.log_in()
    assert code_of(away.ask("PUT", ADDRESS, {"code": second})) == "mail_code"
    now.forward(3601)
    home.ask("POST", f"{ALLAUTH}/reauthenticate", {"password": PASSWORD})
    assert code_of(home.ask("PUT", ADDRESS, {"code": second})) == "mail_code"
    now.forward(-2)
    assert home.ask("PUT", ADDRESS, {"code": second}).status_code == 204


def test_what_waits_says_no_secret(reachable: Browser, server: MailServer) -> None:
    reachable.ask("POST", ADDRESS, {"email": "new@mail.example"})
    Browser().ask("POST", RESET, {"username": "alice"})
    waiting = str(list(Job.objects.filter(kind__in=KINDS).values()))
    drain_once(KINDS)
    texts = [server.next().get_content() for _ in KINDS]
    code = next(text for text in texts if "#" not in text).split()[0]
    token = next(text for text in texts if "#" in text).partition("#")[2].split()[0]
    assert code not in waiting
    assert token.rpartition(".")[2] not in waiting


def test_changing_the_address_wants_a_recent_login(reachable: Browser, now: Clock) -> None:
    now.forward(301)
    for method, body in (("POST", {"email": EMAIL}), ("PUT", {"code": "1"}), ("DELETE", {})):
        assert code_of(reachable.ask(method, ADDRESS, body)) == "recent_login"


def test_a_link_sets_a_new_password_once_and_ends_every_session(
    reachable: Browser, server: MailServer
) -> None:
    assert Browser().ask("POST", RESET, {"username": "Alice"}).status_code == 204
    token = mailed_token(server)
    assert code_of(use(token, "short")) == "weak_password"
    assert use(token).status_code == 204
    assert (opens(PASSWORD), opens(NEW)) == (False, True)
    assert not reachable.is_in()
    assert code_of(use(token, "yet another lamp")) == "mail_link"


def test_a_link_lives_an_hour_and_as_long_as_its_address(
    reachable: Browser, server: MailServer, now: Clock
) -> None:
    Browser().ask("POST", RESET, {"username": "alice"})
    token = mailed_token(server)
    name, end, proof = token.split(".")
    wrong = ["", "x", "..", f"bob.{end}.{proof}", f"{name}.{int(end) - 1}.{proof}", f"{name}.{end}.{proof}é"]
    answers = {(answer.status_code, answer.content) for answer in map(use, [*wrong[1:], f"{token}."])}
    assert len(answers) == 1
    User.objects.update(email="other@mail.example")
    now.forward(60)
    assert code_of(use(token)) == "mail_link"
    User.objects.update(email=EMAIL)
    now.forward(3541)
    assert code_of(use(token)) == "mail_link"
    assert opens(PASSWORD)


def test_the_second_factor_is_still_asked_for(reachable: Browser, server: MailServer) -> None:
    reachable.add_totp()
    Browser().ask("POST", RESET, {"username": "alice"})
    assert use(mailed_token(server)).status_code == 204
    again = Browser()
    assert again.log_in(password=NEW).status_code == 401
    assert not again.is_in()


def test_nobody_learns_who_lives_here_or_has_an_address(
    reachable: Browser, make_member: Any, server: MailServer
) -> None:
    make_member("bob")
    answers = set()
    for name in ("alice", "bob", "nobody"):
        codes = [Browser("198.51.100.7").ask("POST", RESET, {"username": name}) for _ in range(3)]
        answers |= {(answer.status_code, answer.content) for answer in codes}
        assert Job.objects.filter(kind=mail_reset.KIND, key=name).count() == 1
    assert answers == {(204, b"")}
    drain_once(KINDS)
    assert server.next()["To"] == EMAIL
    assert server.seen == [EMAIL]
    assert not Job.objects.filter(kind=mail_reset.KIND).exists()


def test_asking_is_slowed_down_by_name_and_by_network(reachable: Browser) -> None:
    told = [
        Browser(f"198.51.{number}.1").ask("POST", RESET, {"username": name}).status_code
        for name in ("alice", "nobody")
        for number in range(4)
    ]
    assert told == [204, 204, 204, 429] * 2
    told = [Browser("203.0.113.9").ask("POST", RESET, {"username": f"n{number}"}) for number in range(11)]
    assert told[-1].status_code == 429
    assert int(told[-1].headers["Retry-After"]) > 0


def test_who_has_left_gets_no_link(reachable: Browser, server: MailServer) -> None:
    Browser().ask("POST", RESET, {"username": "alice"})
    token = mailed_token(server)
    User.objects.update(is_active=False)
    Browser().ask("POST", RESET, {"username": "alice"})
    drain_once(KINDS)
    assert server.seen == [EMAIL]
    assert code_of(use(token)) == "mail_link"


def test_a_mail_waits_for_a_server_that_is_away_and_gives_up_on_an_address_that_is_refused(
    reachable: Browser, server: MailServer, caplog: pytest.LogCaptureFixture
) -> None:
    server.refuse = "451 later"
    Browser().ask("POST", RESET, {"username": "alice"})
    drain_once(KINDS)
    assert Job.objects.get(kind=mail_reset.KIND).attempts == 1
    server.refuse = "550 nobody here"
    Job.objects.update(next_run_at=0)
    drain_once(KINDS)
    assert not Job.objects.filter(kind=mail_reset.KIND).exists()
    assert EMAIL not in caplog.text


def test_an_address_is_in_the_download_and_goes_with_the_account(reachable: Browser) -> None:
    reachable.ask("POST", ADDRESS, {"email": "other@mail.example"})
    Browser().ask("POST", RESET, {"username": "alice"})
    reachable.ask("PUT", "/api/v1/me/password", {"password": NEW})
    user = User.objects.get(username="alice")
    rows = document(taken(Member("alice", reachable.client)), "account")["tables"]["accounts_user"]
    assert [row["email"] for row in rows] == [EMAIL]
    leaving.erase(user)
    assert not Job.objects.filter(kind__in=[*KINDS, mail_news.KIND]).exists()


def test_mails_are_plain_text_in_the_members_language(reachable: Browser, server: MailServer) -> None:
    User.objects.update(language="ar")
    Browser().ask("POST", RESET, {"username": "alice"})
    drain_once(KINDS)
    got = server.next()
    assert got.get_content_type() == "text/plain"
    assert "كلمة مرور" in got.get_content()
    assert got["From"] == "localhost <porch@example.org>"


def test_without_a_server_nothing_is_offered(reachable: Browser, settings: Any) -> None:
    settings.PORCHLIGHT = replace(settings.PORCHLIGHT, mail=None)
    assert reachable.client.get("/api/v1/site").json()["mail"] is False
    assert reachable.ask("POST", ADDRESS, {"email": EMAIL}).status_code == 404
    assert reachable.ask("PUT", ADDRESS, {"code": "1"}).status_code == 404
    assert Browser().ask("POST", RESET, {"username": "alice"}).status_code == 404
    assert use("x").status_code == 404
    assert reachable.ask("DELETE", ADDRESS).status_code == 204


@pytest.mark.parametrize(
    ("url", "found"),
    [
        (
            "smtps://u:p@mx.example/?from=a@b.example",
            Mail("mx.example", 465, "a@b.example", "u", "p", tls=True),
        ),
        (
            "smtp://u%40x:p%2Fq@mx.example:25?from=a%2Bb@c.example",
            Mail("mx.example", 25, "a+b@c.example", "u@x", "p/q", starttls=True),
        ),
        ("smtp://localhost/?from=a@b.example", Mail("localhost", 587, "a@b.example")),
        ("smtp://[::1]:25/?from=a@b.example", Mail("::1", 25, "a@b.example")),
        ("", None),
    ],
)
def test_the_url_names_the_server(url: str, found: Mail | None) -> None:
    assert read_mail(url) == found


@pytest.mark.parametrize(
    "url",
    [
        "mx.example",
        "http://u:hunter2@mx.example/?from=a@b.example",
        "smtp://u:hunter2@/?from=a@b.example",
        "smtp://u@mx.example/?from=a@b.example",
        "smtp://u:hunter2@mx.example:0/?from=a@b.example",
        "smtp://u:hunter2@mx.example:99999/?from=a@b.example",
        "smtp://u:hunter2@mx.example/inbox?from=a@b.example",
        "smtp://u:hunter2@mx.example/",
        "smtp://u:hunter2@mx.example/?from=nobody",
        "smtp://u:hunter2@mx.example/?from=a@b.example&from=c@d.example",
        "smtp://u:hunter2@mx.example/?from=a@b.example&tls=no",
        "smtp://u:hunter2@[mx/?from=a@b.example",
    ],
)
def test_a_wrong_url_is_told_without_its_password(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL") as told:
        read_mail(url)
    assert "hunter2" not in str(told.value)
    assert "hunter2" not in repr(read_mail("smtp://u:hunter2@mx.example/?from=a@b.example"))
