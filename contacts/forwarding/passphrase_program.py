"""Encrypts with age to a passphrase: its line and the bytes on stdin, the ciphertext on stdout. See `contacts.forwarding.age`."""

import sys

from contacts.forwarding.apart import talked


def locked(given: bytes) -> bytes:
    """The ciphertext, by scrypt (RFC 7914) as age does it."""
    import pyrage  # noqa: PLC0415 - only in this process

    passphrase, _, octets = given.partition(b"\n")
    if not passphrase:
        raise ValueError("no passphrase")
    return bytes(pyrage.passphrase.encrypt(octets, passphrase.decode()))


if __name__ == "__main__":
    sys.exit(talked(locked, cpu_seconds=60))
