"""The Django app: members, their keys, and what the relay and other sites are told of them."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "social.accounts"

    def ready(self) -> None:
        from federation import inbox, outbox
        from social.accounts import (
            holdings,
            incoming,
            inventory,
            leaving,
            mail_address,
            mail_news,
            mail_reset,
            signals,
        )

        for kind in incoming.TYPES:
            inbox.register(kind, incoming.take)
        outbox.on_failed(incoming.undelivered)
        inventory.register(*holdings.MEMBERS, *holdings.OTHERS, *holdings.OWN)
        leaving.start()
        mail_address.start()
        mail_news.start()
        mail_reset.start()
        signals.connect()
