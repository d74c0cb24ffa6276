"""Compare the twins of hashing and shorturl on generated input, under AddressSanitizer.

Not collected by pytest: it runs as long as it is told to, best on an instrumented build of its own:

    CFLAGS="-fsanitize=address,undefined -fno-sanitize-recover=undefined -O1 -g" \\
    LDFLAGS="-fsanitize=address,undefined" \\
        python setup.py build_ext --force --build-lib .bench/asan --build-temp .bench/asan-objects
    LD_PRELOAD="$(gcc -print-file-name=libasan.so) $(gcc -print-file-name=libubsan.so)" \\
    ASAN_OPTIONS=detect_leaks=0 PYTHONMALLOC=malloc \\
        python tests/speedups/fuzz.py --build .bench/asan --seconds 180

Without `--build` it takes the modules that are installed. The seed is printed; `--seed` repeats a run.
"""

import argparse
import random
import sys
import threading
import time
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

DEFAULT_ALPHABET = "mn6j2c4rv8bpygw95z7hsdaetxuk3fq"
EDGES = (0, 1, 55, 56, 63, 64, 65, 119, 120, 127, 128, 4095, 16_383, 16_384)


def compiled(name: str, build: Path | None) -> ModuleType:
    """Return the compiled module `name`, from the folder `build` if there is one."""
    full = f"pastebin._speedups._{name}_c"
    if build is None:
        return import_module(full)
    (path,) = (build / "pastebin" / "_speedups").glob(f"_{name}_c.*.so")
    spec = spec_from_file_location(full, path)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def outcome(function, *arguments):
    """Return what a call gives, or the type and the text of what it raises."""
    try:
        return function(*arguments)
    except Exception as error:  # noqa: BLE001 - any error is an answer to compare
        return type(error), str(error)


def some_buffer(rng: random.Random):
    """Return bytes of an edgy size, as they are, at an odd address, or as something that is refused."""
    size = rng.choice(EDGES) if rng.random() < 0.5 else rng.randrange(1000)
    data = rng.randbytes(size)
    start = rng.randrange(size + 1)
    step = rng.choice((1, 1, 1, 2, -1))
    wrong = rng.choice((None, "text", 5, [b""]))
    return rng.choice((data, data, bytearray(data), memoryview(data)[start::step], wrong))


def hashing_case(rng: random.Random, modules: list[ModuleType]) -> list:
    """Return what each module makes of the same updates, reads and copies."""
    steps = [(rng.choice(("update", "update", "read", "copy", "state")), some_buffer(rng)) for _ in range(8)]

    def run(module: ModuleType) -> list:
        content, answers = module.ContentHash(), []
        for action, data in steps:
            if action == "update":
                answers.append(outcome(content.update, data))
            elif action == "read":
                answers.append((content.md5, content.sha256, outcome(module.hash_bytes, data)))
            elif action == "state":
                answers.append((content.state(), type(outcome(module.ContentHash.from_state, data))))
                content = module.ContentHash.from_state(content.state())
            else:
                content, _ = content.copy(), content
        return [*answers, content.md5, content.sha256]

    return [run(module) for module in modules]


def some_alphabet(rng: random.Random) -> str:
    """Return an alphabet, now and then one that is refused."""
    top = rng.choice((128, 128, 256, 0x3000, 0x110000))
    letters = [chr(rng.randrange(top)) for _ in range(rng.choice((0, 1, 2, 3, 31, 62, 127, 400)))]
    return rng.choice((DEFAULT_ALPHABET, "".join(dict.fromkeys(letters)), "".join(letters)))


def some_number(rng: random.Random):
    """Return a number of any length up to 66 bits, now and then another object."""
    number = rng.getrandbits(rng.randrange(1, 67))
    return rng.choice((number, number, number, number, -number, 2**64 - 1, 2**64, 1.5, None, "1"))


def shorturl_case(rng: random.Random, modules: list[ModuleType]) -> list:
    """Return what each module makes of the same parameters, numbers and codes."""
    alphabet = some_alphabet(rng)
    parameters = (alphabet, rng.randrange(-1, 65), rng.choice((1, 2, 5, 13, 63, 64, 65, 0)))
    numbers = [some_number(rng) for _ in range(rng.randrange(8))]
    texts = ["".join(rng.choices(alphabet or "m", k=rng.randrange(68))) for _ in range(4)]
    texts += [text + chr(rng.randrange(0x110000)) for text in texts]

    def run(module: ModuleType):
        codec = outcome(module.ShortCodec, *parameters)
        if isinstance(codec, tuple):
            return codec
        codes = [outcome(codec.encode, number) for number in numbers]
        return (
            codes,
            outcome(codec.encode_many, numbers),
            [outcome(codec.decode, x) for x in (*codes, *texts)],
        )

    return [run(module) for module in modules]


def share_one(module: ModuleType, rng: random.Random) -> None:
    """Use one hash from several threads at once: nothing to compare, it must not crash."""
    content = module.ContentHash()
    pieces = [rng.randbytes(size) for size in (10, 16_383, 16_384, 100_000)]

    def use() -> None:
        for piece in pieces * 5:
            content.update(piece)
            content.copy().update(piece)
            assert len(content.md5 + content.sha256) == 96

    threads = [threading.Thread(target=use) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def main() -> int:
    """Run until the time is up; 1 at the first difference."""
    parser = argparse.ArgumentParser(description="Compare the twins on generated input.")
    parser.add_argument("--build", type=Path, help="folder of an instrumented build")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=time.time_ns())
    given = parser.parse_args()
    rng, cases, end = random.Random(given.seed), 0, time.monotonic() + given.seconds
    print(f"seed {given.seed}", flush=True)
    hashing, shorturl = (
        [import_module(f"pastebin._speedups._{name}_py"), compiled(name, given.build)]
        for name in ("hashing", "shorturl")
    )
    while time.monotonic() < end:
        for answers in (hashing_case(rng, hashing), shorturl_case(rng, shorturl)):
            if answers[0] != answers[1]:
                print(f"case {cases}: python {answers[0]!r}\ncompiled {answers[1]!r}")
                return 1
        if cases % 500 == 0:
            share_one(hashing[1], rng)
        cases += 1
    print(f"{cases} cases of each kind, no difference")
    return 0


if __name__ == "__main__":
    sys.exit(main())
