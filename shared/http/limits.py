"""Limits of what comes in over HTTP: one table, which a gateway before the services repeats."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

MEGABYTE = 1_000_000
MAX_FORM_PARTS = 10  # of a form, files and fields together
MAX_FIELD_BYTES = 100_000  # of a field of a form that is no file

AnyFunction = TypeVar("AnyFunction", bound=Callable[..., Any])


@dataclass(frozen=True)
class BodyLimit:
    """The most that bodies of a kind have."""

    megabytes: float

    @property
    def max_bytes(self) -> int:
        return int(self.megabytes * MEGABYTE)


IMPORTS = BodyLimit(200)
ATTACHMENTS = BodyLimit(200)
PHOTOS = BodyLimit(20)
OTHER_BODIES = BodyLimit(1)
SIGN_IN_BODIES = BodyLimit(0.1)


@dataclass(frozen=True)
class ConnectionLimits:
    """How long a connection may keep us waiting, in seconds, and how many there may be.

    What is sent or read has `patience` seconds, and one more for every `least_rate` bytes of it
    that came through: an ordinary body is there or refused in less than a minute, an upload takes
    as long as it needs while it moves.
    """

    headers: float = 10
    patience: float = 30
    least_rate: int = 20_000
    idle: int = 30  # between two requests
    closing: float = 2  # in which an answer given early is read
    closing_bytes: int = MEGABYTE  # that are thrown away meanwhile
    most: int = 4000  # of a process

    def spared_until(self, since: float, through: int) -> float:
        """The moment until which something may go on that began then and got so far."""
        return since + self.patience + through / self.least_rate


CONNECTIONS = ConnectionLimits()


def takes_body(limit: BodyLimit) -> Callable[[AnyFunction], AnyFunction]:
    """Declare that the bodies of an endpoint are of a kind that may be larger than others."""

    def mark(function: AnyFunction) -> AnyFunction:
        function.__dict__["body_limit"] = limit
        return function

    return mark


def body_limit(function: Callable[..., Any], otherwise: BodyLimit = OTHER_BODIES) -> BodyLimit:
    declared: BodyLimit = getattr(function, "body_limit", otherwise)
    return declared
