"""Taking over an archive: a job reads it slice by slice, so that nothing waits for it and a restart loses
nothing; what is there already stays as it is, also what was deleted here.

Importing the same archive again adds nothing. Dates and addresses are kept where they are free; nobody is
told of old posts. While its member is blocked the job waits. `Import` says how far it is and, at the end, how
many were added, known and left out why, and how many files came with them.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.db import transaction

from federation import jobs
from federation.models import Job
from social.accounts.models import User
from social.posts import archived, bringing, markdown, markup, reaching, searching, signals, slugs, unpacking
from social.posts import tags as labels
from social.posts.archived import Entry
from social.posts.errors import Refusal
from social.posts.models import Import, Post, PostVersion
from social.safety import access

KIND = "import"
LARGEST = 512 * 1024 * 1024  # bytes of an archive
PIECE = 8 * 1024 * 1024
SLICE = 500  # entries a run
BATCH = 50  # posts a transaction
KEPT = 10  # imports remembered of one member
MOST = 100_000  # entries of an archive
WANTED = {"outbox.json": "mastodon", "feed.json": "own"}
LISTS = {"mastodon": "orderedItems", "own": "items"}
READERS: dict[str, archived.Reader] = {"mastodon": archived.of_mastodon, "own": archived.of_own}


def register() -> None:
    jobs.register(KIND, work, failed=_failed, per_group=1)


def of(user: User) -> list[Import]:
    """The imports of a member, newest first."""
    return list(Import.objects.filter(user=user).order_by("-id")[:KEPT])


def begin(user: User, name: str, size: int) -> Import:
    """Announce an archive of `size` bytes; then come its pieces. Raises Refusal `archive_too_large`,
    `import_running`, and ProtocolError `blocked`."""
    access.require_reach(user)
    if not 0 < size <= LARGEST:
        raise Refusal("archive_too_large")
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        if Import.objects.filter(user=user, state=Import.RUNNING).exists():
            raise Refusal("import_running")
        for old in Import.objects.filter(user=user, state=Import.WAITING):
            _settle(old, "given_up")
        made = Import.objects.create(user=user, name=Path(name).name[:200], total=size)
        beyond = Import.objects.filter(user=user).order_by("-id").values_list("pk", flat=True)[KEPT:]
        Import.objects.filter(pk__in=list(beyond)).delete()
    path_of(made).parent.mkdir(parents=True, exist_ok=True)
    return made


def add(coming: Import, offset: int, piece: bytes) -> Import:
    """The next piece, which begins at `offset`; one that came before changes nothing. With the last one the
    job starts. Raises Refusal `schema`."""
    with transaction.atomic():
        coming = Import.objects.select_for_update().get(pk=coming.pk)
        here = _here(coming)
        if offset + len(piece) <= here:
            return coming
        if offset != here or here + len(piece) > coming.total:
            raise Refusal("schema", "offset")
        with path_of(coming).open("ab") as file:
            file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        if here + len(piece) == coming.total:
            coming.state = Import.RUNNING
            coming.save(update_fields=["state"])
            jobs.enqueue(KIND, str(coming.pk), {}, group="all")
    return coming


def _here(coming: Import) -> int:
    """How many bytes of it have come; none where its file is not there yet, or is lost."""
    if coming.state != Import.WAITING:
        return coming.total
    file = path_of(coming)
    return file.stat().st_size if file.exists() else 0


def path_of(coming: Import) -> Path:
    """Where its file lies while it is needed."""
    folder: Path = settings.PORCHLIGHT.data / "imports"
    return folder / f"{coming.pk}.archive"


def work(job: Job) -> None:
    """Take the next slice over; at the end make the pages."""
    coming = Import.objects.select_related("user").filter(pk=int(job.key), state=Import.RUNNING).first()
    if coming is None:
        return
    reaching.wait(coming.user.username)
    try:
        more = _bring_files(coming) if bringing.is_left(path_of(coming)) else _take_slice(coming)
    except (Refusal, FileNotFoundError) as error:
        _show(coming.user)
        _settle(coming, error.code if isinstance(error, Refusal) else "archive_damaged")
        return
    if more:
        raise jobs.Retry(0, counted=False)
    _show(coming.user)
    _settle(coming)


def _take_slice(coming: Import) -> bool:
    """Read on where it stopped; true if there may be more, or files to bring."""
    with unpacking.opened(path_of(coming), WANTED) as (kind, file):
        coming.kind = kind
        found = unpacking.items(file, LISTS[kind])
        for _ in islice(found, coming.seen):
            pass
        taken = list(islice((READERS[kind](item) for item in found), SLICE))
    for batch in _batches(taken):
        _store(coming, batch)
    if coming.seen >= MOST:
        raise Refusal("archive_too_large")
    if len(taken) == SLICE:
        return True
    bringing.begin(path_of(coming))
    return bringing.is_left(path_of(coming))


def _bring_files(coming: Import) -> bool:
    """Once all posts are there, a few of their files; true if more are left."""
    archive = path_of(coming)
    brought, missing = bringing.bring_some(coming.user, archive)
    coming.files += brought
    if missing:
        coming.skipped = {**coming.skipped, "media": coming.skipped.get("media", 0) + missing}
    coming.save(update_fields=["files", "skipped"])
    return bringing.is_left(archive)


def _batches(taken: list[Entry | str]) -> Iterator[list[Entry | str]]:
    yield from (taken[start : start + BATCH] for start in range(0, len(taken), BATCH))


@transaction.atomic
def _store(coming: Import, batch: list[Entry | str]) -> None:
    """One transaction with how far it is, so that a run after a crash goes on there."""
    User.objects.select_for_update().get(pk=coming.user_id)
    skipped, added = Counter(coming.skipped), list[Entry]()
    for entry in batch:
        if isinstance(entry, str):
            skipped[entry] += 1
            continue
        if _add(coming.user, entry):
            coming.added += 1
            added.append(entry)
            skipped["media"] += entry.media
        else:
            coming.known += 1
    bringing.note(path_of(coming), added)
    coming.seen += len(batch)
    coming.skipped = {why: count for why, count in sorted(skipped.items()) if count}
    coming.save(update_fields=["kind", "seen", "added", "known", "skipped"])


def _add(user: User, entry: Entry) -> bool:
    """False if it is there, or was."""
    uid = entry.uid
    if Post.objects.filter(uid=uid).exists():
        return False
    slug = entry.slug
    if not slug or not slugs.is_free(user.pk, slug):
        slug = slugs.new_slug(user.pk, entry.title, markup.to_text(entry.body), entry.published)
    post = Post.objects.create(
        uid=uid,
        author=user,
        slug=slug,
        title=entry.title,
        source=entry.source,
        body=entry.body,
        tags=entry.tags,
        published=entry.published,
        updated=entry.updated,
        open_history=entry.open_history,
        version=1 + len(entry.earlier),
    )
    PostVersion.objects.bulk_create(
        PostVersion(
            post=post,
            number=number,
            title=one.title,
            source=one.source,
            body=markdown.to_tree(one.source),
            time=one.time,
        )
        for number, one in enumerate(entry.earlier, 1)
    )
    labels.save(post)
    searching.save(post)
    return True


def _show(user: User) -> None:
    """Make the pages of everything the member has, a few posts a transaction, then the lists of them."""
    posts = list(Post.objects.filter(author=user).order_by("published", "id").values_list("pk", flat=True))
    for start in range(0, len(posts), BATCH):
        signals.posts_imported.send(Post, user=user, posts=posts[start : start + BATCH])
    signals.posts_imported.send(Post, user=user, posts=[])


def _settle(coming: Import, problem: str = "") -> None:
    """It is over, well or not; the file goes."""
    coming.state = Import.FAILED if problem else Import.DONE
    coming.problem = problem
    coming.save(update_fields=["state", "problem"])
    path_of(coming).unlink(missing_ok=True)
    bringing.forget(path_of(coming))


def _failed(job: Job, code: str, detail: str) -> None:
    coming = Import.objects.filter(pk=int(job.key)).first()
    if coming is not None:
        _settle(coming, "internal")
