"""Damages bytes in ways that files are damaged, and in ways that attackers damage them.

Every mutator takes the bytes of a valid file and a seeded generator, so that a case is repeated
exactly by its seed.
"""

from __future__ import annotations

import random
import re
import struct
from collections.abc import Callable

Mutator = Callable[[bytes, random.Random], bytes]

_EDGE = 600
"""Structure lies at the begin and the end of files: half of all damage is done there."""

_NUMBERS = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
_WORDS = (
    b"-1", b"0", b"1e999", b"nan", b"99999999999999999999", b"-9223372036854775809", b"",
    b'"', b"\x00", b"\xff\xfe", b"[" * 2000, b"{" * 2000, b"2147483648", b"1" * 5000,
)  # fmt: skip


def truncate(data: bytes, rng: random.Random) -> bytes:
    """The rest is missing."""
    return data[: _place(data, rng)]


def flip_bits(data: bytes, rng: random.Random) -> bytes:
    """Some bits are wrong, as after a bad transfer."""
    changed = bytearray(data)
    for _ in range(rng.choice((1, 1, 4, 32))):
        changed[_place(data, rng)] ^= 1 << rng.randrange(8)
    return bytes(changed)


def overwrite_block(data: bytes, rng: random.Random) -> bytes:
    """A block is zeros, ones or noise, as after a lost sector."""
    start = _place(data, rng)
    length = min(rng.choice((4, 16, 512, 4096)), len(data) - start)
    fill = rng.choice((bytes(length), b"\xff" * length, rng.randbytes(length)))
    return data[:start] + fill + data[start + length :]


def extreme_length(data: bytes, rng: random.Random) -> bytes:
    """A number that may be a length or a count is as large or as small as can be."""
    order, (code, size) = rng.choice("<>"), rng.choice((("H", 2), ("I", 4), ("I", 4), ("Q", 8)))
    start = min(_place(data, rng), max(0, len(data) - size))
    value = rng.choice(_NUMBERS) & (2 ** (8 * size) - 1)
    if size == 8:
        value = rng.choice((value, 2**63 - 1, 2**64 - 1, 2**40))
    return data[:start] + struct.pack(order + code, value) + data[start + size :]


def splice(data: bytes, rng: random.Random) -> bytes:
    """A piece is cut out, doubled or put elsewhere."""
    start, other = _place(data, rng), _place(data, rng)
    piece = data[start : start + rng.choice((1, 8, 64, 1024))]
    how = rng.randrange(3)
    if how == 0:
        return data[:start] + data[start + len(piece) :]
    if how == 1:
        return data[:start] + piece * rng.choice((2, 2, 50)) + data[start + len(piece) :]
    return data[:other] + piece + data[other:]


def replace_word(data: bytes, rng: random.Random) -> bytes:
    """A number or a word of a text is one that nobody expects."""
    words = list(re.finditer(rb"[\w.+-]+", data))
    if not words:
        return data
    word = rng.choice(words)
    return data[: word.start()] + rng.choice(_WORDS) + data[word.end() :]


def move_lines(data: bytes, rng: random.Random) -> bytes:
    """A line of a text is missing, doubled or elsewhere."""
    lines = data.split(b"\n")
    line = lines.pop(rng.randrange(len(lines)))
    for _ in range(rng.choice((0, 1, 2))):
        lines.insert(rng.randrange(len(lines) + 1), line)
    return b"\n".join(lines)


BINARY: tuple[Mutator, ...] = (truncate, flip_bits, overwrite_block, extreme_length, splice)
TEXT: tuple[Mutator, ...] = (truncate, flip_bits, overwrite_block, splice, replace_word, move_lines)


def _place(data: bytes, rng: random.Random) -> int:
    last = max(0, len(data) - 1)
    edge = min(_EDGE, last)
    return rng.choice(
        (
            rng.randint(0, edge),
            last - rng.randint(0, edge),
            rng.randint(0, last),
            rng.randint(0, last),
        )
    )
