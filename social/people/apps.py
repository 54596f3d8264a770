"""The Django app: profiles, and finding people by their address."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "social.people"

    def ready(self) -> None:
        from social.accounts import inventory
        from social.people import holdings

        inventory.register(*holdings.HOLDINGS)
