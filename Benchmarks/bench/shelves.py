"""Stores that hold as many counters as a measurement wants."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from stack.workplace import Workplace

from bench import filling, store, workbench

# A store as large as this is not made anew for each measurement, which adds next to nothing to it.
LARGE = 10**6
# Who leaves the first records, of which the others are copies.
FIRST_VISITORS = 100


class SQLiteShelf:
    """Databases, of which the small ones are used once."""

    def __init__(self, workplace: Workplace) -> None:
        self.workplace = workplace
        self.files: dict[int, Path] = {}

    @contextmanager
    def holding(self, count: int) -> Iterator[str]:
        """A path, for as long as the store may be used."""
        if count not in self.files:
            self.files[count] = self._made(count)
        file = self.files[count]
        if count >= LARGE:
            yield str(file)
            return
        copy = store.new_sqlite(self.workplace)
        shutil.copy(file, copy)
        filling.settle(copy)
        yield str(copy)
        shutil.rmtree(copy.parent)

    def _made(self, count: int) -> Path:
        file = store.new_sqlite(self.workplace)
        store.visit_once(str(file), FIRST_VISITORS)
        filling.fill_sqlite(file, count)
        return file


class RedisShelf:
    """Redis servers, of which the small ones are used once."""

    def __init__(self, workplace: Workplace) -> None:
        self.workplace = workplace
        self.large: dict[int, store.Redis] = {}

    @contextmanager
    def holding(self, count: int) -> Iterator[str]:
        """An address, for as long as the store may be used."""
        if count >= LARGE:
            if count not in self.large:
                self.large[count] = self._made(self.workplace, count)
            yield self.large[count].store
        else:
            with workbench.part_of(self.workplace, "redis") as place:
                yield self._made(place, count).store

    def _made(self, place: Workplace, count: int) -> store.Redis:
        redis = store.start_redis(place)
        store.visit_once(redis.store, FIRST_VISITORS)
        filling.fill_redis(redis.socket, count)
        return redis

    def close(self) -> None:
        for redis in self.large.values():
            workbench.end(redis.part)
