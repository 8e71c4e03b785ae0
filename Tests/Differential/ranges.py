"""Random numbers of every range that the numbering plan knows: the same ones for the same seed."""

import random
import re._parser as regular_expressions
from functools import cache

import phonenumbers
from phonenumbers import PhoneMetadata, PhoneNumber

KINDS = (
    "fixed_line mobile toll_free premium_rate shared_cost personal_number voip pager uan voicemail general_desc".split()
)


def numbers(seed, each):
    """`each` numbers of each kind of each region, and of each calling code that belongs to no region ("001")."""
    source = random.Random(seed)
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        yield from of_metadata(source, region, PhoneMetadata.metadata_for_region(region), each)
    for code in sorted(phonenumbers.COUNTRY_CODES_FOR_NON_GEO_REGIONS):
        yield from of_metadata(source, "001", PhoneMetadata.metadata_for_nongeo_region(code), each)


def of_metadata(source, region, metadata, each):
    for kind in KINDS:
        description = getattr(metadata, kind)
        pattern = description and description.national_number_pattern
        if pattern:
            for _ in range(each):
                yield region, number(metadata.country_code, matching(source, parsed(pattern)))


def number(calling_code, national):
    zeros = len(national) - len(national.lstrip("0"))
    return PhoneNumber(
        country_code=calling_code,
        national_number=int(national),
        italian_leading_zero=zeros > 0 or None,
        number_of_leading_zeros=zeros if zeros > 1 else None,
    )


@cache
def parsed(pattern):
    return regular_expressions.parse(pattern)


def matching(source, pattern):
    """A text that the expression matches: groups, classes, repeats, alternatives and digits are all there is."""
    text = ""
    for operation, argument in pattern:
        match str(operation):
            case "LITERAL":
                text += chr(argument)
            case "IN":
                text += source.choice([c for c in "0123456789" if any(holds(one, c) for one in argument)])
            case "BRANCH":
                text += matching(source, source.choice(argument[1]))
            case "SUBPATTERN":
                text += matching(source, argument[3])
            case "MAX_REPEAT":
                least, most, part = argument
                text += "".join(matching(source, part) for _ in range(source.randint(least, most)))
            case _:
                raise ValueError(f"the metadata have a {operation} now")
    return text


def holds(one, character):
    operation, argument = one
    match str(operation):
        case "LITERAL":
            return argument == ord(character)
        case "RANGE":
            return argument[0] <= ord(character) <= argument[1]
        case "CATEGORY":
            return str(argument) == "CATEGORY_DIGIT"
    raise ValueError(f"the metadata have a class with {operation} now")
