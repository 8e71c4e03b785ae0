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

LONGEST_TYPED = 512


def characters(*ranges):
    """The characters of some ranges, each first and last."""
    return "".join(chr(code) for first, last in ranges for code in range(first, last + 1))


# White_Space, Default_Ignorable_Code_Point, Dash, Quotation_Mark and Terminal_Punctuation (of this, what the corpus has), with
# what PinGate takes for them; Python does not know these properties.
BLANKS = characters((0x9, 0xD), (0x2000, 0x200A), (0x2028, 0x2029)) + " \u0085\u00a0\u1680\u202f\u205f\u3000"
INVISIBLE = "\u00ad\u034f\u061c\u3164\ufeff\uffa0" + characters(
    (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F),
    (0xFE00, 0xFE0F), (0xFFF0, 0xFFF8), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF),
)
DASHES = "\u2053\u207b\u208b\u2212\u30fc" + "".join(
    c for c in characters((0, 0x10FFFF)) if unicodedata.category(c) == "Pd"
)
BULLETS = "_\u00b7\u0387\u2022\u2023\u2027\u2043\u2219\u22c5\u25cf\u25e6\u30fb\uff65\uff3f"
SIGNS = "./()[]{}\u2044\u2215．／（）［］｛｝"
QUOTES = "\"'`´«»‹›′″⹂「」『』〝〞〟﹁﹂﹃﹄＂＇｢｣" + characters((0x2018, 0x201F))
STOPS = ".,:;!?…،؛؟。、，；：！？｡､．।"

SEPARATORS = BLANKS + INVISIBLE + DASHES + BULLETS + SIGNS
SEPARATOR = "[" + re.escape(SEPARATORS) + "]"
OPENING = "[" + re.escape(SEPARATORS + QUOTES + STOPS + "<") + "]"
ENDING = "[" + re.escape(SEPARATORS + QUOTES + STOPS + ">") + "]"
ENDINGS = re.compile(f"{ENDING}*")
FRACTION = re.compile(f",0{ENDING}*")
UNSEEN = re.compile("[" + re.escape(INVISIBLE) + "]")
BLANK_FOR_PLUS = re.compile(f"[{re.escape(BLANKS + INVISIBLE)}([]*(?<= )(?![{re.escape(BLANKS + INVISIBLE)}([])")
PLUS = re.compile("[+＋﹢]")
CODE = re.compile(rf"{OPENING}*(\d(?:\d|{SEPARATOR})*)?")
NUMBER = re.compile(rf"{OPENING}*(\d(?:\d|{SEPARATOR})*)")
# What the package itself reads like PinGate.
PLAIN = re.compile(rf"{SEPARATOR}*[+＋]?(?:{SEPARATOR}*\d)+{SEPARATOR}*")
EXTENSION = re.compile(
    rf"[;,]*{SEPARATOR}*(?:extension|extn|ext|int|anexo|доб|[x#~ｘ＃～×]|(?<=[;,]))"
    rf"(?:{SEPARATOR}|[:=])*\d(?:\d|#|{SEPARATOR})*",
    re.IGNORECASE,
)
PARSER_BLANKS = str.maketrans({**{c: " " for c in BLANKS + BULLETS + DASHES}, **{c: None for c in INVISIBLE}})

LINK = re.compile(
    rf"[{re.escape(BLANKS + INVISIBLE + QUOTES)}<]*"
    r"(?:(?:tel|sms|smsto|mms|mmsto|callto):/*(?P<number>[^?&]*)"
    r"|(?:https?://)?(?:www\.)?(?:wa\.me/|api\.whatsapp\.com/send/?\?phone=|signal\.me/#p/)(?P<international>[^/?&#]*))",
    re.IGNORECASE,
)
ESCAPES = {"%2b": "+", "%20": " ", "%28": "(", "%29": ")", "%2d": "-"}

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
    PhoneNumberType.UAN: "organization",
    PhoneNumberType.VOICEMAIL: "voicemail",
}


