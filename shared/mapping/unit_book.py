"""The units of an office by name: known, new by an answer, or asked about."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from shared.facts.words import UnitKind
from shared.mapping.identities import StoredNames, fold_answer, next_ids
from shared.mapping.likeness import LikeNames, fold_project
from shared.mapping.model import Names
from shared.mapping.questions import NEW, UNIT, Option, Question, name_key

Place = tuple[str, int, str]  # sheet, row, letter of the column


@dataclass(frozen=True)
class NewUnit:
    """A unit that an answer makes: `new:department:县直部门`."""

    unit_id: str
    name: str
    kind: str
    group: str
    row: int


@dataclass
class UnitBook:
    """The units by name, as rows ask for them; what is asked and what is new gathers here."""

    stored: StoredNames
    kinds: Sequence[tuple[str, str]]  # kind and group of stored units
    names: Names
    new: dict[str, NewUnit] = field(default_factory=dict)
    questions: dict[str, Question] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.known = self.stored.by_name()
        self.answers = {fold_answer(name): key for name, key in self.names.units.items()}
        self.new_ids = iter(next_ids(self.stored.names, "U"))

    def meet(self, names: Iterable[tuple[str, Place]]) -> None:
        """Find all names once, so that an answer may be a unit that another name makes."""
        met = list(names)
        for name, place in met:
            self.find(name, place)
        self.questions.clear()
        for name, place in met:
            self.find(name, place)

    def find(self, name: str, place: Place) -> str | None:
        """The id of a unit by id, name or answer; None where it is asked."""
        folded = fold_project(name)
        if name in self.stored.names:
            return name
        answer = self.answers.get(folded)
        if answer and (chosen := self.choose(answer)):
            return chosen
        if len(exact := self.known.get(folded, [])) == 1:
            return exact[0]
        if folded in self.new:
            return self.new[folded].unit_id
        kind = parse_new_unit(answer) if answer else None
        if kind:
            self.new[folded] = NewUnit(next(self.new_ids), name, *kind, place[1])
            return self.new[folded].unit_id
        if folded not in self.questions:
            self.questions[folded] = self.ask(name, exact, place, answer)
        return None

    def choose(self, answer: str) -> str | None:
        """The unit of an answer: its id or name, stored or new in this import."""
        new = {unit.unit_id: unit.unit_id for unit in self.new.values()}
        if answer in self.stored.names or answer in new:
            return answer
        folded = fold_project(answer)
        if folded in self.new:
            return self.new[folded].unit_id
        exact = self.known.get(folded, [])
        return exact[0] if len(exact) == 1 else None

    def choose_or_make(self, answer: str, row: int) -> str | None:
        """The unit of an answer, or a new one: `new:department:县直部门:住建局`."""
        kind, group, name = ([*answer.removeprefix(f"{NEW}:").split(":", 2), "", ""])[:3]
        made = parse_new_unit(f"{NEW}:{kind}:{group}") if answer.startswith(f"{NEW}:") else None
        if made is None or not name.strip():
            return self.choose(answer)
        if known := self.choose(name):
            return known
        folded = fold_project(name)
        self.new[folded] = NewUnit(next(self.new_ids), name.strip(), *made, row)
        return self.new[folded].unit_id

    def ask(self, name: str, exact: Sequence[str], place: Place, answer: str | None) -> Question:
        bare = {key: fold_project(other) for key, other in self.stored.names.items()}
        alike = exact or dict.fromkeys(
            [key for key, other in bare.items() if is_nickname(fold_project(name), other)]
            + [*LikeNames(bare).rank(fold_project(name))]
        )
        kinds = self.kinds or [(kind.value, kind.label) for kind in UnitKind]
        options = [Option(key, self.stored.names[key]) for key in alike]
        options += [
            Option(f"{NEW}:{kind}:{group}", f"新单位，{UnitKind(kind).label}，组别“{group}”")
            for kind, group in kinds
        ]
        why = "有几个单位是这个名称" if exact else "没有这个单位"
        return Question(
            name_key(UNIT, name), f"“{name}”是哪个单位？{why}", tuple(options), *place, name, answer
        )


def is_nickname(name: str, full: str) -> bool:
    """Whether a longer name has the characters of a name in their order: 住建局."""
    characters = iter(full)
    return 1 < len(name) < len(full) and all(each in characters for each in name)


def parse_new_unit(answer: str) -> tuple[str, str] | None:
    """Kind and group of `new:department:县直部门`; the group is the kind's label by default."""
    new, _, rest = answer.partition(":")
    word, _, group = rest.partition(":")
    kind = next((k for k in UnitKind if word in (k.value, *k.zh)), None)
    return (kind.value, group or kind.label) if new == NEW and kind else None
