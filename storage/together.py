"""Several pieces of work side by side, none of which is left behind."""

import asyncio
from collections.abc import Awaitable
from typing import Any, TypeVar, cast

T = TypeVar("T")


async def together(*works: Awaitable[T]) -> list[T]:
    """What each answers, in this order, when all have ended; then the first error is raised, if there was one.

    `asyncio.gather` goes on at the first error or cancellation while the others still hold connections.
    """
    answers: list[Any] = await asyncio.gather(*works, return_exceptions=True)
    for answer in answers:
        if isinstance(answer, BaseException):
            raise answer
    return cast(list[T], answers)
