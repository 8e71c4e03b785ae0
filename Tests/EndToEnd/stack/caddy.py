"""Caddy, with the block of one site."""

from collections.abc import Mapping
from dataclasses import dataclass

from stack import listening
from stack.workplace import EndedEarly, Part, Workplace

TRIES = 5


@dataclass(frozen=True)
class Caddy:
    part: Part
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"


def start(workplace: Workplace, name: str, block: str, files: Mapping[str, str], before: str = "") -> Caddy:
    """Caddy with one site on a port that is free; it cannot be handed a socket.

    :param block: what stands in the site's block.
    :param files: the texts of further files beside the Caddyfile, by their names.
    :param before: what stands in front of the site's block.
    """
    for _ in range(TRIES):
        port = listening.free_port()
        folder = workplace.new_folder(name)
        for file, text in files.items():
            (folder / file).write_text(text)
        names = f"http://127.0.0.1:{port}, http://www.example.com:{port}"
        site = f"{names} {{\nbind 127.0.0.1\n{block}\n}}\n"
        (folder / "Caddyfile").write_text("{\nadmin off\nauto_https off\n}\n" + before + "\n" + site)
        part = workplace.start(
            name, ["caddy", "run", "--config", folder / "Caddyfile"], environment={"HOME": str(folder)}, folder=folder
        )
        try:
            part.until_ready(lambda: listening.accepts(port))  # noqa: B023 (called at once)
        except EndedEarly:
            continue
        return Caddy(part, port)
    raise AssertionError("Caddy does not start")
