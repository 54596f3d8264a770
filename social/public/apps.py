"""The Django app: the pages, feeds and pictures that anybody may GET."""

from django.apps import AppConfig


class Public(AppConfig):
    name = "social.public"

    def ready(self) -> None:
        from social.accounts import inventory
        from social.public import build, holdings, receivers, trying  # noqa: F401
        from social.safety import looks

        inventory.register(*holdings.HOLDINGS)
        build.register()
        looks.register(trying.Themes())
