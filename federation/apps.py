"""The Django app: site keys, peers, links, inbox, outbox and the guarded way out."""

from django.apps import AppConfig


class FederationConfig(AppConfig):
    name = "federation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from federation import outbox, tasks

        outbox.register()
        tasks.register()
