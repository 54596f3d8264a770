"""What can go wrong with a file: each with a stable code, a sentence and a status."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REFUSALS: dict[str, tuple[Promise | str, int]] = {
    "not_found": (_("There is nothing here."), 404),
    "media_quota": (_("Your space for files is full. Delete some that you no longer need."), 413),
    "media_too_large": (_("That file is larger than this kind may be."), 413),
    "media_empty": (_("That file is empty."), 400),
    "media_type": (_("That kind of file cannot be shown. Pictures, audio, video and PDF can."), 415),
    "media_damaged": (_("That file is damaged or not what its name says."), 422),
    "media_pixels": (_("That picture has too many pixels. Make it smaller, then try again."), 413),
    "media_working": (_("That file is still being prepared. Try again in a moment."), 409),
    "media_changed": (_("That file is not the one that its author signed, so it is not shown."), 502),
    "media_in_use": (_("That file is shown somewhere. Take it out there first."), 409),
    "upload_offset": (_("That piece does not continue what is here."), 409),
    "upload_many": (_("Too many files are on their way. Let some of them finish first."), 429),
    "unreachable": (_("The other site did not answer. Try again later."), 502),
}


class MediaRefusal(Exception):
    """Something asked for that is not done; `code` is one of REFUSALS."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail
        self.message, self.status = REFUSALS[code]
