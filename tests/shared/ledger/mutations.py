"""Mutations of files: bytes, parts, attributes and headers changed by damage or malice."""

import io
import random
import re
import warnings
import zipfile
from collections.abc import Callable, Sequence

Mutation = Callable[[bytes, random.Random], bytes]


def flip_bytes(content: bytes, chance: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.choice((1, 3, 30))):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def cut_end(content: bytes, chance: random.Random) -> bytes:
    return content[: chance.randrange(len(content))]


def cut_middle(content: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(content))
    return content[:start] + content[start + chance.randrange(1, 500) :]


def drop_part(content: bytes, chance: random.Random) -> bytes:
    parts = unzip(content)
    parts.pop(chance.randrange(len(parts)))
    return pack(parts)


def double_part(content: bytes, chance: random.Random) -> bytes:
    parts = unzip(content)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pack([*parts, chance.choice(parts)])


def cut_part(content: bytes, chance: random.Random) -> bytes:
    return change_part(content, chance, lambda part: cut_end(part or b" ", chance))


def drop_attribute(content: bytes, chance: random.Random) -> bytes:
    return change_match(content, chance, rb' [\w:-]+="[^"]*"', lambda found: b"")


def change_attribute(content: bytes, chance: random.Random) -> bytes:
    values = (b"", b"0", b"-1", b"1048577", b"4294967296", b"XFD1048576", b"A0", b"x" * 70_000)
    value = chance.choice(values)
    return change_match(
        content, chance, rb' [\w:-]+="[^"]*"', lambda f: f.split(b'"')[0] + b'"' + value + b'"'
    )


def move_cell(content: bytes, chance: random.Random) -> bytes:
    places = (b"A1", b"ZZZ1", b"XFD1048576", b"A99999999", b"B", b"7", b"AA100000")
    place = b'r="' + chance.choice(places) + b'"'
    return change_match(content, chance, rb'r="[A-Z]+\d+"', lambda found: place)


def double_element(content: bytes, chance: random.Random) -> bytes:
    return change_match(content, chance, rb"<[\w:]+[^>]*>", lambda found: found * 2)


def repeat_element(content: bytes, chance: random.Random) -> bytes:
    return change_match(
        content,
        chance,
        rb"<(row|c|table:table-row|table:table-cell)\b",
        lambda f: f + b' number="9"',
    )


def lie_about_size(content: bytes, chance: random.Random) -> bytes:
    """A header of an archive, or of a record, with other sizes."""
    starts = [m.start() for m in re.finditer(rb"PK\x01\x02|PK\x03\x04", content)] or [512]
    at = chance.choice(starts) + chance.randrange(4, 46)
    return content[:at] + bytes(chance.randrange(256) for _ in range(4)) + content[at + 4 :]


def add_document_type(content: bytes, chance: random.Random) -> bytes:
    entities = b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    return change_match(content, chance, rb"\?>", lambda found: found + entities)


def inflate_part(content: bytes, chance: random.Random) -> bytes:
    return change_part(content, chance, lambda part: part + b" " * 80_000_000)


def unzip(content: bytes) -> list[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        return [(item.filename, parts.read(item)) for item in parts.infolist()]


def pack(parts: Sequence[tuple[str, bytes]]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts:
            file.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def change_part(content: bytes, chance: random.Random, change: Callable[[bytes], bytes]) -> bytes:
    parts = unzip(content)
    index = chance.randrange(len(parts))
    name, part = parts[index]
    parts[index] = name, change(part)
    return pack(parts)


def change_match(
    content: bytes, chance: random.Random, pattern: bytes, change: Callable[[bytes], bytes]
) -> bytes:
    """Change one match of the pattern in a part that has any."""

    def change_in(part: bytes) -> bytes:
        found = [*re.finditer(pattern, part)]
        if not found:
            return part
        one = chance.choice(found)
        return part[: one.start()] + change(one[0]) + part[one.end() :]

    return change_part(content, chance, change_in)


OF_BYTES: tuple[Mutation, ...] = (flip_bytes, cut_end, cut_middle, lie_about_size)
OF_PARTS: tuple[Mutation, ...] = (
    drop_part,
    double_part,
    cut_part,
    drop_attribute,
    change_attribute,
    change_attribute,
    move_cell,
    double_element,
    repeat_element,
    add_document_type,
    inflate_part,
)
