"""A small model of what may count: places, what was sent, and what the office said of it."""

from dataclasses import dataclass, field


@dataclass
class Sent:
    """A report that waited, by the model; `seen` is how often its record had changed before it."""

    id: int
    day: str
    amount: int
    seen: int
    state: str = "waiting"


@dataclass
class Place:
    """What counts of a day, whose figure it is, how often it changed, the office's last word."""

    amount: int | None = None
    is_units: bool = False
    changes: int = 0
    decision: str = ""
    accepted: Sent | None = None


@dataclass
class Model:
    """`before` are moments, and what counted then."""

    places: dict[str, Place]
    sent: list[Sent] = field(default_factory=list)
    before: list[tuple[str, dict[str, int | None]]] = field(default_factory=list)

    @property
    def counting(self) -> dict[str, int | None]:
        return {day: place.amount for day, place in self.places.items()}

    def waiting(self, day: str) -> list[Sent]:
        return [each for each in self.sent if (each.day, each.state) == (day, "waiting")]

    def is_stale(self, one: Sent) -> bool:
        return one.state == "waiting" and one.seen != self.places[one.day].changes

    def write(self, day: str, amount: int, *, is_units: bool, accepted: Sent | None = None) -> None:
        place = self.places[day]
        place.amount, place.is_units, place.accepted = amount, is_units, accepted
        place.changes += 1
