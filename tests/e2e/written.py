"""`python -m tests.e2e.written`, in a new site's environment: three members who have written, each in
another language; one of the posts has all that a post can hold."""

from __future__ import annotations

import io
import os
from uuid import uuid4

os.environ["DJANGO_SETTINGS_MODULE"] = "social.config.settings"

import django

django.setup()

from PIL import Image  # noqa: E402

from federation import clock  # noqa: E402
from homevault.protocol.keys import SignKey  # noqa: E402
from homevault.protocol.ports import SystemRandom  # noqa: E402
from social.accounts import languages  # noqa: E402
from social.accounts.models import User  # noqa: E402
from social.media import bringing  # noqa: E402
from social.media.models import Media  # noqa: E402
from social.people import profiles  # noqa: E402
from social.posts import exhibits, writing  # noqa: E402
from social.posts.models import Comment, Post  # noqa: E402
from social.public import build  # noqa: E402

WIDE = "a_rope_that_is_longer_than_any_page_" * 6
FULL = f"""The kettle is on. *Come in*, the [long way](https://example.org/{WIDE}).

> Whoever sits here is a guest.

```
{WIDE}
```

| day | tea | what was said of it, in more words than fit | guests | weather | lamp | wind | dew |
| --- | --- | --- | --- | --- | --- | --- | --- |
| Monday | black | that it was strong | three | rain | lit | west | none |
"""
WRITERS = {
    "ana": ("en", "Ana", "Keeper of the lamp", "First evening", FULL, "Good light tonight.\n\nSee you."),
    "layla": ("ar", "ليلى", "حارسة المصباح", "المساء الأول", "المصباح مضاء والإبريق على النار.", "نور جميل."),
    "mei": ("zh", "小梅", "守灯的人", "第一个晚上", "灯亮着，水也烧上了。进来坐吧。", "今晚的灯真亮。"),
}


def main() -> None:
    for username, (language, name, position, title, text, answer) in WRITERS.items():
        user = User.objects.create_user(username)
        if username == "ana":
            User.objects.filter(pk=user.pk).update(role=User.OWNER)
            user.refresh_from_db()
        languages.choose(user, language)
        profiles.change(user, {"name": name, "position": position})
        for number in range(3):
            writing.publish(user, f"{title} {number}", text.split("\n")[0], ["porch"])
        shows = [exhibits.Exhibit(picture_of(user).uid, "A red field beside a blue one")]
        comment(writing.publish(user, title, text, ["porch", "灯笼", "مصباح"], shows=shows), answer)


def picture_of(user: User) -> Media:
    made = Image.new("RGB", (1200, 800), "#c03020")
    made.paste("#2040c0", (600, 0, 1200, 800))
    file = io.BytesIO()
    made.save(file, "JPEG")
    size = file.tell()
    file.seek(0)
    media = bringing.bring(user, uuid4(), "field.jpg", file, size)
    assert media is not None
    return media


def comment(post: Post, text: str) -> None:
    key = SignKey.generate(SystemRandom()).public
    Comment.objects.create(
        post=post, ref=key, account=key, device=key, number="n", ip="example.org", port=443, username="bob",
        name="Bob", text=text, time=clock.now(), state=Comment.SHOWN, wire=b"{}", certificate=b"{}",
    )  # fmt: skip
    build.comment_pages(post)


if __name__ == "__main__":
    main()
