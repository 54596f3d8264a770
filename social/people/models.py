"""What members say about themselves in public."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from social.accounts.models import User

NAME_LENGTH = 64
LINE_LENGTH = 120
TEXT_LENGTH = 2_000
ALT_LENGTH = 1_500


class Profile(models.Model):
    """Empty fields are simply not shown; that a light is hidden is told to nobody. There is no row until the
    member says something."""

    user = models.OneToOneField(User, models.CASCADE, related_name="profile")
    name = models.CharField(max_length=NAME_LENGTH, blank=True)
    position = models.CharField(max_length=LINE_LENGTH, blank=True)
    description = models.TextField(max_length=TEXT_LENGTH, blank=True)
    location = models.CharField(max_length=LINE_LENGTH, blank=True)
    picture = models.ForeignKey("media.Media", models.SET_NULL, null=True, related_name="+")
    picture_alt = models.CharField(max_length=ALT_LENGTH, blank=True)
    hides_light = models.BooleanField(default=False)
    statement = models.BinaryField(default=b"", help_text="what a device signed, with beacons (SPEC 4.13)")
    updated = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name or self.user.username
