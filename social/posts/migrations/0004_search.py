"""The index that finds a word anywhere in the search texts, and the texts and tags of posts there are.

SQLite: an FTS5 table of trigrams over `posts_searchtext`, kept by triggers. PostgreSQL: a trigram index,
where the database lets us have `pg_trgm`; without it search reads through the table.
"""

from django.db import DatabaseError, migrations, transaction

SQLITE = (
    "CREATE VIRTUAL TABLE posts_search USING fts5("
    "text, content='posts_searchtext', content_rowid='post_id', tokenize='trigram')",
    "CREATE TRIGGER posts_search_added AFTER INSERT ON posts_searchtext BEGIN "
    "INSERT INTO posts_search (rowid, text) VALUES (new.post_id, new.text); END",
    "CREATE TRIGGER posts_search_removed AFTER DELETE ON posts_searchtext BEGIN "
    "INSERT INTO posts_search (posts_search, rowid, text) VALUES ('delete', old.post_id, old.text); END",
    "CREATE TRIGGER posts_search_changed AFTER UPDATE ON posts_searchtext BEGIN "
    "INSERT INTO posts_search (posts_search, rowid, text) VALUES ('delete', old.post_id, old.text); "
    "INSERT INTO posts_search (rowid, text) VALUES (new.post_id, new.text); END",
)
POSTGRESQL = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE INDEX posts_search ON posts_searchtext USING gin (text gin_trgm_ops)",
)


def make_index(apps, editor):
    if editor.connection.vendor == "sqlite":
        for statement in SQLITE:
            editor.execute(statement)
        return
    try:
        with transaction.atomic(editor.connection.alias):
            for statement in POSTGRESQL:
                editor.execute(statement)
    except DatabaseError:
        pass  # may not make extensions


def drop_index(apps, editor):
    if editor.connection.vendor == "sqlite":
        for name in ("added", "removed", "changed"):
            editor.execute(f"DROP TRIGGER posts_search_{name}")
        editor.execute("DROP TABLE posts_search")
        return
    editor.execute("DROP INDEX IF EXISTS posts_search")


def index_posts(apps, editor):
    from social.posts import markup, searching, tags

    models = {name: apps.get_model("posts", name) for name in ("Post", "PostTag", "SearchText")}
    for post in models["Post"].objects.filter(deleted=None).defer("source").iterator():
        labels = tags.in_words(post.body)[: tags.MOST]
        models["PostTag"].objects.bulk_create(
            models["PostTag"](post=post, name=tags.name_of(label), label=label, place=place)
            for place, label in enumerate(labels)
        )
        text = searching.text_of(post.title, markup.to_text(post.body), labels)
        models["SearchText"].objects.create(post=post, text=text)


class Migration(migrations.Migration):
    dependencies = [("posts", "0003_writing")]

    operations = [
        migrations.RunPython(make_index, drop_index),
        migrations.RunPython(index_posts, migrations.RunPython.noop),
    ]
