"""Rules of voiding records and of taking it back. Pure."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared.facts.tables import FACT_KINDS
from shared.problems import Conflict

MAX_NAMED = 100  # records that an answer names; all are counted
MAX_TOLD = 3  # in a sentence


class HasDependants(Conflict):
    """别的记录还引用它

    Other records refer to it.
    """


class NamedElsewhere(Conflict):
    """别的办公室的记录引用了它

    Records of another office refer to it.
    """


class NotCurrent(Conflict):
    """这个版本已不是现行的

    The version is not current any more.
    """


class VoidClosed(Conflict):
    """这次作废已经撤回

    The void has been taken back already.
    """


class NotFree(Conflict):
    """已不能恢复

    The records cannot be written again.
    """


@dataclass(frozen=True)
class FoundRecord:
    """A current record: `own_id` is that by which others refer to it, None of a kind without.

    `is_ours` where the caller may void it. `region` is what it belongs to.
    """

    kind: str
    version: int
    subject: str
    office: str
    region: str
    own_id: str | None
    is_ours: bool

    @property
    def named(self) -> dict[str, Any]:
        """How an answer names it."""
        return {"kind": self.kind, "version": self.version, "subject": self.subject}


@dataclass(frozen=True)
class Obstacle:
    """A voided record that cannot be written again: its key is taken, or what it names is gone."""

    kind: str
    version: int
    subject: str
    cause: str


Place = tuple[str, int]  # kind and version
KEY_TAKEN, REFERENCE_GONE = "key_taken", "reference_gone"


def count_by_kind(records: Iterable[FoundRecord]) -> dict[str, int]:
    """Numbers of records by kind, in the order of a ledger."""
    counts = Counter(record.kind for record in records)
    return {name: counts[name] for name in FACT_KINDS if name in counts}


def name_records(dependants: Sequence[FoundRecord]) -> dict[str, Any]:
    """Members of an answer that name and count dependants: our own, and those of others."""
    ours = [each for each in dependants if each.is_ours]
    return {
        "count": len(ours),
        "counts": count_by_kind(ours),
        "dependants": [{**each.named, "office": each.office} for each in dependants[:MAX_NAMED]],
        "elsewhere": len(dependants) - len(ours),
    }


def refuse_unseen(dependants: Sequence[FoundRecord], consented: int) -> None:
    """Raise unless the caller may void all that refers to a record, and knows how many that is."""
    named = name_records(dependants)
    others = [each for each in dependants if not each.is_ours]
    if others:
        told = "、".join(f"{each.office}:{each.subject}" for each in others[:MAX_TOLD])
        raise NamedElsewhere(
            f"{len(others)} 条别的办公室的记录引用了它：{told}",
            f"{len(others)} records of another office refer to it: {told}",
            **named,
        )
    if len(dependants) != consented:
        titles = "、".join(
            f"{FACT_KINDS[name].zh} {count} 条" for name, count in named["counts"].items()
        )
        counted = ", ".join(f"{name} {count}" for name, count in named["counts"].items())
        raise HasDependants(
            f"引用它的有 {len(dependants)} 条（{titles or '无'}）；"
            "要一并作废，请写 dependants 为这个数",
            f"{len(dependants)} records refer to it ({counted or 'none'}); to void them"
            " together, send this number as `dependants`.",
            **named,
        )


def find_obstacles(
    records: Iterable[FoundRecord],
    taken: Collection[Place],
    gone: Collection[Place],
) -> list[Obstacle]:
    """What keeps records from being written again, by their kinds and versions."""
    found = []
    for record in records:
        place = (record.kind, record.version)
        for among, cause in ((taken, KEY_TAKEN), (gone, REFERENCE_GONE)):
            if place in among:
                found.append(Obstacle(record.kind, record.version, record.subject, cause))
    return found


def refuse_obstacles(obstacles: Sequence[Obstacle]) -> None:
    """Raise NotFree where something keeps a void from being taken back, naming it."""
    if not obstacles:
        return
    zh: Mapping[str, str] = {KEY_TAKEN: "作废后又登记过", REFERENCE_GONE: "所引用的记录不在了"}
    en: Mapping[str, str] = {
        KEY_TAKEN: "was recorded again since",
        REFERENCE_GONE: "refers to what is not there",
    }
    told = obstacles[:MAX_TOLD]
    raise NotFree(
        "；".join(f"{each.subject} {zh[each.cause]}" for each in told),
        "; ".join(f"{each.subject} {en[each.cause]}" for each in told),
        obstacles=[vars(each) for each in obstacles[:MAX_NAMED]],
        count=len(obstacles),
    )
