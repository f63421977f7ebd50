"""Rules of writing a record, pure: from the current one and the version that the sender knew."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import Enum
from typing import Any

from shared.problems import Forbidden, InvalidRequest, Stale


class NotYet(InvalidRequest):
    """还没有到这个时刻

    That moment is still to come.
    """


class WriteStep(Enum):
    nothing = "nothing"  # it is recorded already
    append = "append"
    supersede = "supersede"


def decide_step(
    current: Mapping[str, Any] | None, fact: Mapping[str, Any], expected: int | None
) -> WriteStep:
    """Decide between appending, superseding and doing nothing.

    `expected` is the version that the sender has seen (`If-Match`), None if none. Raises Stale
    when the sender did not know the version that it would replace. A fact that is recorded already
    may be sent again with any version, so that a response lost on the way does no harm.
    """
    if current is None and expected is None:
        return WriteStep.append
    if current is None:
        raise Stale("这条记录已经没有了", "The record is gone.", current=None)
    if all(current[name] == value for name, value in fact.items()):
        return WriteStep.nothing
    if expected == current["version"]:
        return WriteStep.supersede
    raise Stale(
        f"现在是第 {current['version']} 版，请在 If-Match 中写明所依据的版本",
        f"It is at version {current['version']}; name the one you have seen in If-Match.",
        current=current["version"],
    )


def refuse_reserved_fields(
    current: Mapping[str, Any] | None, fact: Mapping[str, Any], office_fields: Iterable[str]
) -> None:
    """Raise Forbidden when a field changes that only the office fills.

    A problem, for instance, is closed by the one that verifies it.
    """
    for name in office_fields:
        if fact[name] != (current or {}).get(name):
            raise Forbidden(f"{name} 由重点项目办填写", f"Only the office may fill {name}.")


def refuse_future(known_at: datetime | None, settled: datetime) -> None:
    """Raise NotYet for a moment after the settled one: what was known then may still change."""
    if known_at and known_at > settled:
        raise NotYet(f"现在是 {settled.isoformat()}", f"It is {settled.isoformat()} now.")
