"""Numbers as people type them, and worse: the same ones for the same seed."""

import random
import unicodedata

import phonenumbers
from phonenumbers import PhoneMetadata, PhoneNumber, PhoneNumberFormat, PhoneNumberType

REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)
# Countries whose dialing is peculiar, or that share a calling code, are home more often.
HOMES = "US CA JM GB GG JE IM DE FR IT VA SM ES MX AR BR RU KZ AU NZ JP KR CN IN NG ZA HU LT FI AX NO SJ".split()
SCRIPTS = [0x30, 0xFF10, 0x0660, 0x06F0, 0x0966, 0x0E50, 0x1D7CE]
SEPARATORS = " -.()/[]\u00b7•_\n\u00a0\u2011\u2013\u202f\u3000\u200b\u202a\u202c\u200e\ufeff－（）．／"
HOSTILE = "+＋~～∼#*xX,;:=@\0\n\t\r%&<>'\"abcXYZé\u0301\u20e3🙂\U000e0031²Ⅷ½〇四\u202e\u061c"
TAILS = [",", ";", "\r\n", ".0", ",0", "”", "!", "…", ", ", "x123", " ext. 12", "#4", ",,9", ";ext=77", " extension 5", " Ext:8", "/x9", " доб. 12", " int 3", "~55", "##1", " x", "w1"]
LONGEST = 512


def inputs(seed, count):
    """`count` triples of home country, countries served and text typed."""
    source = random.Random(seed)
    return [one(source) for _ in range(count)]


def one(source):
    region = source.choice(HOMES if source.random() < 0.5 else REGIONS)
    home = region if source.random() < 0.7 else source.choice(HOMES)
    allowed = {home} | set(source.sample(REGIONS, 2)) | ({region} if source.random() < 0.5 else set())
    return home, ",".join(sorted(allowed)), text(source, region, home)


def text(source, region, home):
    kind = source.random()
    if kind < 0.05:
        return "".join(source.choice("0123456789") for _ in range(source.randrange(0, 40)))
    if kind < 0.08:
        return "".join(source.choice("0123456789+" + SEPARATORS + HOSTILE) for _ in range(source.randrange(0, 40)))
    if kind < 0.09:
        return "".join(character(source) for _ in range(source.randrange(0, 30)))
    typed = written(source, number(source, region), home)
    if source.random() < 0.3:
        typed = in_script(source, typed)
    for _ in range(source.choice([0, 0, 0, 0, 1, 1, 2, 3])):
        typed = mutated(source, typed)
    if source.random() < 0.05:
        typed += source.choice(TAILS)
    if source.random() < 0.01:
        # To both sides of the longest text that is looked at.
        typed += " " * max(0, LONGEST + source.randrange(-1, 2) - len(typed.encode()))
    return typed


def number(source, region):
    """A number of the region: an example of some kind, or another of its neighborhood, or any of a possible length."""
    kind = source.choice(PhoneNumberType.values())
    example = phonenumbers.example_number_for_type(region, kind) or phonenumbers.example_number(region)
    if example is None or source.random() < 0.2:
        lengths = PhoneMetadata.metadata_for_region(region).general_desc.possible_length
        length = max(2, source.choice(lengths) + source.choice([0, 0, 0, 0, -1, 1]))
        national = "".join(source.choice("0123456789") for _ in range(length))
    else:
        national = phonenumbers.national_significant_number(example)
        fresh = source.choice([0, 0, 4, 6])
        national = national[: len(national) - fresh] + "".join(source.choice("0123456789") for _ in national[-fresh or 99:])
    zeros = len(national) - len(national.lstrip("0"))
    return PhoneNumber(
        country_code=phonenumbers.country_code_for_region(region),
        national_number=int(national),
        italian_leading_zero=zeros > 0 or None,
        number_of_leading_zeros=zeros if zeros > 1 else None,
    )


def written(source, number, home):
    return source.choice(notations(number, home))


def notations(number, home):
    """The ways to write a number, for somebody at home in `home`."""
    e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    international = phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)
    national = phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
    code = str(number.country_code)
    return [
        e164,
        international,
        national,
        phonenumbers.normalize_digits_only(national),
        phonenumbers.national_significant_number(number),
        e164[1:],
        "00" + e164[1:],
        "00 " + international[1:],
        "011" + e164[1:],
        "0011 " + international[1:],
        "+00" + e164[1:],
        "(" + international.replace(" ", ") ", 1),
        "+" + code + " (0)" + international[len(code) + 2:],
        *("+" + code + trunk + phonenumbers.national_significant_number(number) for trunk in "0189"),
        code + " " + national,
        "+" + code + e164[1:],
        " " + e164[1:],
        "++" + e164[1:],
        "00+" + e164[1:],
        "+" + code + " " + e164,
        "tel:" + international.replace(" ", "-"),
        "https://wa.me/" + e164[1:],
        "\u2068" + international + "\u2069",
        "“" + national + "”,",
        phonenumbers.format_out_of_country_calling_number(number, home),
    ]


def in_script(source, typed):
    zero = source.choice(SCRIPTS)
    return "".join(chr(zero + int(c)) if "0" <= c <= "9" else c for c in typed)


def mutated(source, typed):
    at = source.randrange(len(typed) + 1)
    other = source.choice(source.choice(["0123456789", SEPARATORS, SEPARATORS, HOSTILE]))
    match source.randrange(6):
        case 0: return typed[:at] + other + typed[at:]
        case 1: return typed[:at] + other + typed[at + 1:]
        case 2: return typed[:at] + typed[at + 1:]
        case 3: return typed[:at]
        case 4: return typed[:at] + typed[at + 1: at + 2] + typed[at: at + 1] + typed[at + 2:]
        case _: return other + typed + other


def character(source):
    """Any character that Unicode has assigned, for versions of it differ in the rest."""
    while True:
        found = chr(source.randrange(0x110000))
        if unicodedata.category(found) not in ("Cs", "Cn"):
            return found
