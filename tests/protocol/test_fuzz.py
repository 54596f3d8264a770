"""Whatever comes in, only a ProtocolError comes out: good vectors with things changed, and what libFuzzer
finds in some seconds (FUZZ_SECONDS)."""

import os
import random
import re
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from homevault.protocol.errors import ProtocolError
from tests.fuzz.mutation import broken, good_cases
from tests.fuzz.seeds import CORPUS, seeds
from tests.fuzz.targets import TARGETS
from tests.vectors import ops

ROOT = Path(__file__).parents[2]
SECONDS = os.environ.get("FUZZ_SECONDS", "12")
ROUNDS = 40


@pytest.mark.parametrize(
    ("file", "case"), [pytest.param(*each, id=f"{each[0]}/{each[1]['id']}") for each in good_cases()]
)
def test_only_protocol_errors_come_out(file: str, case: dict[str, Any]) -> None:
    chance = random.Random(f"{file}/{case['id']}")
    for _ in range(ROUNDS):
        changed = broken(case["input"], chance)
        if changed is not None:
            ops.run(file, changed)


@pytest.mark.parametrize("target", TARGETS)
def test_every_parser_survives_the_corpus(target: str) -> None:
    given = [path.read_bytes() for path in CORPUS.iterdir()]
    given += [data for name, data in seeds() if name == target]
    for data in given:
        with suppress(ProtocolError):
            TARGETS[target](data)


def test_libfuzzer_finds_nothing() -> None:
    command = [sys.executable, "-m", "tests.fuzz.run", SECONDS]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3_000:]
    runs = re.search(r"stat::number_of_executed_units: ([0-9]+)", done.stderr)
    assert runs is not None
    assert int(runs[1]) > 100
    print(f"{runs[1]} inputs in {SECONDS} s")
