"""What the vault's owner can be told: a stable code, what happened, what to do."""

from __future__ import annotations

TROUBLES: dict[str, tuple[str, str]] = {
    "site_needed": (
        "This vault does not know its site yet.",
        "Name it once: homevault run --site https://your.site",
    ),
    "bad_site": ("That is not the address of a site.", "Write it like https://example.org"),
    "insecure_site": (
        "Plain http is only for this very machine.",
        "Use the https:// address of your site.",
    ),
    "other_site": (
        "This vault is paired with another site.",
        "Leave --site away, or use another data folder with --data.",
    ),
    "data_folder": (
        "The data folder cannot be used.",
        "Check that it exists, belongs to you and has room; choose another with --data.",
    ),
    "key_file": (
        "The key file cannot be read.",
        "Restore it from where you keep it; without it, pair this vault anew in an empty folder.",
    ),
    "already_running": (
        "A vault is already running on this data folder.",
        "Stop the other one first. status and search work beside it.",
    ),
    "not_started": (
        "There is no vault in this data folder yet.",
        "Start one: homevault run --site https://your.site",
    ),
    "not_paired": (
        "This vault is not paired yet.",
        "Start it with homevault run and pair it on your site under House, Vault.",
    ),
    "already_paired": (
        "This vault is paired already.",
        "See homevault status; to pair with another account use another data folder.",
    ),
    "newer_database": (
        "The data was written by a newer version of the vault.",
        "Update homevault, then start it again.",
    ),
    "database": (
        "The database cannot be used.",
        "Copy the data folder away, check the disk, then run homevault status.",
    ),
    "export": (
        "The posts could not be written there.",
        "Check that the folder may be written to and has room, then ask again.",
    ),
    "query_needed": ("There is nothing to look for.", "Give one or more words: homevault search lamp"),
}


class Trouble(Exception):
    """Ends a command; `code` is one of TROUBLES, `detail` names the thing concerned."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail

    @property
    def what(self) -> str:
        return TROUBLES[self.code][0]

    @property
    def advice(self) -> str:
        return TROUBLES[self.code][1]
