"""100,000 numbers get the same verdict from PinGate (libphonenumber, C++) and from rules.py (phonenumbers, Python)."""

import os
import subprocess
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import corpus
import rules

COUNT = 100_000
SEED = int(os.environ.get("PINGATE_SEED", "20221124"))
BINARY = Path(os.environ["PINGATE_BIN"]) / "number-verdicts"

VERDICTS = """accepted unreadable has_extension unknown_country_code too_short local_only too_long wrong_length not_valid
premium_rate shared_cost toll_free pager voicemail organisation personal voip wrong_country""".split()


def expected(inputs):
    return [rules.verdict(typed, home, allowed.split(",")) for home, allowed, typed in inputs]


def test_a_hundred_thousand_numbers_get_the_verdict_of_the_other_port(capsys):
    inputs = corpus.inputs(SEED, COUNT)
    lines = "".join(f"{home}\t{allowed}\t{typed.encode().hex()}\n" for home, allowed, typed in inputs)
    with ProcessPoolExecutor() as pool:
        parts = [pool.submit(expected, inputs[at: at + 5_000]) for at in range(0, COUNT, 5_000)]
        run = subprocess.run([BINARY], input=lines, capture_output=True, text=True, check=True)
        theirs = [line for part in parts for line in part.result()]
    ours = run.stdout.splitlines()
    assert run.stderr == "", "the library wrote to standard error, where a number could be shown"
    assert len(ours) == len(theirs) == COUNT

    seen = Counter(line.split("\t")[0].removeprefix("number.") for line in ours)
    with capsys.disabled():
        print(f"\nseed {SEED}: " + ", ".join(f"{name} {seen[name]}" for name in VERDICTS))

    differences = [(i, o, t) for i, o, t in zip(inputs, ours, theirs) if o != t]
    shown = "\n".join(f"{i!r}: PinGate {o!r}, phonenumbers {t!r}" for i, o, t in differences[:20])
    assert not differences, f"{len(differences)} differ:\n{shown}"
    assert [name for name in VERDICTS if seen[name] < 10] == [], "the corpus hardly meets these"
    assert set(seen) == set(VERDICTS)
