"""What a program is made of, from the map that the linker writes (LLVM lld's, `-Map=`)."""

import re
from collections import defaultdict
from collections.abc import Iterable

# An input section: addresses, size, alignment, then file and name. What it goes into is less indented, and what is in it
# is more.
PIECE = re.compile(
    r"^ *[0-9a-f]+ +[0-9a-f]+ +(?P<size>[0-9a-f]+) +\d+ {9}(?P<file>\S.*):\((?P<section>[^()]+)\)$"
)
# Take room in memory, not in the file.
WITHOUT_CONTENT = re.compile(r"\.t?bss\b|COMMON")
# What the linker makes itself, or puts together from many files.
LINKERS_OWN = "<internal>"

SWIFT_RUNTIME = "Swift runtime and standard library"
GROUPS = (
    (re.compile(r"lib_FoundationICU\.a"), "Unicode data and functions of Foundation (ICU)"),
    (re.compile(r"lib(Foundation|_Foundation)\w*\.a|libFoundation"), "Foundation"),
    (re.compile(r"swift_static"), SWIFT_RUNTIME),
    (re.compile(r"libicu"), "ICU for libphonenumber"),
    (re.compile(r"libpcre2"), "PCRE2 for libphonenumber"),
    (re.compile(r"libphonenumber\.a"), "libphonenumber and its numbering plans"),
    (re.compile(r"libprotobuf|libabsl"), "protobuf and Abseil for libphonenumber"),
    (re.compile(r"lib(ssl|crypto)\.a"), "OpenSSL"),
    (re.compile(r"lib(curl|idn2|unistring|z)\.a"), "libcurl and what it needs"),
    (re.compile(r"libsqlite3\.a"), "SQLite"),
    (re.compile(r"/CCryptoBoringSSL\w*\.build/|/(Crypto|CryptoBoringWrapper|CryptoExtras)\.build/"), "swift-crypto"),
    (re.compile(r"/(ArgumentParser|ArgumentParserToolInfo)\.build/"), "swift-argument-parser"),
    (re.compile(r"/(HTTPTypes|Logging)\.build/"), "swift-http-types, swift-log"),
    (re.compile(r"/\w+\.build/"), "PinGate itself"),
)


def sizes(lines: Iterable[str]) -> dict[str, int]:
    """How many bytes of the file come from where, largest first. What the linker makes itself is not in it."""
    found: defaultdict[str, int] = defaultdict(int)
    for line in lines:
        match = PIECE.match(line.rstrip("\n"))
        if match and match["file"] != LINKERS_OWN and not WITHOUT_CONTENT.match(match["section"]):
            found[group(match["file"])] += int(match["size"], 16)
    return dict(sorted(found.items(), key=lambda item: -item[1]))


def group(file: str) -> str:
    """Whose an object file is."""
    for pattern, name in GROUPS:
        if pattern.search(file):
            return name
    return "other libraries"
