"""Every variable that the site or the vault reads from the environment stands in ARCHITECTURE.md."""

import re

import pytest

from deploy.local.processes import ROOT

READERS = {
    "social/config/environment.py": re.compile(r"env\.\w+\(\s*\"([A-Z_]+)\""),
    "homevault/agent/config.py": re.compile(r"\"(HOMEVAULT_[A-Z_]+)\""),
}


def names(path: str) -> set[str]:
    return set(READERS[path].findall((ROOT / path).read_text()))


@pytest.mark.parametrize("path", READERS)
def test_every_setting_is_documented(path: str) -> None:
    documented = set(re.findall(r"\| `([A-Z_]+)` \|", (ROOT / "ARCHITECTURE.md").read_text()))
    assert len(names(path)) >= 4
    assert names(path) <= documented


def test_no_documented_setting_is_gone() -> None:
    documented = set(re.findall(r"\| `([A-Z_]+)` \|", (ROOT / "ARCHITECTURE.md").read_text()))
    assert documented <= set().union(*(names(path) for path in READERS))
