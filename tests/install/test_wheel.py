"""The wheel of `homevault` works in an environment of its own: every module imports, nothing of the site."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.local.processes import ROOT

UV = str(Path(sys.executable).with_name("uv"))
IMPORT_ALL = """
import importlib, pkgutil, sys
import homevault
names = [found.name for found in pkgutil.walk_packages(homevault.__path__, "homevault.")]
for name in names:
    if not name.endswith("__main__"):
        importlib.import_module(name)
assert len(names) > 40, names
for alien in ("django", "signaling", "federation", "social"):
    assert alien not in sys.modules
"""


def run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def uv(*arguments: str) -> str:
    """uv, trusting the system's certificates where it must, as the Makefile does."""
    try:
        return run(UV, "--system-certs", *arguments)
    except AssertionError:
        return run(UV, *arguments)


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    uv("build", "--quiet", "--wheel", "--out-dir", str(folder / "dist"), str(ROOT))
    uv("venv", "--quiet", "--python", sys.executable, str(folder / "venv"))
    python = str(folder / "venv" / "bin" / "python")
    uv("pip", "install", "--quiet", "--python", python, "--require-hashes", "-r", "requirements/vault.txt")
    wheel = next((folder / "dist").glob("homevault-*.whl"))
    uv("pip", "install", "--quiet", "--python", python, "--no-deps", str(wheel))
    return folder / "venv" / "bin"


def test_every_module_imports_without_the_site(environment: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [environment / "python", "-I", "-c", IMPORT_ALL], capture_output=True, text=True, cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr


def test_the_command_line_answers(environment: Path, tmp_path: Path) -> None:
    command = [environment / "homevault", "status", "--data", str(tmp_path / "vault"), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 1, done.stderr
    assert json.loads(done.stdout)["error"] == "not_started"
