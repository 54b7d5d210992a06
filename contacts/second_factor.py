"""Time-based one-time codes (RFC 6238: SHA-1, 6 digits, 30 s), each good once.

The shared secret is sealed under the person's seed: only the passphrase leads to it.
"""

import pyotp
from pyotp.exceptions import OTPVerificationError
from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from contacts.envelopes import Unopenable, derived, unwrapped, wrapped
from contacts.framing import Deployment
from contacts.tables_staff import second_factors
from contacts.words import Words
from storage.clock import Clock, epoch_seconds
from storage.ids import StaffId

_ISSUER = "Quietline"
_SLIP = 1  # steps a telephone's clock may be off


class SecondFactors:
    """Makes and checks second factors. With `required` False (the demo) nobody has one and everybody passes."""

    def __init__(self, *, deployment: Deployment, clock: Clock, required: bool) -> None:
        self.required = required
        self._deployment = deployment
        self._clock = clock

    def new_secret(self) -> Words:
        """160 random bits in base32, as authenticator apps take them."""
        return Words(pyotp.random_base32())

    def address(self, secret: Words, login: str) -> Words:
        """The `otpauth:` address to show as a QR code."""
        return Words(pyotp.TOTP(secret.reveal()).provisioning_uri(name=login, issuer_name=_ISSUER))

    def step(self, secret: Words, code: str) -> int | None:
        """The time step this code belongs to, if it is one of the present ones."""
        digits = "".join(code.split())
        try:
            return pyotp.TOTP(secret.reveal()).verify_and_get_timecode(
                digits, for_time=epoch_seconds(self._clock.now()), valid_window=_SLIP
            )
        except OTPVerificationError:
            return None

    async def keep(self, conn: AsyncConnection, staff: StaffId, seed: bytes, secret: Words, used: int) -> None:
        """Store the secret of somebody who enrols; `used` is the step of the code that confirmed it."""
        await self.forget(conn, staff)
        sealed = wrapped(self._key(seed), secret.reveal().encode(), *self._place(staff))
        await conn.execute(insert(second_factors).values(staff=staff, secret=sealed, last_step=used))

    async def forget(self, conn: AsyncConnection, staff: StaffId) -> None:
        """The person left or is enrolled anew."""
        await conn.execute(delete(second_factors).where(second_factors.c.staff == staff))

    async def passed(self, conn: AsyncConnection, staff: StaffId, seed: bytes, code: str) -> bool:
        """Whether this code is right and was not used before; using it up is part of the transaction."""
        if not self.required:
            return True
        row = (await conn.execute(select(second_factors).where(second_factors.c.staff == staff))).one_or_none()
        if row is None:
            return False
        try:
            secret = Words(unwrapped(self._key(seed), row.secret, *self._place(staff)).decode())
        except Unopenable:
            return False
        step = self.step(secret, code)
        if step is None:
            return False
        used = await conn.execute(
            update(second_factors)
            .where(second_factors.c.staff == staff, second_factors.c.last_step < step)
            .values(last_step=step)
        )
        return used.rowcount == 1

    def _key(self, seed: bytes) -> bytes:
        return derived(seed, salt=b"", bound_to=("ql1/second-factor", self._deployment))

    def _place(self, staff: StaffId) -> tuple[str, ...]:
        return ("ql1/second-factor", self._deployment, staff)
