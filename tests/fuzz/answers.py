"""`python -m tests.fuzz.answers FILE COUNT`: writes that many vector inputs with one thing changed, one a
line, and what they come to here: `{file, input, answer}`. The other implementation gives the same answers.

Left out is what JSON does not carry from one language to the other (lone surrogates, numbers beyond 53 bits
and fractions).
"""

import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from homevault.protocol.canonical import canonical
from homevault.protocol.errors import ProtocolError
from tests.fuzz.mutation import broken, good_cases
from tests.vectors import ops


def answers(chance: random.Random) -> Iterator[dict[str, Any]]:
    """Without end."""
    cases = list(good_cases())
    while True:
        file, case = chance.choice(cases)
        changed = broken(case["input"], chance)
        if changed is not None and _is_carried(changed):
            yield {"file": file, "input": changed, "answer": ops.run(file, changed)}


def _is_carried(value: Any) -> bool:
    try:
        canonical(value)
    except ProtocolError as error:
        return error.code == "json_depth"
    return True


def main() -> None:
    path, count = Path(sys.argv[1]), int(sys.argv[2])
    path.parent.mkdir(parents=True, exist_ok=True)
    made = answers(random.Random(count))
    with path.open("w", encoding="utf-8") as lines:
        for _ in range(count):
            lines.write(json.dumps(next(made)) + "\n")


if __name__ == "__main__":
    main()
