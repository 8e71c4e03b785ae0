"""The settings of PinGate's limits."""

# Every limit of docs/limits.md.
ROWS = [
    *("SITE_HOUR", "SITE_DAY", "COUNTRY_HOUR", "PREFIX6_HOUR", "PREFIX4_HOUR", "PREFIX4_DAY"),
    *("NUMBER_HOUR", "NUMBER_DAY", "TRUSTED_HOUR", "TRUSTED_DAY", "ATTEMPT_RESENDS"),
    *("ADDRESS_MINUTE", "ADDRESS_HOUR", "ADDRESS_DAY", "NET_HOUR", "NET_DAY", "WIDE_NET_DAY"),
    *("BROWSER_HOUR", "PREFIX4_RATION", "PREFIX6_RATION", "COUNTRY_RATION"),
    *("REQUEST_WRONG", "ATTEMPT_WRONG", "NUMBER_WRONG_HOUR", "NUMBER_WRONG_DAY", "NUMBER_WRONG_TOTAL"),
    *("TRUSTED_WRONG_HOUR", "TRUSTED_WRONG_DAY", "TRUSTED_WRONG_TOTAL", "ADDRESS_TRIES", "ADDRESS_WRONG_HOUR"),
    *("NET_WRONG_HOUR", "BROWSER_TRIES", "SITE_WRONG_HOUR"),
]

# Counted all the same, but reached by no test: a whole run comes from one address, and asks for thousands of messages.
OUT_OF_REACH = {f"PINGATE_LIMIT_{row}": "1000000" for row in ROWS} | {
    "PINGATE_LIMIT_COOLDOWNS": "off",
    "PINGATE_LIMIT_RESEND_COOLDOWNS": "off",
    "PINGATE_LIMIT_SHARE": "off",
}

# As they are when nobody says otherwise; for `pingate.start`, whose settings go before these.
USUAL = {name: "" for name in OUT_OF_REACH}
