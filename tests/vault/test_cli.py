"""The command line beside a running vault, and what it says when something is wrong."""

from __future__ import annotations

import json
import signal
import sqlite3
from pathlib import Path

from homevault.agent.show import ago, plain, size
from homevault.storage.sqlite.database import FILE_NAME
from tests.vault.people import Person, events_letter
from tests.vault.running import VaultProcess
from tests.vault.small_site import SmallSite, until
from tests.vault.test_crash import paired


async def told(process: VaultProcess, *arguments: str) -> dict[str, object]:
    status, out, errors = await process.run(*arguments, "--json")
    assert (status, errors) == (0, ""), out
    return json.loads(out)


async def test_status_and_search_beside_the_running_vault(
    site: SmallSite, alice: Person, bob: Person, process: VaultProcess
) -> None:
    await process.start("--site", site.origin)
    await site.slot()
    waiting = await told(process, "status")
    assert (waiting["link"], waiting["paired"]) == ("waiting", False)
    status, _, errors = await process.run("search", "lamp")
    assert (status, "not_paired" in errors) == (1, True)
    await alice.pair()
    await process.line("paired with")
    await until(lambda: site.sent("prekeys"))
    swarm = alice.begin(bob)
    await alice.send(alice, events_letter(swarm))
    bob.join(swarm)
    said = bob.say(swarm, "The Lamplighter 明天晚上 came\u202e \x1b[31mred")
    await bob.send(alice, events_letter(swarm))
    await until(lambda: bob.letters())
    found = await told(process, "status")
    expected = {
        "link": "linked",
        "address": str(alice.address),
        "account": alice.account,
        "site": site.origin,
        "listed": True,
        "conversations": 1,
        "events": 3,
        "messages": 1,
        "waiting_events": 0,
        "database_problems": [],
        "changed_addresses": [],
    }
    assert {name: found[name] for name in expected} == expected
    (contact,) = found["people"]
    assert (contact["address"], len(contact["safety_number"].split())) == (str(bob.address), 12)
    assert found["disk_used"] > 0
    assert found["disk_free"] > 0
    (hit,) = (await told(process, "search", "LIGHT", "晚上"))["hits"]
    assert (hit["event"], hit["author"], hit["conversation"]) == (said.id, str(bob.address), str(bob.address))
    assert [hit["text"][start:end] for start, end in hit["marks"]] == ["light", "晚上"]
    status, out, _ = await process.run("search", "lamp")
    assert status == 0
    assert str(bob.address) in out
    assert "Lamplighter 明天晚上 came\ufffd \ufffd[31mred" in out
    status, out, _ = await process.run("search", "nowhere")
    assert (status, "Nothing here" in out) == (0, True)
    status, out, _ = await process.run("status")
    assert "connected to its site" in out
    assert contact["safety_number"] in out


async def test_a_second_vault_on_the_folder_is_refused(
    site: SmallSite, alice: Person, process: VaultProcess
) -> None:
    await paired(process, site, alice)
    status, _, errors = await process.run("run")
    assert (status, "already_running" in errors) == (1, True)
    await process.kill(signal.SIGTERM)
    status, _, errors = await process.run("run", "--site", "https://other.example")
    assert (status, "other_site" in errors) == (1, True)
    assert (await told(process, "status"))["link"] == "off"


async def test_troubles_are_named(process: VaultProcess) -> None:
    for arguments, code in (
        (("status",), "not_started"),
        (("search", "x"), "not_started"),
        (("run",), "site_needed"),
        (("run", "--site", "http://example.org"), "insecure_site"),
        (("run", "--site", "not a site"), "bad_site"),
        (("search", " "), "query_needed"),
    ):
        status, out, errors = await process.run(*arguments)
        assert status == 1, arguments
        assert f"code {code}" in errors, arguments
        assert "Traceback" not in out + errors
    status, out, _ = await process.run("search", "x", "--json")
    assert (status, json.loads(out)["error"]) == (1, "not_paired")


async def test_a_damaged_key_or_database_is_named(
    site: SmallSite, alice: Person, process: VaultProcess
) -> None:
    await paired(process, site, alice)
    await process.kill(signal.SIGTERM)
    key = process.folder / "device.key"
    saved = key.read_bytes()
    key.write_bytes(saved[:-1])
    status, _, errors = await process.run("run")
    assert (status, "code key_file" in errors) == (1, True)
    key.write_bytes(saved)
    path = process.folder / FILE_NAME
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version=99")
    connection.close()
    status, _, errors = await process.run("run")
    assert (status, "code newer_database" in errors) == (1, True)
    path.write_bytes(b"\0" * 8_192)
    for command in ("run", "status"):
        status, _, errors = await process.run(command)
        assert (status, "code database" in errors) == (1, True), errors


async def test_logs_hold_nothing_private(
    site: SmallSite, alice: Person, bob: Person, process: VaultProcess
) -> None:
    device = await paired(process, site, alice)
    swarm = alice.begin(bob)
    await alice.send(alice, events_letter(swarm))
    bob.join(swarm)
    bob.say(swarm, "quitesecretword")
    await bob.send(alice, events_letter(swarm))
    await bob.send(alice, b"not a letter")
    await until(lambda: bob.letters())
    await until(lambda: not site.mailboxes.get(device))
    await process.kill(signal.SIGTERM)
    log = (process.folder.parent / "vault.log").read_text()
    lines = [json.loads(line) for line in log.splitlines()]
    assert {"linked", "mail"} <= {line["event"] for line in lines}
    private = ["quitesecretword", "alice", "bob", alice.account, bob.account, device, str(swarm.swarm)]
    assert not [word for word in private if word in log]


def test_terminal_text_is_tamed() -> None:
    assert plain("a\x1b[2Jb\u202ec\nd\x07\u2028é👍") == "a\ufffd[2Jb\ufffdc d\ufffd\ufffdé👍"
    assert (ago(None, 0), ago(1_000, 2_000), ago(0, 3_600_000 * 3)) == ("never", "just now", "3 hours ago")
    assert (size(999), size(1_500), size(2_340_000_000)) == ("999 B", "1.5 KB", "2.3 GB")


async def test_a_folder_that_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "vault").write_text("a file")
    status, _, errors = await VaultProcess(tmp_path / "vault").run("run", "--site", "https://example.org")
    assert (status, "code data_folder" in errors) == (1, True)
