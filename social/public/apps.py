from typing import Any

from django.apps import AppConfig

PUBLIC_FIELDS = {"username", "account", "is_active", "language"}


class Public(AppConfig):
    name = "social.public"

    def ready(self) -> None:
        from django.db.models.signals import post_delete, post_save

        from social.accounts import inventory
        from social.accounts.models import User
        from social.people.models import Profile
        from social.posts import signals
        from social.public import build, holdings, site_pages, trying
        from social.safety import looks as safety_looks
        from social.safety import persons, texts

        def on_post(post: Any, tags: Any = (), moved: bool = False, **_: Any) -> None:
            build.post_pages(post, tags, moved)

        def on_recent(user: Any = None, **_: Any) -> None:
            build.recent_pages(user)

        def on_blocks(user: Any, **_: Any) -> None:
            build.person_pages(user)

        def on_comments(post: Any, **_: Any) -> None:
            build.comment_pages(post)

        def on_user(instance: Any, update_fields: Any = None, **_: Any) -> None:
            if update_fields is None or PUBLIC_FIELDS & set(update_fields):
                build.person_pages(instance)
                if instance.role == User.OWNER:
                    site_pages.rebuild()

        def on_leaving(instance: Any, **_: Any) -> None:
            build.no_more(instance)

        def on_profile(instance: Any, **_: Any) -> None:
            build.person_pages(instance.user)

        def on_text(**_: Any) -> None:
            site_pages.rebuild()

        inventory.register(*holdings.HOLDINGS)
        build.register()
        safety_looks.register(trying.Themes())
        texts.changed.connect(on_text, weak=False)
        signals.post_changed.connect(on_post, weak=False)

        def on_imported(user: Any, posts: Any, **_: Any) -> None:
            build.imported_pages(user, posts)

        signals.posts_imported.connect(on_imported, weak=False)
        signals.recent_changed.connect(on_recent, weak=False)
        signals.comments_changed.connect(on_comments, weak=False)
        persons.changed.connect(on_blocks, weak=False)
        post_save.connect(on_user, sender=User, weak=False)
        post_save.connect(on_profile, sender=Profile, weak=False)
        post_delete.connect(on_leaving, sender=User, weak=False)
