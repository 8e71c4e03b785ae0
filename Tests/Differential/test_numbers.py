"""PinGate (libphonenumber, C++) and rules.py (phonenumbers, Python) come to the same verdicts with the same numbering plan."""

import os
import random
import subprocess
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import corpus
import phonenumbers
import ranges
import rules

ROOT = Path(__file__).resolve().parents[2]
COUNT = 100_000
EACH = 3
SEED = int(os.environ.get("PINGATE_SEED", "20221124"))
BINARY = Path(os.environ["PINGATE_BIN"]) / "number-verdicts"

VERDICTS = """accepted unclear unreadable has_extension unknown_country_code too_short local_only too_long wrong_length not_valid
premium_rate shared_cost toll_free pager voicemail organization personal voip wrong_country""".split()


def expected(inputs):
    return [rules.verdict(typed, home, allowed.split(",")) for home, allowed, typed in inputs]


def verdicts(inputs):
    """Both: PinGate's, and those that are right."""
    with ProcessPoolExecutor() as pool:
        parts = [pool.submit(expected, inputs[at: at + 5_000]) for at in range(0, len(inputs), 5_000)]
        ours = pingate(inputs)
        theirs = [line for part in parts for line in part.result()]
    assert len(ours) == len(theirs) == len(inputs)
    return ours, theirs


def pingate(inputs, *arguments):
    lines = "".join(f"{home}\t{allowed}\t{typed.encode().hex()}\n" for home, allowed, typed in inputs)
    run = subprocess.run([BINARY, *arguments], input=lines, capture_output=True, text=True, check=True)
    assert run.stderr == "", "the library wrote to standard error, where a number could be shown"
    return run.stdout.splitlines()


def assert_same(inputs, ours, theirs):
    differences = [(i, o, t) for i, o, t in zip(inputs, ours, theirs) if o != t]
    shown = "\n".join(f"{i!r}: PinGate {o!r}, phonenumbers {t!r}" for i, o, t in differences[:20])
    assert not differences, f"{len(differences)} differ:\n{shown}"


def test_the_numbering_plan_is_that_of_the_release_it_is_compared_with():
    """Byte for byte; and the program names it."""
    subprocess.run([sys.executable, ROOT / "scripts/numbering-plan.py", "--check"], check=True)
    version = subprocess.run([BINARY.with_name("pingate"), "--version"], capture_output=True, text=True, check=True)
    assert f"(numbering plan {phonenumbers.__version__})" in version.stdout


def test_a_hundred_thousand_numbers_get_the_verdict_of_the_other_port(capsys):
    inputs = corpus.inputs(SEED, COUNT)
    ours, theirs = verdicts(inputs)

    seen = Counter(line.split("\t")[0].removeprefix("number.") for line in ours)
    with capsys.disabled():
        print(f"\nseed {SEED}: " + ", ".join(f"{name} {seen[name]}" for name in VERDICTS))

    assert_same(inputs, ours, theirs)
    assert [name for name in VERDICTS if seen[name] < 10] == [], "the corpus hardly meets these"
    assert set(seen) == set(VERDICTS)


def test_random_numbers_of_every_range_in_every_notation_get_the_verdict_of_the_other_port():
    """At home and abroad, where the number's own country is served: each is read, told apart and written."""
    source = random.Random(SEED)
    inputs = []
    for region, number in ranges.numbers(SEED, EACH):
        own = region if region != "001" else "US"
        for home in {own, source.choice(corpus.HOMES)}:
            inputs += [(home, own, typed) for typed in corpus.notations(number, home)]
    ours, theirs = verdicts(inputs)
    assert_same(inputs, ours, theirs)
    served = {line.split("\t")[2] for line in ours if line.startswith("accepted")}
    assert served == set(phonenumbers.SUPPORTED_REGIONS)


def test_a_cgi_program_reads_a_number_by_an_excerpt_of_the_plan_as_by_the_whole():
    """Which is made for the number that is read first, and may not do for the next one. A part of the corpus, and
    each range at home and elsewhere.
    """
    source = random.Random(SEED)
    inputs = corpus.inputs(SEED, 10_000)
    for region, number in ranges.numbers(SEED, 1):
        own = region if region != "001" else "US"
        homes = [own, *source.sample(corpus.HOMES, 5)]
        inputs += [(home, own, source.choice(corpus.notations(number, home))) for home in homes]
    whole, excerpts = pingate(inputs), pingate(inputs, "--excerpts")
    assert len(whole) == len(inputs)
    assert_same(inputs, excerpts, whole)


def test_an_excerpt_of_the_plan_is_what_a_cgi_program_reads_a_number_by():
    """Of the world, the one country that has the number's calling code; and all of it for what is no number of the excerpt."""
    def regions(typed, *arguments):
        [line] = pingate([("US", "US,AT", typed)], "--regions", *arguments)
        return int(line.rpartition("\t")[2])

    everywhere = len(phonenumbers.SUPPORTED_REGIONS)
    assert regions("+43 664 1234567") == everywhere
    assert regions("+43 664 1234567", "--excerpts") == 1
    assert regions("+43 1", "--excerpts") == everywhere
