"""What others react to, inside the transaction that makes the change: a receiver's error undoes it."""

from django.dispatch import Signal

post_changed = Signal()
"""`sender` is Post; `post`: published, edited, pinned or deleted. `tags`: the names it had or has, left out
if they and the lists that show it stay as they were; `moved`: true if it came or went."""

posts_imported = Signal()
"""`user` has many more posts: first of all `posts` (ids), a few at a time, then once with none."""

comments_changed = Signal()
"""`sender` is Comment; `post`: which comments are shown under it has changed."""

recent_changed = Signal()
"""What the front page and, if it is given, the page of `user` list as bumped or recommended has changed."""
