from django.apps import AppConfig


class Posts(AppConfig):
    name = "social.posts"

    def ready(self) -> None:
        from social.people import lookup
        from social.posts import delivery, following, hints, polling, remote, writing

        for module in (delivery, hints, polling, remote):
            module.register()
        lookup.register_posts(writing.newest, following.follows_address)
