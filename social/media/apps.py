"""The Django app: uploads, pictures made anew, and the files that public pages show."""

from django.apps import AppConfig


class MediaConfig(AppConfig):
    name = "social.media"

    def ready(self) -> None:
        from social.media import processing

        processing.register()
