"""The Django app: uploads, pictures made anew, and the files that public pages show."""

from django.apps import AppConfig


class MediaConfig(AppConfig):
    name = "social.media"

    def ready(self) -> None:
        from social.accounts import inventory, leaving
        from social.media import holdings, library, processing

        inventory.register(*holdings.HOLDINGS)
        leaving.register(library.erase)
        processing.register()
