"""PinGate's rules for numbers, written a second time on top of the `phonenumbers` package.

The package's own parser gets the text as it was typed (its blanks made plain and its invisible marks removed), so that
the alphabet, the parser, the metadata and the rules of Sources/LibPhoneNumber are each compared with something else.
Where PinGate knowingly differs from the library, a comment begins with "Ours:".
"""

import re
import unicodedata

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberType, ValidationResult

# The package compiles its patterns through re's cache, which holds 512; the world has some thousands.
re._MAXCACHE = 100_000

LONGEST_TYPED = 128
BLANKS = " \t\u00a0\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
PUNCTUATION = "-‐‑‒–—―−ーー－./()[]．／（）［］"
SEPARATORS = BLANKS + INVISIBLE + PUNCTUATION

SEPARATOR = "[" + re.escape(SEPARATORS) + "]"
NUMBER = re.compile(rf"{SEPARATOR}*[+＋]?(?:{SEPARATOR}*\d)+{SEPARATOR}*")
EXTENSION = re.compile(
    rf"[;,]*{SEPARATOR}*(?:extension|extn|ext|int|anexo|доб|[x#~ｘ＃～×]|(?<=[;,]))"
    rf"(?:{SEPARATOR}|[:=])*\d(?:\d|#|{SEPARATOR})*",
    re.IGNORECASE,
)
PARSER_BLANKS = str.maketrans({**{c: " " for c in BLANKS}, **{c: None for c in INVISIBLE}})

PARSE_ERRORS = {
    NumberParseException.INVALID_COUNTRY_CODE: "unknown_country_code",
    NumberParseException.NOT_A_NUMBER: "unreadable",
    NumberParseException.TOO_SHORT_AFTER_IDD: "too_short",
    NumberParseException.TOO_SHORT_NSN: "too_short",
    NumberParseException.TOO_LONG: "too_long",
}
LENGTH_ERRORS = {
    ValidationResult.IS_POSSIBLE_LOCAL_ONLY: "local_only",
    ValidationResult.INVALID_COUNTRY_CODE: "unknown_country_code",
    ValidationResult.TOO_SHORT: "too_short",
    ValidationResult.INVALID_LENGTH: "wrong_length",
    ValidationResult.TOO_LONG: "too_long",
}
LINES = {
    PhoneNumberType.MOBILE: "mobile",
    PhoneNumberType.FIXED_LINE_OR_MOBILE: "mobile",
    PhoneNumberType.FIXED_LINE: "landline",
}
REFUSED_KINDS = {
    PhoneNumberType.TOLL_FREE: "toll_free",
    PhoneNumberType.PREMIUM_RATE: "premium_rate",
    PhoneNumberType.SHARED_COST: "shared_cost",
    PhoneNumberType.VOIP: "voip",
    PhoneNumberType.PERSONAL_NUMBER: "personal",
    PhoneNumberType.PAGER: "pager",
    PhoneNumberType.UAN: "organisation",
    PhoneNumberType.VOICEMAIL: "voicemail",
}


class Refused(Exception):
    """Holds the refusal's name."""


def verdict(typed, home, allowed):
    """The line that NumberVerdicts writes for the same input."""
    try:
        return "\t".join(["accepted", *destination(typed, home, allowed)])
    except Refused as refusal:
        return f"number.{refusal}"


def destination(typed, home, allowed):
    check_alphabet(typed)
    # Ours: the package calls "12" a number and "1 2" none. Nothing between digits has a meaning.
    if len(phonenumbers.normalize_digits_only(typed)) < 3:
        raise Refused("too_short")
    number = reading(typed.translate(PARSER_BLANKS), home, allowed)
    kind = phonenumbers.number_type(number)
    if kind in REFUSED_KINDS:
        raise Refused(REFUSED_KINDS[kind])
    digits = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)[1:]
    # Ours: 7 to 15 digits (ITU-T E.164, and what Vonage takes), also where the metadata has shorter or longer ones.
    if len(digits) < 7:
        raise Refused("too_short")
    if len(digits) > 15:
        raise Refused("too_long")
    region = phonenumbers.region_code_for_number(number)
    if region not in allowed:
        raise Refused("wrong_country")
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    return digits, region, LINES[kind], written


def check_alphabet(typed):
    """Ours: the package finds numbers in running text, reads letters as keys and drops what follows a number."""
    if len(typed.encode()) > LONGEST_TYPED:
        raise Refused("unreadable")
    number = NUMBER.match(typed)
    if not number:
        raise Refused("unreadable")
    rest = typed[number.end():]
    if rest:
        digits = sum(unicodedata.decimal(c, None) is not None for c in number[0])
        is_extension = digits >= 4 and EXTENSION.fullmatch(typed, number.end())
        raise Refused("has_extension" if is_extension else "unreadable")


def reading(text, home, allowed):
    """Ours: the order in which a number without + is read, and which reading is blamed."""
    if "+" in text or "＋" in text:
        return valid(text, None)
    digits = phonenumbers.normalize_digits_only(text)
    try:
        return valid(text, home)
    except Refused as at_home:
        try:
            number = valid("+" + digits.removeprefix("00"), None)
        except Refused:
            raise at_home from None
        # Ours: what a landline abroad looks like may be a number of ours with a digit too many.
        codes = [phonenumbers.country_code_for_region(country) for country in [home, *allowed]]
        is_mobile = phonenumbers.number_type(number) in (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)
        if not (digits.startswith("00") or is_mobile or number.country_code in codes):
            raise
        return number


def valid(text, region):
    """Ours: what was dialled until the country did away with it is dropped where the number is none with it."""
    try:
        return valid_today(text, region)
    except Refused:
        today = dropped(text, region)
        if today is None:
            raise
        try:
            return valid_today(today, region)
        except Refused:
            pass
        raise


def dropped(text, region):
    has_plus = "+" in text or "＋" in text
    digits = phonenumbers.normalize_digits_only(text)
    for country, code, prefix in [("MX", "52", "0(?:1|2|44|45)|1"), ("UZ", "998", "8")]:
        if has_plus or region == country:
            start = code if has_plus else ""
            found = re.match(f"{start}(?:{prefix})", digits)
            if found:
                return ("+" if has_plus else "") + start + digits[found.end():]
    return None


def valid_today(text, region):
    try:
        number = phonenumbers.parse(text, region)
    except NumberParseException as error:
        raise Refused(PARSE_ERRORS[error.error_type]) from None
    result = phonenumbers.is_possible_number_with_reason(number)
    if result != ValidationResult.IS_POSSIBLE:
        raise Refused(LENGTH_ERRORS[result])
    if not phonenumbers.is_valid_number(number):
        raise Refused("not_valid")
    return number
