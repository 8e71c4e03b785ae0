"""One answer, read as a browser reads it."""

from dataclasses import dataclass, field
from email.message import Message
from functools import cached_property
from html.parser import HTMLParser


@dataclass
class Form:
    action: str = ""
    method: str = ""
    fields: dict[str, str] = field(default_factory=dict)


class _Reader(HTMLParser):
    """Collects the heading, the alert and the forms of a page."""

    VOID = {"input", "link", "meta", "img", "br", "hr"}

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.texts: dict[str, str] = {"title": "", "h1": "", "alert": "", "status": ""}
        self._open: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(attributes.get("action", ""), attributes.get("method", "get").lower()))
        if tag == "input" and self.forms and "name" in attributes:
            self.forms[-1].fields[attributes["name"]] = attributes.get("value", "")
        if tag not in self.VOID:
            self._open.append((tag, attributes.get("role", "")))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        for name in {name for element in self._open for name in element} & self.texts.keys():
            self.texts[name] += data


@dataclass(frozen=True)
class Page:
    url: str
    status: int
    fields: Message
    body: bytes

    @cached_property
    def _read(self) -> _Reader:
        reader = _Reader()
        reader.feed(self.text)
        return reader

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def form(self) -> Form:
        """Its first form: the one with the field to type into."""
        return self._read.forms[0]

    @property
    def has_form(self) -> bool:
        return bool(self._read.forms)

    @property
    def title(self) -> str:
        return self._read.texts["title"].strip()

    @property
    def heading(self) -> str:
        return " ".join(self._read.texts["h1"].split())

    @property
    def alert(self) -> str:
        return " ".join(self._read.texts["alert"].split())

    def field(self, name: str) -> str | None:
        """The value of a header field."""
        value = self.fields[name]
        return None if value is None else str(value)
