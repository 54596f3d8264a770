"""What the site says in other languages: pages in their owner's, answers in the asker's."""

from __future__ import annotations

import json
import re

import pytest
from django.test import Client
from django.utils import translation

from social.accounts import languages
from social.accounts.models import User
from social.posts import writing
from social.public import build
from tests import messages
from tests.server.conftest import Member

pytestmark = pytest.mark.django_db
FIELD = re.compile(r"%\(\w+\)[sd]")


@pytest.fixture
def owner(alice: Member) -> User:
    user = User.objects.get(username="alice")
    user.role = User.OWNER
    user.save()
    return user


def page(path: str, **headers: str) -> str:
    return Client(headers={"host": "localhost:8001", **headers}).get(path).content.decode()


def test_every_message_is_translated_and_compiled() -> None:
    assert messages.faults() == []


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_translations_keep_what_is_put_in(language: str) -> None:
    for message in messages.known(language):
        if isinstance(message.id, str):
            assert set(FIELD.findall(message.id)) == set(FIELD.findall(str(message.string))), message.id
            continue
        known = set(FIELD.findall(message.id[1])) | {"%(n)s"}
        for form in message.string:
            assert set(FIELD.findall(form)) <= known, form


def test_the_languages_of_the_app_are_those_of_the_site() -> None:
    for name in languages.NAMES.values():
        with translation.override(name):
            said = translation.gettext("There is nothing here.")
        assert (said == "There is nothing here.") == (name == "en")


def test_pages_speak_the_language_of_whom_they_are_about(alice: Member, owner: User) -> None:
    writing.publish(owner, "First evening", "The kettle is on.")
    build.ensure_current()
    assert '<html lang="en">' in page("/@alice")
    answer = alice.client.put(
        "/api/v1/me/language", data=json.dumps({"language": "ar"}), content_type="application/json"
    )
    assert answer.status_code == 200
    for path in ("/", "/@alice", "/@alice/archive", "/rules", "/search"):
        assert '<html lang="ar" dir="rtl">' in page(path), path
        assert page(path) == page(path, **{"accept-language": "zh"}), path
    assert "المنشورات" in page("/@alice")
    assert alice.client.get("/api/v1/me").json()["language"] == "ar"
    languages.choose(owner, "zh")
    person = page("/@alice")
    assert '<html lang="zh-hans">' in person
    assert re.search(r"\d{4}年\d{1,2}月\d{1,2}日", person)
    assert 'dir="rtl"' not in person


def test_a_page_that_is_not_there_speaks_the_language_of_the_site(owner: User) -> None:
    languages.choose(owner, "zh")
    assert "这里什么也没有。" in page("/nothing-here")


def test_somebody_elses_language_changes_no_page_of_the_site(owner: User) -> None:
    other = User.objects.create_user("mina", "a lamp on the porch")
    languages.choose(other, "ar")
    assert '<html lang="ar" dir="rtl">' in page("/@mina")
    assert '<html lang="en">' in page("/")


@pytest.mark.parametrize(
    ("wanted", "said"),
    [("zh-CN,en;q=0.5", "请先登录。"), ("ar", "سجّل الدخول أولًا."), ("xx", "Log in first.")],
)
def test_answers_are_worded_for_the_asker(wanted: str, said: str) -> None:
    client = Client(headers={"host": "localhost:8001", "accept-language": wanted})
    assert client.get("/api/v1/me").json()["message"] == said
    assert translation.get_language() == "en"


@pytest.mark.parametrize("language", ["", "xx", "zh-hans", None, 7])
def test_an_unknown_language_is_refused(alice: Member, language: object) -> None:
    answer = alice.client.put(
        "/api/v1/me/language", data=json.dumps({"language": language}), content_type="application/json"
    )
    assert answer.status_code == 400
    assert answer.json()["code"] == "schema"
    assert User.objects.get(username="alice").language == ""
