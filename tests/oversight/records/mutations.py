"""Everything that can be done to a sealed record, each with the place where it was done."""

from __future__ import annotations

import hashlib
import io
import json
import random
import struct
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from liandong.kernel import canonical
from liandong.oversight.records.proof.zip_form import Placed, central_header, crc32, end_record, local_header
from liandong.oversight.records.proof.zip_write import Archive

Entries = list[tuple[str, bytes]]
SHORTEST = 30 + len("manifest.json")
"""Of less than the first header nobody can tell what it was."""
ARCHIVE, MANIFEST, SIGNATURE = "archive", "manifest.json", "signature.json"


@dataclass(frozen=True)
class Mutation:
    """A record that somebody has been at: what was done, the bytes afterwards, and where it was done.

    `named` must be among the places that are found; nothing but `named` and `also` may be.
    """

    what: str
    content: bytes
    named: frozenset[str]
    also: frozenset[str] = frozenset()


def unpack(content: bytes) -> Entries:
    """The entries as an ordinary ZIP program reads them."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [(info.filename, archive.read(info)) for info in archive.infolist()]


def pack(entries: Entries) -> bytes:
    """The archive of these entries, as the format wants it."""
    out = io.BytesIO()
    archive = Archive(out)
    for name, body in entries:
        archive.add(name, body)
    archive.close()
    return out.getvalue()


def pack_any(entries: Entries) -> bytes:
    """The archive of these entries under whatever names, as nobody who keeps to the format would write it."""
    placed, out = [], io.BytesIO()
    for name, body in entries:
        placed.append(Placed(name, crc32(body), len(body), out.tell()))
        out.write(local_header(placed[-1]) + body)
    begins = out.tell()
    out.write(b"".join(map(central_header, placed)))
    out.write(end_record(len(placed), out.tell() - begins, begins))
    return out.getvalue()


class Layout:
    """To which entry every byte of an archive belongs, found without the code that is tested."""

    def __init__(self, content: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos, at = archive.infolist(), archive.start_dir
        self._starts = [(info.header_offset, info.filename) for info in infos]
        self.content_starts = {info.filename: info.header_offset + 30 + len(info.filename) for info in infos}
        for info in infos:
            self._starts.append((at, info.filename))
            at += 46 + sum(struct.unpack_from("<3H", content, at + 28))
        self._starts.append((at, ARCHIVE))

    def at(self, offset: int) -> str:
        """The entry whose header, content or line in the directory holds this byte."""
        return next(name for start, name in reversed(self._starts) if start <= offset)


def _both(*names: str) -> frozenset[str]:
    return frozenset(names)


def _around(*names: str) -> frozenset[str]:
    """What may be named besides: when the manifest itself was touched, nothing in it is sure any more."""
    return _both("*") if MANIFEST in names else frozenset()


class Hand:
    """Somebody's hand on a record, guided by one seed."""

    def __init__(self, content: bytes, seed: int) -> None:
        self.content, self.entries, self.layout = content, unpack(content), Layout(content)
        self.random = random.Random(seed)  # noqa: S311 - repeatable, not secret
        self.deeds: list[Callable[[], Mutation]] = [
            self.flip, self.flip, self.flip_around, self.drop, self.duplicate, self.rename, self.move, self.swap_facts,
            self.edit_value, self.edit_value, self.add, self.cut, self.put_in, self.take_out,
        ]  # fmt: skip

    def next(self) -> Mutation:
        """Another mutation."""
        return self.random.choice(self.deeds)()

    def flip(self) -> Mutation:
        """Any byte becomes another."""
        return self._flip(self.random.randrange(len(self.content)))

    def flip_around(self) -> Mutation:
        """A byte that is no content: in a header, the directory or the end."""
        contents = [(self.layout.content_starts[name], len(body)) for name, body in self.entries]
        around = set(range(len(self.content)))
        for start, size in contents:
            around -= set(range(start, start + size))
        return self._flip(self.random.choice(sorted(around)))

    def _flip(self, offset: int) -> Mutation:
        altered = bytearray(self.content)
        altered[offset] ^= self.random.randrange(1, 256)
        name = self.layout.at(offset)
        return Mutation(f"flip byte {offset}", bytes(altered), _both(name), _around(name))

    def drop(self) -> Mutation:
        """An entry is gone."""
        place = self._place()
        name = self.entries[place][0]
        entries = self.entries[:place] + self.entries[place + 1 :]
        return Mutation(f"drop {name}", pack(entries), _both(name), _around(name))

    def duplicate(self) -> Mutation:
        """An entry is there twice."""
        one, place = self.random.choice(self.entries), self.random.randrange(len(self.entries) + 1)
        entries = [*self.entries[:place], one, *self.entries[place:]]
        return Mutation(f"duplicate {one[0]} at {place}", pack(entries), _both(one[0]))

    def rename(self) -> Mutation:
        """An entry has another name."""
        place = self._place()
        name, body = self.entries[place]
        new = f"{name.rpartition('.')[0]}x.{name.rpartition('.')[2]}"
        entries = [*self.entries[:place], (new, body), *self.entries[place + 1 :]]
        return Mutation(f"rename {name}", pack(entries), _both(name), _around(name) | {new})

    def move(self) -> Mutation:
        """An entry stands in another place."""
        entries = list(self.entries)
        place = self._place()
        one = entries.pop(place)
        to = self.random.choice([other for other in range(len(entries) + 1) if abs(other - place) > 1])
        entries.insert(to, one)
        return Mutation(f"move {one[0]} to {to}", pack(entries), _both(one[0]))

    def swap_facts(self) -> Mutation:
        """Two facts of the ledger stand in each other's place."""
        places = [place for place, (name, _) in enumerate(self.entries) if name.startswith("ledger/facts/")]
        first, second = self.random.sample(places, 2)
        entries = list(self.entries)
        (one, body), (other, second_body) = entries[first], entries[second]
        entries[first], entries[second] = (one, second_body), (other, body)
        return Mutation(f"swap {one} and {other}", pack(entries), _both(one, other))

    def edit_value(self) -> Mutation:
        """One value somewhere in a document is another; the archive is made anew and is whole."""
        place, value, what = self._edited()
        name = self.entries[place][0]
        entries = [*self.entries[:place], (name, canonical.canonical_bytes(value)), *self.entries[place + 1 :]]
        return Mutation(f"edit {name}: {what}", pack(entries), _both(name), _around(name))

    def add(self) -> Mutation:
        """An entry that was not there."""
        name = self.random.choice(
            ["record/answers/9999.json", "deeds/99999.json", "originals/示例.png", "../x", "/x", "x.txt"]
        )
        body, place = b'{"a":1}', self.random.randrange(len(self.entries) + 1)
        shown = name.encode().decode("latin-1")
        content = pack_any([*self.entries[:place], (shown, body), *self.entries[place:]])
        return Mutation(f"add {name} at {place}", content, _both(shown))

    def cut(self) -> Mutation:
        """The tail is gone."""
        size = self.random.randrange(SHORTEST, len(self.content))
        whole = [name for name, body in self.entries if self.layout.content_starts[name] + len(body) <= size]
        lost = frozenset(name for name, _ in self.entries) - set(whole)
        named = _both(MANIFEST) if MANIFEST in lost else lost or _both(ARCHIVE)
        return Mutation(f"cut at {size}", self.content[:size], named, _around(*lost))

    def put_in(self) -> Mutation:
        """Bytes are put in between."""
        offset, more = self.random.randrange(len(self.content) + 1), self.random.randbytes(self.random.randrange(1, 9))
        name = self.layout.at(min(offset, len(self.content) - 1))
        content = self.content[:offset] + more + self.content[offset:]
        return Mutation(f"put {more.hex()} in at {offset}", content, frozenset(), _both("*", name))

    def take_out(self) -> Mutation:
        """Bytes are taken out from between."""
        offset, size = self.random.randrange(len(self.content) - 60), self.random.randrange(1, 50)
        content = self.content[:offset] + self.content[offset + size :]
        return Mutation(f"take {size} out at {offset}", content, frozenset(), _both("*"))

    def forge(self) -> Mutation:
        """A value is another, and the manifest was made to fit; only the signature cannot be."""
        place, value, what = self._edited(but={MANIFEST, SIGNATURE})
        name, body = self.entries[place][0], canonical.canonical_bytes(value)
        entries = relist([*self.entries[:place], (name, body), *self.entries[place + 1 :]])
        return Mutation(f"forge {name}: {what}", pack(entries), _both(MANIFEST), _both("*", name))

    def _place(self) -> int:
        return self.random.randrange(len(self.entries))

    def _edited(self, but: set[str] = frozenset()) -> tuple[int, Any, str]:  # type: ignore[assignment]
        places = [i for i, (name, _) in enumerate(self.entries) if name.endswith(".json") and name not in but]
        place = self.random.choice(places)
        value = read(self.entries[place][1])
        holders = list(_holders(value))
        holder, key = self.random.choice(holders)
        holder[key] = self.other(holder[key])
        return place, value, str(key)

    def other(self, value: Any) -> Any:
        """Another value of the same kind."""
        if isinstance(value, bool):
            return not value
        if isinstance(value, int | float):
            return value + self.random.choice([1, -1, 0.5])
        if isinstance(value, str):
            return value + "改" if self.random.random() < 0.5 or not value else value[:-1]
        return self.random.choice([[], {}, "示例", 0]) if value is None else None


