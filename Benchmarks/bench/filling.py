"""Fills a store with counters, fast: many copies, under other keys, of what some real visitors have left there.

So nothing here knows how a counter is written. What is kept of one number, or of one address, stays together under one
key. What many visitors share, such as the counters of a prefix or of the site, is not copied.
"""

import os
import random
import socket
import sqlite3
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from stack.waiting import until

# Shorter keys name what there is one of: the site.
KEY_BYTES = 16
# Records that one call of the script writes.
REDIS_BATCH = 50_000

# Writes copies of records under other keys: those of one model have one key, as they have in the original. Runs inside Redis,
# because sending ten million commands takes longer than carrying them out.
#
# ARGV: the salt of the keys, how many records to write, about; then of each record its model, beginning, value, and lifetime
# in ms.
COPY = b"""
local made, round = 0, 0
while true do
  round = round + 1
  local model, key
  for i = 3, #ARGV, 4 do
    if ARGV[i] ~= model then
      if made >= tonumber(ARGV[2]) then return made end
      model = ARGV[i]
      key = string.sub(redis.sha1hex(ARGV[1] .. ' ' .. round .. ' ' .. model), 1, %d)
    end
    redis.call('SET', ARGV[i + 1] .. key, ARGV[i + 2], 'PX', ARGV[i + 3])
    made = made + 1
  end
end
""" % (2 * KEY_BYTES)


def fill_sqlite(file: Path, count: int) -> None:
    """:param file: a store of PinGate's with a few visitors' records; nobody else has it open.
    :param count: how many rows there are to be, about, each with a counter or several.
    """
    database = sqlite3.connect(file, isolation_level=None)
    try:
        database.execute("PRAGMA journal_mode = OFF")
        database.execute("PRAGMA synchronous = OFF")
        database.execute("PRAGMA cache_size = -262144")
        # A row holds all that is kept of one number, or of one address.
        database.execute(f"CREATE TEMP TABLE model AS SELECT * FROM record WHERE length(key) = {KEY_BYTES}")
        (rows,) = database.execute("SELECT count(*) FROM model").fetchone()
        database.execute(
            "INSERT OR IGNORE INTO record (key, expires, value) WITH RECURSIVE number(n) AS "
            f"(SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < {count // rows + 1}) "
            f"SELECT randomblob({KEY_BYTES}) AS new, expires, value FROM number, model ORDER BY new LIMIT {count}"
        )
        database.execute("PRAGMA journal_mode = WAL")
    finally:
        database.close()
    settle(file)


def settle(file: Path) -> None:
    """Writes a file out, so that what is measured next does not wait for that."""
    with file.open("rb") as opened:
        os.fsync(opened.fileno())


@dataclass(frozen=True)
class Record:
    """What Redis holds under a name: `{pingate}:number.hour:0123…`."""

    beginning: bytes
    key: bytes
    value: bytes
    milliseconds: int


class RedisClient:
    """As much of Redis' protocol as filling needs."""

    def __init__(self, path: Path) -> None:
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(str(path))
        self.answers = self.socket.makefile("rb")

    def close(self) -> None:
        self.answers.close()
        self.socket.close()

    @staticmethod
    def command(*words: bytes) -> bytes:
        return b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in words)

    def ask(self, *words: bytes) -> bytes | int | list[bytes]:
        self.socket.sendall(self.command(*words))
        return self._answer()

    def _answer(self) -> bytes | int | list[bytes]:
        line = self.answers.readline().rstrip(b"\r\n")
        kind, rest = line[:1], line[1:]
        if kind == b"*":
            return [bytes(self._answer()) for _ in range(int(rest))]  # type: ignore[arg-type]
        if kind == b"$":
            return self.answers.read(int(rest) + 2)[:-2]
        if kind == b":":
            return int(rest)
        if kind == b"-":
            raise OSError(rest.decode())
        return rest


def fill_redis(path: Path, count: int) -> None:
    """As `fill_sqlite`."""
    client = RedisClient(path)
    try:
        there = client.ask(b"DBSIZE")
        assert isinstance(there, int)
        models = _models(client)
        assert models
        words = [
            word
            for number, model in enumerate(models)
            for record in model
            for word in (b"%d" % number, record.beginning, record.value, b"%d" % record.milliseconds)
        ]
        # Its log is written when all is there, and not twice.
        client.ask(b"CONFIG", b"SET", b"appendonly", b"no")
        for done in range(there, count, REDIS_BATCH):
            salt = random.randbytes(8).hex().encode()
            client.ask(b"EVAL", COPY, b"0", salt, b"%d" % min(REDIS_BATCH, count - done), *words)
        client.ask(b"CONFIG", b"SET", b"appendonly", b"yes")
        until(lambda: _has_settled(client), "Redis to settle", 30_000)
    finally:
        client.close()


def _has_settled(client: RedisClient) -> bool:
    told = _text(client.ask(b"INFO", b"persistence"))
    return b"aof_rewrite_in_progress:0" in told and b"aof_rewrite_scheduled:0" in told


def _text(answer: bytes | int | list[bytes]) -> bytes:
    assert isinstance(answer, bytes)
    return answer


def _models(client: RedisClient) -> list[list[Record]]:
    """What every visitor has left, by key."""
    by_kind: defaultdict[bytes, list[Record]] = defaultdict(list)
    names = client.ask(b"KEYS", b"*")
    assert isinstance(names, list)
    for name in names:
        beginning, _, key = name.rpartition(b":")
        left = client.ask(b"PTTL", name)
        if len(key) == 2 * KEY_BYTES and isinstance(left, int) and left > 0:
            by_kind[beginning].append(Record(beginning + b":", key, _text(client.ask(b"GET", name)), left))
    most = max(len(records) for records in by_kind.values())
    by_key: defaultdict[bytes, list[Record]] = defaultdict(list)
    for records in by_kind.values():
        if len(records) == most:
            for record in records:
                by_key[record.key].append(record)
    return list(by_key.values())
