from django.apps import AppConfig


class Posts(AppConfig):
    name = "social.posts"

    def ready(self) -> None:
        from social.accounts import inventory, leaving, takeout
        from social.people import faces, lookup
        from social.posts import (
            archive,
            delivery,
            erasing,
            following,
            hints,
            holdings,
            importing,
            mentioning,
            mentions,
            moving,
            polling,
            remote,
            signals,
            writing,
        )
        from social.safety import blocklists

        inventory.register(*holdings.HOLDINGS)
        leaving.register(erasing.erase)
        takeout.register(archive.files)
        takeout.register(archive.subscriptions)
        for module in (delivery, hints, importing, mentioning, mentions, moving, polling, remote):
            module.register()
        signals.post_changed.connect(mentioning.on_post)
        signals.recent_changed.connect(hints.on_recommended)
        blocklists.register_followed(following.hosts)
        lookup.register_posts(writing.newest, following.follows_address)
        faces.register(following.icon_of)