def every_value(content: bytes) -> Iterator[Mutation]:
    """Each value of each document but the manifest, changed once; the archive is made anew and is whole."""
    hand, entries = Hand(content, seed=0), unpack(content)
    for place, (name, body) in enumerate(entries):
        count = len(list(_holders(read(body)))) if name.endswith(".json") and name != MANIFEST else 0
        for number in range(count):
            value = read(body)
            holder, key = list(_holders(value))[number]
            holder[key] = hand.other(holder[key])
            put = (name, canonical.canonical_bytes(value))
            yield Mutation(f"{name}: {key}", pack([*entries[:place], put, *entries[place + 1 :]]), _both(name))


def every_entry(content: bytes) -> Iterator[Mutation]:
    """Each entry but the manifest, left out once."""
    entries = unpack(content)
    for place, (name, _) in enumerate(entries):
        if name != MANIFEST:
            yield Mutation(f"without {name}", pack([*entries[:place], *entries[place + 1 :]]), _both(name))


def read(body: bytes) -> Any:
    """A document of the record."""
    return json.loads(body)


def relist(entries: Entries) -> Entries:
    """The entries, with a manifest that lists them as they are and a signature file that names its digest."""
    found = dict(entries)
    manifest, signature = read(found[MANIFEST]), read(found[SIGNATURE])
    for one in manifest["files"]:
        if one["path"] in found:
            body = found[one["path"]]
            one |= {"sha256": hashlib.sha256(body).hexdigest(), "size": len(body)}
    listed = canonical.canonical_bytes(manifest)
    signature["manifest_sha256"] = hashlib.sha256(listed).hexdigest()
    put = {MANIFEST: listed, SIGNATURE: canonical.canonical_bytes(signature)}
    return [(name, put.get(name, body)) for name, body in entries]


def _holders(value: Any) -> Any:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in list(items):
        yield value, key
        yield from _holders(inner)


__all__ = ["ARCHIVE", "Hand", "Layout", "Mutation", "pack", "read", "relist", "unpack"]
