"""The Django app: profiles, and finding people by their address."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "social.people"
