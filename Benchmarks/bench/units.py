"""How figures are written."""


def rate(value: float) -> str:
    return f"{value:,.0f}/s"


def mebibytes(value: float) -> str:
    return f"{value / (1 << 20):.1f} MiB"


def kibibytes(value: float) -> str:
    return f"{value / (1 << 10):.1f} KiB"


def milliseconds(value: float) -> str:
    """:param value: in seconds."""
    return f"{value * 1e3:.2f} ms" if value < 0.1 else f"{value * 1e3:,.0f} ms"


def times(value: float) -> str:
    return f"{value:.2f}" if value < 10 else f"{value:.0f}"


def number(value: float) -> str:
    return f"{value:,.0f}"
