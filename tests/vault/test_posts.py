"""The vault keeps the version of a post that counts, whatever order they come in, and gives all back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

from homevault.protocol.canonical import canonical
from homevault.protocol.envelope import Envelope
from homevault.protocol.letters import make_posts
from homevault.protocol.posts import PostAttachment, PostDraft, make_post
from homevault.protocol.revocations import make_revocation
from homevault.storage.sqlite import contacts, posts
from homevault.storage.sqlite.database import open_database
from tests.vault.people import CLOCK, Browser, Person
from tests.vault.running import RunningVault, VaultProcess
from tests.vault.small_site import SmallSite, until
from tests.vault.test_crash import paired
from tests.vault.test_device import settled

ID = str(uuid4())


def said(
    author: Person, text: str | None, number: int = 1, *, by: Browser | None = None, **fields: Any
) -> list[bytes]:
    """The letters of a version."""
    browser = by or author.browser
    draft = {"id": ID, "title": "", "tags": [], "published": 1_700_000_000_000, **fields}
    post = make_post(author.account, browser.sign, PostDraft(number=number, text=text, **draft), CLOCK.now())
    return make_posts(post, browser.certificate)


async def told(sender: Person, owner: Person, vault: RunningVault, letters: list[bytes]) -> list[Envelope]:
    envelopes = [await sender.send(owner, letter) for letter in letters]
    await settled(vault, *envelopes)
    return envelopes


def kept(vault: RunningVault) -> list[str]:
    with vault.database() as reader:
        return [json.loads(each.post)["text"] for each in posts.everyone(reader)]


async def test_the_latest_version_is_kept_and_the_end_is_final(alice: Person, vault: RunningVault) -> None:
    second = said(alice, "second", 2)
    await told(alice, alice, vault, second)
    await told(alice, alice, vault, said(alice, "first"))
    assert kept(vault) == ["second"]
    await told(alice, alice, vault, [*second, *said(alice, "third", 3)])
    assert kept(vault) == ["third"]
    await told(alice, alice, vault, said(alice, None, 4))
    await told(alice, alice, vault, said(alice, "undead", 9))
    assert kept(vault) == []
    assert vault.count("posts") == 1
    with vault.database() as reader:
        row = posts.get(reader, ID)
        assert row is not None
        assert b"third" not in row.post


async def test_a_long_post_comes_in_parts_in_any_order(alice: Person, vault: RunningVault) -> None:
    words = "é" * 120_000
    letters = said(alice, words)
    assert len(letters) > 10
    half = letters[::2]
    await told(alice, alice, vault, half)
    assert kept(vault) == []
    await told(alice, alice, vault, [*reversed(letters[1::2]), *half])
    assert kept(vault) == [words]
    assert vault.count("post_parts") == len(half)  # a second telling began


async def test_what_is_forged_or_of_others_is_not_kept(
    alice: Person, bob: Person, vault: RunningVault
) -> None:
    await told(alice, alice, vault, said(bob, "of bob"))
    await told(bob, alice, vault, said(alice, "told by bob"))
    await told(bob, alice, vault, said(bob, "bob's own"))
    stranger = Browser(bob.root)
    await told(alice, alice, vault, said(alice, "another's device", by=stranger))
    (letter,) = said(alice, "changed on the way")
    await told(alice, alice, vault, [canonical({**json.loads(letter), "id": alice.account})])
    assert kept(vault) == []
    assert vault.count("post_parts") == 0
    await told(alice, alice, vault, [letter])
    assert kept(vault) == ["changed on the way"]


async def test_a_revoked_devices_words_are_refused_and_a_former_ones_are_not(
    site: SmallSite, alice: Person, vault: RunningVault
) -> None:
    former, stolen = Browser(alice.root), Browser(alice.root)
    await vault.stop()
    database = open_database(vault.folder)
    with database.transaction():
        known = contacts.get(database, alice.account)
        assert known is not None
        revocation = make_revocation(alice.root, alice.account, stolen.id, CLOCK.now())
        contacts.save(
            database, alice.account, known.devices, known.number, CLOCK.now(), canonical([revocation])
        )
    database.close()
    vault.start()
    await vault.linked()
    await told(alice, alice, vault, said(alice, "stolen", 5, by=stolen))
    await told(alice, alice, vault, said(alice, "from the old laptop", by=former))
    assert kept(vault) == ["from the old laptop"]


async def test_the_command_line_lists_and_exports(
    site: SmallSite, alice: Person, process: VaultProcess, tmp_path: Path
) -> None:
    await paired(process, site, alice)
    await until(lambda: site.sent("prekeys"))
    text = "# Lamp: \x1b[31m\n\nlit *tonight*"
    for letter in [
        *said(
            alice,
            text,
            tags=["winter", 'two "words"'],
            title="Fïrst / ../evening",
            attachments=(PostAttachment("A" * 43, "image/jpeg", 9, "A lamp: lit"),),
        ),
        *said(alice, "untitled words", id=str(uuid4()), published=1_800_000_000_000),
    ]:
        await alice.send(alice, letter)

    async def listed() -> list[dict[str, Any]]:
        status, out, errors = await process.run("posts", "--json")
        assert (status, errors) == (0, "")
        return json.loads(out)["posts"]

    while len(found := await listed()) < 2:
        pass
    assert [each["title"] for each in found] == ["untitled words", "Fïrst / ../evening"]
    status, out, _ = await process.run("posts")
    assert (status, "untitled words" in out, "\x1b[31m" in out) == (0, True, False)
    assert json.loads((await process.run("status", "--json"))[1])["posts"] == 2

    folder = tmp_path / "out"
    for _ in range(2):
        status, out, errors = await process.run("posts", "--export", str(folder))
        assert (status, errors, "2 posts written" in out) == (0, "", True)
    names = sorted(path.name for path in folder.iterdir())
    assert names[0] == f"2023-11-14-first-evening-{ID}.md"
    assert len(names) == 2
    head, body = (folder / names[0]).read_bytes().decode().removeprefix("---\n").split("\n---\n\n")
    values = dict(line.split(": ", 1) for line in head.splitlines())
    assert json.loads(values["title"]) == "Fïrst / ../evening"
    assert json.loads(values["tags"]) == ["winter", 'two "words"']
    assert json.loads(values["attachments"])[0]["alt"] == "A lamp: lit"
    assert body == text + "\n"

    status, _, errors = await process.run("posts", "--export", str(folder / names[0]))
    assert (status, "code export" in errors) == (1, True)
