"""What others react to, inside the transaction that makes the change: a receiver's error undoes it."""

from django.dispatch import Signal

post_changed = Signal()
"""`sender` is Post; `post`: published, edited or deleted."""

comments_changed = Signal()
"""`sender` is Comment; `post`: which comments are shown under it has changed."""
