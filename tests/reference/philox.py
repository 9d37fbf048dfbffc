"""Philox4x32-10 in Python integers: prints what philox_test.cpp and
batch_test.cpp expect, after checking itself against the known answers of
Random123 (kat_vectors).

Pinned: Python >= 3.8, no packages.
Run:    python tests/reference/philox.py
"""

from itertools import count, islice

MASK = 0xFFFFFFFF


def philox(counter, key):
    c, k = list(counter), list(key)
    for _ in range(10):
        p0, p1 = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [(p1 >> 32) ^ c[1] ^ k[0], p1 & MASK,
             (p0 >> 32) ^ c[3] ^ k[1], p0 & MASK]
        k = [(k[0] + 0x9E3779B9) & MASK, (k[1] + 0xBB67AE85) & MASK]
    return c


def stream(seed, epoch, sample, purpose):
    for block in count():
        yield from philox([block, epoch, sample, purpose],
                          [seed & MASK, seed >> 32])


def epoch_order(n, seed, epoch):
    order, words = list(range(n)), stream(seed, epoch, 0, 1)
    for i in range(n, 1, -1):
        j = next(words) * i >> 32
        order[i - 1], order[j] = order[j], order[i - 1]
    return order


if __name__ == "__main__":
    assert philox([0] * 4, [0] * 2) == [
        0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]
    assert philox([MASK] * 4, [MASK] * 2) == [
        0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD]
    busy = stream(0x0123456789ABCDEF, 0xFEDCBA98, 0x76543210, 2)
    print("busy:", *(f"0x{word:08x}" for word in islice(busy, 8)))
    print("epoch_order(8, 42, 0):", *epoch_order(8, 42, 0))
