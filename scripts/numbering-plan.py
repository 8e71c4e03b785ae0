#!/usr/bin/env python3
"""Writes the world's numbering plan as libphonenumber reads it, out of the `phonenumbers` package that Python finds.

The package is the same library for Python, made by machine from Google's releases and published soon after each. What
is written is the serialized `PhoneMetadataCollection` (resources/phonemetadata.proto of libphonenumber) that the C++
library has inside, so that a library of any age knows today's numbers. What PinGate never asks the library for is left
out: example numbers, national forms, the kinds of number that a region does not have. The library reads the whole world
at its start, and a CGI program starts for each request: so it reads half as much.

`make numbering-plan` runs it with the newest release. With `--check` nothing is written: the exit status is 1 if what is
there is not what the installed release comes to.
"""

import argparse
import re
import sys
from pathlib import Path

import phonenumbers
from phonenumbers import PhoneMetadata

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "Sources/CPhoneNumber/Metadata.bin"
VERSION = ROOT / "Sources/CPhoneNumber/MetadataVersion.h"
REQUIREMENTS = ROOT / "Tests/Differential/requirements.txt"

# The numbers of fields, by message.
FORMAT = {
    "pattern": 1,
    "format": 2,
}
LEADING_DIGITS = 3
DESCRIPTION = {
    "national_number_pattern": 2,
    "possible_length": 9,
}
# Of the numbers of all kinds together.
GENERAL_DESCRIPTION = {**DESCRIPTION, "possible_length_local_only": 10}
KINDS = {
    "fixed_line": 2,
    "mobile": 3,
    "toll_free": 4,
    "premium_rate": 5,
    "shared_cost": 6,
    "personal_number": 7,
    "voip": 8,
    "pager": 21,
    "uan": 25,
    "voicemail": 28,
}
GENERAL = 1
REGION = {
    "id": 9,
    "country_code": 10,
    "international_prefix": 11,
    "national_prefix": 12,
    "national_prefix_for_parsing": 15,
    "national_prefix_transform_rule": 16,
    "same_mobile_and_fixed_line_pattern": 18,
    "main_country_for_code": 22,
    "leading_digits": 23,
}
NUMBER_FORMAT = 19
COLLECTION_METADATA = 1
# What the package writes with Python's "\1" for a group, and the library with "$1".
REPLACEMENTS = {"format", "national_prefix_transform_rule"}
# What stands in a message though its value is empty: the field is required.
REQUIRED = {"pattern", "format"}


def varint(value):
    """A number of protobuf's; a negative one is that of 64 bits."""
    value &= 2**64 - 1
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes(out) + bytes([value])


def field(number, value):
    """A field with its tag: a number or a truth value, a text, or a message."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    data = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(data)) + data


def values(source, names):
    """The fields of a message that are simple values, as pairs of number and bytes."""
    for name, number in names.items():
        value = getattr(source, name)
        for one in value if isinstance(value, (list, tuple)) else [value]:
            if one is None or one is False or (one == "" and name not in REQUIRED):
                continue
            if name in REPLACEMENTS:
                one = re.sub(r"\\(\d)", r"$\1", one)
            yield number, field(number, one)


def message(pairs):
    """The fields in the order of their numbers, as every serializer writes them."""
    return b"".join(data for _, data in sorted(pairs, key=lambda pair: pair[0]))


def kind(source, general):
    """Of one kind of number; None if the region has none; then no number matches it."""
    if source is None or source.national_number_pattern is None:
        return None
    names = dict(DESCRIPTION)
    # Those of the region hold where a kind has none of its own.
    if tuple(source.possible_length) == tuple(general.possible_length):
        del names["possible_length"]
    return message(values(source, names))


def number_format(source):
    """The last pattern of the digits in front is the whole one: those before it are for numbers that are being typed."""
    leading = source.leading_digits_pattern[-1:]
    return message([*values(source, FORMAT), *((LEADING_DIGITS, field(LEADING_DIGITS, one)) for one in leading)])


def region(source):
    def pairs():
        yield from values(source, REGION)
        yield GENERAL, field(GENERAL, message(values(source.general_desc, GENERAL_DESCRIPTION)))
        for name, number in KINDS.items():
            described = kind(getattr(source, name), source.general_desc)
            if described is not None:
                yield number, field(number, described)
        # In the international form, which differs from the national one in some regions.
        for one in source.intl_number_format or source.number_format:
            yield NUMBER_FORMAT, field(NUMBER_FORMAT, number_format(one))

    return message(pairs())


def collection():
    """All regions, and then the calling codes that belong to none."""
    regions = [PhoneMetadata.metadata_for_region(code) for code in sorted(phonenumbers.SUPPORTED_REGIONS)]
    codes = sorted(phonenumbers.COUNTRY_CODES_FOR_NON_GEO_REGIONS)
    regions += [PhoneMetadata.metadata_for_nongeo_region(code) for code in codes]
    return b"".join(field(COLLECTION_METADATA, region(one)) for one in regions)


def main():
    parser = argparse.ArgumentParser(description="Writes the numbering plan of the installed phonenumbers package.")
    parser.add_argument("--check", action="store_true", help="write nothing, and fail if it is not up to date")
    check = parser.parse_args().check

    version = phonenumbers.__version__
    files = {
        DATA: collection(),
        VERSION: (
            "// Written by scripts/numbering-plan.py.\n"
            "// The release of the phonenumbers package that Metadata.bin is made from.\n"
            f'#define PINGATE_METADATA_VERSION "{version}"\n'
        ).encode(),
        REQUIREMENTS: (
            "# On top of ../EndToEnd/requirements.txt: the release that the numbering plan is made from. Written by\n"
            "# scripts/numbering-plan.py.\n"
            f"phonenumbers=={version}\n"
        ).encode(),
    }
    stale = [path for path, data in files.items() if not path.exists() or path.read_bytes() != data]
    if check:
        for path in stale:
            print(f"{path.relative_to(ROOT)} is not that of phonenumbers {version}: make numbering-plan", file=sys.stderr)
        return 1 if stale else 0
    for path in stale:
        path.write_bytes(files[path])
    print(f"numbering plan {version}: {len(files[DATA])} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
