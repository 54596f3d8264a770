from django.apps import AppConfig


class Posts(AppConfig):
    name = "social.posts"

    def ready(self) -> None:
        from social.people import faces, lookup
        from social.posts import (
            delivery,
            following,
            hints,
            importing,
            mentioning,
            mentions,
            polling,
            remote,
            signals,
            writing,
        )
        from social.safety import blocklists

        for module in (delivery, hints, importing, mentioning, mentions, polling, remote):
            module.register()
        signals.post_changed.connect(mentioning.on_post)
        blocklists.register_followed(following.hosts)
        lookup.register_posts(writing.newest, following.follows_address)
        faces.register(following.icon_of)
