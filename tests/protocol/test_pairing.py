"""A vault and a browser pair through a site that may lie."""

import pytest

from homevault.protocol.certificates import make_certificate, make_device_list
from homevault.protocol.errors import ProtocolError
from homevault.protocol.pairing import BrowserPairing, PairingLimit, VaultPairing
from tests.protocol.people import NOW, Person, SeededRandom

ALICE, EVE = Person("alice"), Person("eve")
SITE_KEY = EVE.account


class FakeClock:
    def __init__(self) -> None:
        self.time = NOW

    def now(self) -> int:
        return self.time


def sides() -> tuple[BrowserPairing, VaultPairing]:
    browser = BrowserPairing(ALICE.account, ALICE.browser.id, SeededRandom("browser"))
    return browser, VaultPairing(ALICE.vault.key, ALICE.vault.dh, "Pi", SeededRandom("vault"))


def to_codes(browser: BrowserPairing, vault: VaultPairing) -> None:
    [commit] = vault.receive(*browser.start())
    [reveal] = browser.receive(*commit)
    [shown] = vault.receive(*reveal)
    assert browser.receive(*shown) == []


def test_both_show_the_same_code_and_the_vault_is_enrolled() -> None:
    browser, vault = sides()
    to_codes(browser, vault)
    assert browser.code == vault.code
    assert browser.code is not None
    assert len(browser.code) == 6
    assert browser.vault is not None
    revealed = browser.vault
    certificate = make_certificate(ALICE.key, revealed.device, revealed.dh, "vault", NOW)
    devices = make_device_list(ALICE.key, 2, [ALICE.browser.wire, certificate], NOW)
    assert vault.receive(*browser.enrol(certificate, devices, ALICE.address, SITE_KEY)) == []
    assert vault.enrolment is not None
    assert vault.enrolment.list.number == 2
    assert vault.enrolment.address == ALICE.address
    browser.receive(*vault.done())
    assert browser.done


def test_a_site_between_them_cannot_make_the_codes_equal() -> None:
    """It answers each side itself; both exchanges run well, and the codes differ."""
    browser, vault = sides()
    false_vault = VaultPairing(EVE.vault.key, EVE.vault.dh, "Pi", SeededRandom("false"))
    false_browser = BrowserPairing(ALICE.account, EVE.browser.id, SeededRandom("false"))
    to_codes(browser, false_vault)
    to_codes(false_browser, vault)
    assert browser.code != vault.code


def test_another_nonce_another_code() -> None:
    browser, vault = sides()
    to_codes(browser, vault)
    again = BrowserPairing(ALICE.account, ALICE.browser.id, SeededRandom("again"))
    other = VaultPairing(ALICE.vault.key, ALICE.vault.dh, "Pi", SeededRandom("other"))
    to_codes(again, other)
    assert again.code != browser.code


def test_the_limit_is_one_at_a_time_and_five_an_hour() -> None:
    clock = FakeClock()
    limit = PairingLimit(clock)
    limit.begin()
    with pytest.raises(ProtocolError, match="pairing_busy"):
        limit.begin()
    for _ in range(4):
        limit.end()
        limit.begin()
    limit.end()
    with pytest.raises(ProtocolError, match="pairing_busy"):
        limit.begin()
    clock.time += 3_600_000
    limit.begin()
