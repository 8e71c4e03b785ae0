"""Many visitors at the same time, in one thread."""

import asyncio
from collections.abc import Mapping
from email.parser import BytesParser
from urllib.parse import urlencode, urlsplit

from stack.page import Page


async def post(url: str, form: Mapping[str, str]) -> Page:
    """Sends a form on a connection of its own."""
    parts = urlsplit(url)
    body = urlencode(form).encode()
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    try:
        writer.write(
            f"POST {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nConnection: close\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n".encode()
            + body
        )
        answer = await reader.read()
    finally:
        writer.close()
    head, _, content = answer.partition(b"\r\n\r\n")
    status_line, _, fields = head.partition(b"\r\n")
    page = Page(url, int(status_line.split()[1]), BytesParser().parsebytes(fields), content)
    assert page.field("Content-Length") == str(len(content)), "the answer broke off"
    return page
