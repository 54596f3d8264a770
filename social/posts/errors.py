"""What can go wrong here beyond the protocol's own codes: each with a stable code, a sentence and a
status."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REFUSALS: dict[str, tuple[Promise | str, int]] = {
    "not_found": (_("There is nothing here."), 404),
    "gone": (_("This has been deleted."), 410),
    "schema": (_("That request could not be read."), 400),
    "empty": (_("Write something first."), 400),
    "too_long": (_("That is longer than a post can be."), 400),
    "bad_tag": (_("A tag is one word of letters, digits, _ or -, at most 40 characters."), 400),
    "too_many_tags": (_("A post can have up to 20 tags. Take some out."), 400),
    "too_many_pins": (_("Three posts are pinned already. Unpin one first."), 409),
    "too_many_drafts": (_("You have 100 drafts. Publish or throw away some first."), 409),
    "too_soon": (_("You bumped this less than an hour ago. Try again later."), 409),
    "taken": (_("Another post has this id already. Reload, then try again."), 409),
    "import_running": (_("An archive is being imported already. Wait until it is done."), 409),
    "archive_unknown": (_("That is no archive of Porchlight or Mastodon, or its posts are missing."), 400),
    "archive_damaged": (_("That archive is damaged. Make it anew where it comes from, then try again."), 400),
    "archive_too_large": (_("That archive is larger than this site takes."), 400),
    "archive_unsafe": (
        _("That archive is encrypted or names files outside itself. It was not read."),
        400,
    ),
    "not_a_feed": (_("There is nothing to follow at that address."), 400),
    "not_opml": (_("That is no list of feeds in the form OPML."), 400),
    "own_address": (_("That is your own address; your posts are in your timeline already."), 400),
    "unreachable": (_("The other site did not answer. Try again later."), 502),
    "too_many": (_("That is more than the limit. Wait a little, then try again."), 429),
    "not_enrolled": (_("Finish setting up your keys first."), 409),
    "comments_closed": (_("Comments cannot be made there."), 409),
}


class Refusal(Exception):
    """Something asked for that is not done; `code` is one of REFUSALS."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail
        self.message, self.status = REFUSALS[code]