class Refused(Exception):
    def __init__(self, name, owner=None):
        super().__init__(name)
        self.name, self.owner = name, owner


def verdict(typed, home, allowed):
    """The line that NumberVerdicts writes for the same input."""
    try:
        found = destinations(Typed(typed), home, allowed)
    except Refused as refusal:
        return "\t".join(["number." + refusal.name, *([refusal.owner] if refusal.owner else [])])
    # Ours: where two could be meant, the visitor is asked.
    if isinstance(found, tuple):
        return "\t".join(["unclear", *map(str, found)])
    return f"accepted\t{found}"


class Typed:
    """Ours: the package finds numbers in running text, reads letters as keys and drops what follows a number."""

    def __init__(self, typed):
        if len(typed.encode()) > LONGEST_TYPED:
            raise Refused("unreadable")
        link = LINK.match(typed)
        text = typed
        if link:
            text = link["number"] if link["number"] is not None else link["international"]
            text = re.sub("|".join(ESCAPES), lambda escape: ESCAPES[escape[0].lower()], text, flags=re.IGNORECASE)
        *codes, last = PLUS.split(text)
        before = [code for code in map(self.code, codes) if code]
        if len(before) > 1:
            raise Refused("unreadable")
        number = NUMBER.match(last)
        if not number:
            raise Refused("unreadable")
        digits = ascii_digits(number[1])
        digits = self.without_fraction(digits, number[1], last[number.end():])
        self.has_plus = bool(codes) or bool(link and link["international"] is not None)
        if codes:
            digits = digits.removeprefix("00")
        if before:
            # The code of the same country, once more.
            code = before[0].lstrip("0")
            if not (1 <= len(code) <= 3 and digits.startswith(code)):
                raise Refused("unreadable")
        if not digits:
            raise Refused("unreadable")
        self.digits = digits
        # Ours: a blank where a plus belongs was one.
        self.has_lost_plus = not (self.has_plus or link) and bool(BLANK_FOR_PLUS.match(text))
        # Of 250 characters and more the package reads nothing.
        is_plain = len(text) < 250 and not link and not before and PLAIN.fullmatch(text) and digits == ascii_digits(text)
        self.text = text.translate(PARSER_BLANKS) if is_plain else ("+" if self.has_plus else "") + digits

    @staticmethod
    def code(part):
        found = CODE.fullmatch(part)
        if not found:
            raise Refused("unreadable")
        digits = ascii_digits(part)
        return digits if digits.strip("0") else ""

    @staticmethod
    def without_fraction(digits, number, tail):
        """Without the ".0" of a spreadsheet; refuses what is neither that nor the end."""
        trimmed = UNSEEN.sub("", number).rstrip(SEPARATORS)
        if not ENDINGS.fullmatch(tail):
            is_fraction = re.fullmatch(r"\d+", trimmed) and FRACTION.fullmatch(tail)
            if not is_fraction:
                # Counted from the last plus on, as the number is.
                has_extension = len(digits) >= 4 and EXTENSION.fullmatch(number + tail, len(number))
                raise Refused("has_extension" if has_extension else "unreadable")
        return digits[:-1] if re.fullmatch(r"\d+\.\d", trimmed) and digits[-1] == "0" else digits


def ascii_digits(text):
    return "".join(str(unicodedata.decimal(c)) for c in text if unicodedata.decimal(c, None) is not None)


class Destination:
    def __init__(self, number, region, line):
        self.number, self.region, self.line = number, region, line

    def __str__(self):
        digits = phonenumbers.format_number(self.number, phonenumbers.PhoneNumberFormat.E164)[1:]
        written = phonenumbers.format_number(self.number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
        return "\t".join([digits, self.region, self.line, written])


class Reading:
    """What the package makes of a text, and what that comes to."""

    def __init__(self, text, region, allowed):
        self.number = self.destination = self.refusal = None
        try:
            self.number = valid(text, region)
            self.destination = judged(self.number, allowed)
        except Refused as refusal:
            self.refusal = refusal

    @property
    def is_mobile(self):
        """As far as the package goes."""
        mobile = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)
        return self.number is not None and phonenumbers.number_type(self.number) in mobile

    @property
    def mobile(self):
        return self.destination if self.destination and self.destination.line == "mobile" else None

    def outcome(self):
        if self.refusal:
            raise self.refusal
        return self.destination


