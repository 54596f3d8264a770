"""`python -m tests.fuzz.run SECONDS`: libFuzzer (atheris) on all targets, guided by coverage of the core.

The first byte of an input picks the target. Ends with 0 and the count of inputs on the last line, or with
another code at the first input that crashes, takes more than 10 seconds or a gigabyte; that input is then in
`build/fuzz`. Seeds are `tests/fuzz/corpus` and the vectors.
"""

import random
import sys
from contextlib import suppress
from pathlib import Path

import atheris

with atheris.instrument_imports(
    include=["homevault.protocol", "homevault.vcard"], enable_loader_override=False
):
    from homevault.protocol.errors import ProtocolError
    from tests.fuzz.seeds import CORPUS, seeds
    from tests.fuzz.targets import TARGETS

from tests.fuzz.mutation import mutated_json

FOLDER = Path(__file__).parents[2] / "build" / "fuzz"
NAMES = list(TARGETS)
LONGEST = 70_000


def one_input(data: bytes) -> None:
    if data:
        with suppress(ProtocolError):
            TARGETS[NAMES[data[0] % len(NAMES)]](data[1:])


def custom_mutator(data: bytes, most: int, seed: int) -> bytes:
    """Mostly JSON with one thing in it changed, written canonically: other noise ends in the first check."""
    chance = random.Random(seed)
    if len(data) > 2 and chance.random() < 0.8:
        try:
            text = data[1:].decode()
            return (data[:1] + mutated_json(text, chance).encode())[:most]
        except (UnicodeError, RecursionError):
            pass
    return bytes(atheris.Mutate(data, most))


def prepared() -> Path:
    """A new folder with the seeds, each under its target's number."""
    folder = FOLDER / "corpus"
    folder.mkdir(parents=True, exist_ok=True)
    for number, (name, data) in enumerate(seeds()):
        (folder / f"{name}-{number}").write_bytes(bytes([NAMES.index(name)]) + data)
    for number in range(len(NAMES)):
        for path in CORPUS.iterdir():
            (folder / f"{NAMES[number]}-{path.name}").write_bytes(bytes([number]) + path.read_bytes())
    return folder


def main() -> None:
    seconds = int(sys.argv[1])
    options = [
        f"-max_total_time={seconds}",
        f"-max_len={LONGEST}",
        "-timeout=10",
        "-rss_limit_mb=1024",
        "-print_final_stats=1",
        f"-artifact_prefix={FOLDER}/",
    ]
    atheris.Setup([sys.argv[0], *options, str(prepared())], one_input, custom_mutator=custom_mutator)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
