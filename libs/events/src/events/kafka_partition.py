"""The partition of a key, as the default partitioner of the Java client chooses it, so that every client agrees.

The client library has the same in three times the time, which would be most of the cost of a message.
"""

import struct
from functools import lru_cache

SEED, FACTOR, BITS = 0x9747B28C, 0x5BD1E995, 0xFFFFFFFF


@lru_cache(maxsize=65536)
def partition_of(key: bytes, count: int) -> int:
    """The partition of `key` in a topic of `count` partitions."""
    return (murmur2(key) & 0x7FFFFFFF) % count


def murmur2(key: bytes) -> int:
    """MurmurHash2 as Apache Kafka uses it, as an unsigned number of 32 bits."""
    words = len(key) // 4
    hashed = SEED ^ len(key)
    for word in struct.unpack_from(f"<{words}I", key):
        word = word * FACTOR & BITS
        hashed = hashed * FACTOR & BITS ^ (word ^ word >> 24) * FACTOR & BITS
    if rest := key[words * 4 :]:
        hashed = (hashed ^ int.from_bytes(rest, "little")) * FACTOR & BITS
    hashed = (hashed ^ hashed >> 13) * FACTOR & BITS
    return hashed ^ hashed >> 15