def judged(number, allowed):
    kind = phonenumbers.number_type(number)
    owner = phonenumbers.region_code_for_number(number)
    owner = owner if owner != "001" else None
    if kind in REFUSED_KINDS:
        raise Refused(REFUSED_KINDS[kind], owner)
    digits = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)[1:]
    # Ours: 7 to 15 digits (ITU-T E.164, and what Vonage takes), also where the metadata has shorter or longer ones.
    if not 7 <= len(digits) <= 15:
        raise Refused("too_short" if len(digits) < 7 else "too_long", owner)
    region = owner
    if owner not in allowed:
        # Ours: ranges that two regions have in common are both's.
        region = next((one for one in allowed if phonenumbers.is_valid_number_for_region(number, one)), None)
    if owner is None or region is None:
        raise Refused("wrong_country", owner)
    return Destination(number, region, LINES[kind])


def destinations(typed, home, allowed):
    """Ours: what is meant, where the package reads one way only. A destination, or a tuple of those that could be."""
    # Ours: the package calls "12" a number and "1 2" none. Nothing between digits has a meaning.
    if len(typed.digits) < 3:
        raise Refused("too_short")
    if typed.has_plus:
        return international(typed.digits, allowed, Reading(typed.text, None, allowed))
    at_home = Reading(typed.text, home, allowed)
    if typed.digits.startswith("0") and not typed.digits.startswith("00"):
        return at_home.outcome()
    digits = typed.digits.removeprefix("00")
    abroad = Reading("+" + digits, None, allowed)
    if at_home.number and abroad.number and at_home.number == abroad.number:
        return international(digits, allowed, abroad)
    if typed.digits.startswith("00"):
        if at_home.number:
            return at_home.outcome()
        try:
            return international(digits, allowed, abroad)
        except Refused:
            raise (abroad if abroad.number else at_home).refusal from None

    national, foreign = at_home.destination, abroad.destination
    if at_home.mobile:
        if abroad.mobile:
            return (foreign, national) if typed.has_lost_plus else (national, foreign)
        if typed.has_lost_plus and abroad.number:
            return (foreign, national) if foreign else (national,)
        return national
    if abroad.mobile:
        return foreign
    once = without_doubled_code(digits, allowed)
    if once and once.line == "mobile":
        return tuple(one for one in (once, foreign, national) if one)
    if national and foreign:
        return foreign if typed.has_lost_plus else (foreign, national)
    if national:
        return (national,) if abroad.number else national
    if foreign:
        return foreign
    codes = [phonenumbers.country_code_for_region(country) for country in [home, *allowed]]
    if abroad.number and (abroad.is_mobile or typed.has_lost_plus or abroad.number.country_code in codes):
        raise abroad.refusal
    raise at_home.refusal


def international(digits, allowed, reading):
    """Ours: a calling code that stands there twice."""
    once = None if reading.mobile else without_doubled_code(digits, allowed)
    if once is None:
        return reading.outcome()
    if reading.destination:
        return (once, reading.destination) if once.line == "mobile" else reading.destination
    return (once,)


def without_doubled_code(digits, allowed):
    for length in (1, 2, 3):
        once = digits[length:].removeprefix("00") if len(digits) > 2 * length else ""
        if once.startswith(digits[:length]):
            found = Reading("+" + once, None, allowed).destination
            if found:
                return found
    return None


def valid(text, region):
    """Ours: what was dialed until the country did away with it is dropped where the number is none with it."""
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
