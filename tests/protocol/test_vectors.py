"""Every case of every file in tests/vectors, and that the files are what the generator makes."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.vectors import generate, ops

FOLDER = Path(generate.__file__).parent
FILES = sorted(path.stem for path in FOLDER.glob("*.json"))


def cases() -> list[Any]:
    found = []
    for file in FILES:
        for case in json.loads((FOLDER / f"{file}.json").read_text("utf-8")):
            found.append(pytest.param(file, case, id=f"{file}/{case['id']}"))
    return found


def test_every_file_is_known_and_every_op_is_used() -> None:
    assert set(FILES) == set(ops.OPS) == set(generate.FILES)
    for file in FILES:
        given = json.loads((FOLDER / f"{file}.json").read_text("utf-8"))
        assert {case["input"]["op"] for case in given} == set(ops.OPS[file])


@pytest.mark.parametrize(("file", "case"), cases())
def test_case(file: str, case: dict[str, Any]) -> None:
    wanted = {name: case[name] for name in ("output", "error") if name in case}
    assert ops.run(file, case["input"]) == wanted, case["why"]


@pytest.mark.parametrize("file", FILES)
def test_making_a_file_again_changes_nothing(file: str) -> None:
    assert (FOLDER / f"{file}.json").read_text("utf-8") == generate.text_of(file)
