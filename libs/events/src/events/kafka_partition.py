"""The partition of a key, as the default partitioner of the Java client chooses it, so that every client agrees.

All keys of a batch are hashed at once: one large number has a lane of 64 bits for each key, and one step of the hash, done
to the large number, is done to all keys. A key at a time takes five times as long, most of the cost of a message.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from struct import pack, unpack

SEED, FACTOR, BITS = 0x9747B28C, 0x5BD1E995, 0xFFFFFFFF


def partitions_of(keys: Iterable[str], count: int) -> dict[str, int]:
    """The partition of each key in a topic of `count` partitions."""
    alike: dict[int, list[bytes]] = defaultdict(list)
    for key in set(keys):
        encoded = key.encode()
        alike[len(encoded)].append(encoded)
    return {
        key.decode(): (hashed & 0x7FFFFFFF) % count
        for group in alike.values()
        for key, hashed in zip(group, murmur2(group), strict=True)
    }


def murmur2(keys: Sequence[bytes]) -> Sequence[int]:
    """MurmurHash2 as Apache Kafka uses it, of keys that are equally long, as unsigned numbers of 32 bits."""
    count, length = len(keys), len(keys[0])
    words, rest = divmod(length, 4)
    padded = [key + bytes(4 - rest) for key in keys] if rest else keys
    laid = unpack(f"<{count * (words + bool(rest))}I", b"".join(padded))
    ones = int.from_bytes(pack("<Q", 1) * count, "little")
    low = ones * BITS  # what a step carries beyond 32 bits stays in the upper half of its lane, and is cut off
    hashed = ones * (SEED ^ length)
    for place in range(words):
        word = _lanes(laid[place :: words + bool(rest)]) * FACTOR & low
        hashed = hashed * FACTOR & low ^ (word ^ word >> 24 & low) * FACTOR & low
    if rest:
        hashed = (hashed ^ _lanes(laid[words :: words + 1])) * FACTOR & low
    hashed = (hashed ^ hashed >> 13 & low) * FACTOR & low
    return unpack(f"<{count}Q", (hashed ^ hashed >> 15 & low).to_bytes(count * 8, "little"))


def _lanes(words: Sequence[int]) -> int:
    return int.from_bytes(pack(f"<{len(words)}Q", *words), "little")
