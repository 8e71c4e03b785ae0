"""What a program is made of, from the map that the linker writes (GNU gold's, `-Map=`)."""

import re
from collections import defaultdict
from collections.abc import Iterable

# An input section: its name (perhaps on a line of its own), address, size and file.
PIECE = re.compile(r"^ (?P<section>\S+)?\s+0x[0-9a-f]+\s+0x(?P<size>[0-9a-f]+) (?P<file>\S.*)$")
# An output section, which is what the following pieces go into.
SECTION = re.compile(r"^(?P<section>[^\s*]\S*)(\s+0x[0-9a-f]+\s+0x(?P<size>[0-9a-f]+))?$")
# Take room in memory, not in the file.
WITHOUT_CONTENT = (".bss", ".tbss")

SWIFT_RUNTIME = "Swift runtime and standard library"
GROUPS = (
    (re.compile(r"lib_FoundationICU\.a"), "Unicode data and functions of Foundation (ICU)"),
    (re.compile(r"lib(Foundation|_Foundation)\w*\.a|libFoundation"), "Foundation"),
    (re.compile(r"swift_static"), SWIFT_RUNTIME),
    (re.compile(r"libicu"), "ICU for libphonenumber"),
    (re.compile(r"libpcre2"), "PCRE2 for libphonenumber"),
    (re.compile(r"libphonenumber\.a"), "libphonenumber and its numbering plans"),
    (re.compile(r"libprotobuf|libabsl"), "protobuf and Abseil for libphonenumber"),
    (re.compile(r"/CCryptoBoringSSL\w*\.build/|/(Crypto|CryptoBoringWrapper|CryptoExtras)\.build/"), "swift-crypto"),
    (re.compile(r"/GRDB\.build/"), "GRDB"),
    (re.compile(r"/(ArgumentParser|ArgumentParserToolInfo)\.build/"), "swift-argument-parser"),
    (re.compile(r"/(Mustache|HTTPTypes|Logging)\.build/"), "swift-mustache, swift-http-types, swift-log"),
    (re.compile(r"/\w+\.build/"), "PinGate itself"),
)


def sizes(lines: Iterable[str]) -> dict[str, int]:
    """How many bytes of the file come from where, largest first. What the linker makes itself is not in it."""
    found: defaultdict[str, int] = defaultdict(int)
    section = ""
    in_map = False
    for line in lines:
        if line.startswith("Memory map"):
            in_map = True
        elif not in_map:
            continue
        elif match := SECTION.match(line.rstrip("\n")):
            section = match["section"]
        elif (match := PIECE.match(line.rstrip("\n"))) and section not in WITHOUT_CONTENT:
            found[group(match["file"])] += int(match["size"], 16)
    return dict(sorted(found.items(), key=lambda item: -item[1]))


def group(file: str) -> str:
    """Whose an object file is."""
    for pattern, name in GROUPS:
        if pattern.search(file):
            return name
    return "other libraries"
