"""The data folder: mode 0700, the device's private keys (0600) and the lock of the one running agent.

Promise: keys are written to a new file, synced and renamed, so that a half-written key file cannot exist.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from homevault.agent.errors import Trouble
from homevault.protocol.canonical import canonical, parse
from homevault.protocol.encoding import b64decode, b64encode
from homevault.protocol.errors import ProtocolError
from homevault.protocol.keys import DhKey, SignKey
from homevault.protocol.ports import Random

KEY_FILE = "device.key"
LOCK_FILE = "running.lock"
FOLDER_MODE = 0o700
KEY_MODE = 0o600
LOCK_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class DeviceKeys:
    sign: SignKey
    dh: DhKey


def prepare_folder(folder: Path) -> None:
    """Make the folder, or take the group's and others' rights away from it."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=FOLDER_MODE)
        folder.chmod(FOLDER_MODE)
    except OSError as error:
        raise Trouble("data_folder", str(folder)) from error


@contextmanager
def running(folder: Path) -> Iterator[None]:
    """Hold the folder's lock; the system frees it however the process ends."""
    try:
        handle = os.open(folder / LOCK_FILE, os.O_CREAT | os.O_RDWR, KEY_MODE)
    except OSError as error:
        raise Trouble("data_folder", str(folder)) from error
    try:
        _lock(handle, folder)
        yield
    finally:
        os.close(handle)


def _lock(handle: int, folder: Path) -> None:
    """Take the lock; a `status` that looks at it just now holds it for a moment only."""
    deadline = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError as error:
            if time.monotonic() > deadline:
                raise Trouble("already_running", str(folder)) from error
            time.sleep(0.05)


def is_running(folder: Path) -> bool:
    """Whether an agent holds the lock now."""
    try:
        handle = os.open(folder / LOCK_FILE, os.O_RDWR)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False


def load_or_make_keys(folder: Path, random: Random) -> DeviceKeys:
    path = folder / KEY_FILE
    if not path.exists():
        _write_keys(path, DeviceKeys(SignKey.generate(random), DhKey.generate(random)))
    return load_keys(folder)


def load_keys(folder: Path) -> DeviceKeys:
    """The device's keys; Trouble `key_file` when they are damaged or unreadable."""
    path = folder / KEY_FILE
    try:
        value = parse(path.read_bytes())
        return DeviceKeys(
            SignKey.from_seed(b64decode(value["sign"], 32)), DhKey.from_secret(b64decode(value["dh"], 32))
        )
    except (OSError, ProtocolError, KeyError, TypeError) as error:
        raise Trouble("key_file", str(path)) from error


def _write_keys(path: Path, keys: DeviceKeys) -> None:
    value = {"dh": b64encode(keys.dh.secret), "sign": b64encode(keys.sign.seed), "v": 1}
    fresh = path.with_suffix(".new")
    try:
        fresh.unlink(missing_ok=True)
        handle = os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, KEY_MODE)
        with os.fdopen(handle, "wb") as file:
            file.write(canonical(value))
            file.flush()
            os.fsync(file.fileno())
        fresh.rename(path)
        _sync_folder(path.parent)
    except OSError as error:
        raise Trouble("data_folder", str(path)) from error


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
