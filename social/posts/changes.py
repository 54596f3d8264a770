"""What a change does to a comment of this site (SPEC 8.4), judged once and the same in whichever order.

Only the account that commented changes or takes back; of several changes the highest counts; taken back is
final; what the post's author refused or removed stays so. A change that comes first waits for its comment.
"""

from __future__ import annotations

from federation import clock
from homevault.protocol.canonical import canonical, parse
from homevault.protocol.certificates import Certificate, verify_certificate
from homevault.protocol.comments import CommentChange, verify_comment_change
from homevault.protocol.errors import ProtocolError
from social.posts import links
from social.posts.models import Comment, EarlyChange, Post

WAITING_OF_ONE = 20  # changes of one account that wait for their comments, on one post
KEPT = 8 * clock.DAY

LIVING = (Comment.PENDING, Comment.SHOWN)


def apply(comment: Comment, change: CommentChange, certificate: Certificate) -> bool:
    """In the caller's transaction: change the comment, if this change counts; whether it did."""
    counts = (
        comment.state in LIVING
        and comment.account == change.account
        and comment.time == change.written
        and (comment.change_number, comment.change_hash) < change.rank
    )
    if counts:
        _write(comment, change, certificate)
    return counts


def keep(post: Post, change: CommentChange, certificate: Certificate) -> None:
    """Keep a change until its comment comes. Raises ProtocolError `too_many`."""
    EarlyChange.objects.filter(post=post, received__lt=clock.now() - KEPT).delete()
    mine = EarlyChange.objects.filter(post=post, account=change.account)
    known = mine.filter(ref=change.comment).first()
    if known is None and mine.count() >= WAITING_OF_ONE:
        raise ProtocolError("too_many", "changes")
    if known is not None and _read(known)[0].rank >= change.rank:
        return
    kept = {"post": post, "wire": canonical(change.wire), "certificate": canonical(certificate.wire)}
    EarlyChange.objects.update_or_create(ref=change.comment, account=change.account, defaults=kept)


def catch_up(comment: Comment) -> None:
    """A comment has come: do what came before it."""
    early = EarlyChange.objects.filter(ref=comment.ref, account=comment.account).first()
    if early is not None:
        apply(comment, *_read(early))
        early.delete()


def _read(early: EarlyChange) -> tuple[CommentChange, Certificate]:
    certificate = verify_certificate(parse(bytes(early.certificate)))
    return verify_comment_change(parse(bytes(early.wire)), certificate), certificate


def _write(comment: Comment, change: CommentChange, certificate: Certificate) -> None:
    comment.name, comment.text = change.name, change.text or ""
    comment.change_number, comment.change_hash = change.rank
    comment.changed, comment.wire = change.time, b""
    if change.text is None:
        comment.state, comment.name, comment.change, comment.certificate = Comment.GONE, "", b"", b""
    else:
        comment.change, comment.certificate = canonical(change.wire), canonical(certificate.wire)
        if links.are_many(change.text):
            comment.state = Comment.PENDING
    comment.save()
