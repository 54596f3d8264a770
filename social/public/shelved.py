"""Finished pages as files for a web server in front: `PORCHLIGHT_PAGES/<path>.page` for each that stands.

Promise: after a commit its pages' files are what the database says then, whichever process committed last;
where a file cannot be written there is none, and the web server asks the site. nginx may believe a file
that it has open till the second ends (`here.visible`). A file's time is the page's `modified`, from which
nginx makes the page's ETag. Files are replaced whole, and put right at the start.
"""

from __future__ import annotations

import fcntl
import logging
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from django.conf import settings

from social.public.models import PublishedPage

SUFFIX = ".page"
UNFINISHED = ".new-"
AT_ONCE = 200
READABLE = 0o644
log = logging.getLogger(__name__)


def lay(paths: Sequence[str]) -> None:
    """Make the files of these pages what the database says now; nothing where no folder is set."""
    folder: Path | None = settings.PORCHLIGHT.pages
    if folder is None:
        return
    with _alone(folder):
        for start in range(0, len(paths), AT_ONCE):
            some = paths[start : start + AT_ONCE]
            found = {page.path: page for page in PublishedPage.objects.filter(path__in=some, status=200)}
            for path in some:
                _lay(folder, path, found.get(path))


def lay_all() -> None:
    """Put all files right, those of pages that are no more included."""
    folder: Path | None = settings.PORCHLIGHT.pages
    if folder is None:
        return
    standing = list(PublishedPage.objects.filter(status=200).values_list("path", flat=True))
    files = {_file(folder, path) for path in standing}
    with _alone(folder):
        for file in folder.rglob(f"*{SUFFIX}"):
            if file not in files:
                file.unlink(missing_ok=True)
        for left in folder.glob(f"{UNFINISHED}*"):
            left.unlink(missing_ok=True)
    lay(standing)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One process at a time: whoever comes last reads what all others committed."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o755)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _file(folder: Path, path: str) -> Path:
    return folder / PurePosixPath(f"{path}{SUFFIX}").relative_to("/")


def _lay(folder: Path, path: str, page: PublishedPage | None) -> None:
    file = _file(folder, path)
    if ".." in file.parts or "\0" in path:
        return
    try:
        if page is None:
            file.unlink(missing_ok=True)
        else:
            _write(folder, file, page)
    except OSError as error:
        log.warning("the page %s could not be laid out: %s", path, error)
        _forget(file)


def _write(folder: Path, file: Path, page: PublishedPage) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, made = tempfile.mkstemp(dir=folder, prefix=UNFINISHED)
    with os.fdopen(handle, "wb") as new:
        new.write(page.body)
        os.fchmod(handle, READABLE)
    os.utime(made, (page.modified, page.modified))
    Path(made).replace(file)


def _forget(file: Path) -> None:
    try:
        file.unlink(missing_ok=True)
    except OSError:
        return
