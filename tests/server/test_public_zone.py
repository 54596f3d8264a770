"""Public pages tell times in the site's zone, with the moment itself for machines."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from social.accounts.models import User
from social.config.environment import read_environment
from social.config.settings import ROOT
from social.posts import writing
from social.posts.models import Post
from social.public import build
from tests.server.conftest import Member

pytestmark = pytest.mark.django_db
EVENING = datetime(2026, 12, 31, 20, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "day", "moment", "archive"),
    [
        ("UTC", "31 December 2026", "2026-12-31T20:05:00+00:00", "2026/12"),
        ("Pacific/Auckland", "1 January 2027", "2027-01-01T09:05:00+13:00", "2027/01"),
        ("America/New_York", "31 December 2026", "2026-12-31T15:05:00-05:00", "2026/12"),
    ],
)
def test_a_post_has_its_day_in_the_sites_zone(
    alice: Member, zone: str, day: str, moment: str, archive: str
) -> None:
    author = User.objects.get(username="alice")
    post = writing.publish(author, "Late", "The lamp.")
    milliseconds = int(EVENING.timestamp()) * 1000
    Post.objects.filter(pk=post.pk).update(published=milliseconds, updated=milliseconds)
    with override_settings(TIME_ZONE=zone):
        build.ensure_current()
        page = alice.client.get("/@alice/late").content.decode()
        assert f'datetime="{moment}">{day}</time>' in page
        assert alice.client.get(f"/@alice/archive/{archive}").status_code == 200
        assert f"/archive/{archive}" in alice.client.get("/@alice/archive").content.decode()


def test_a_zone_that_is_none_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORCHLIGHT_TIME_ZONE", "Europe/Atlantis")
    with pytest.raises(ImproperlyConfigured, match="PORCHLIGHT_TIME_ZONE"):
        read_environment(ROOT)
