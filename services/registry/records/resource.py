"""Resource: a kind of fact over HTTP, that is its addresses, and who may read and write it.

All else about the kind, its columns and its key, is in its declaration (`shared.facts`).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from pydantic import BaseModel
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.facts.belonging import PROJECT_ID, PROJECTS, OfProject
from shared.facts.kind import FactKind
from shared.facts.tables import allowed_readers
from shared.http.tokens import Caller, Role

OFFICE = (Role.office,)
REPORTERS = (Role.unit, Role.field)  # whose records may wait for the office
READERS = (Role.office, Role.unit, Role.leader, Role.field, Role.inspector)
VERSION = "version"


@dataclass(frozen=True)
class Part:
    """Part of a kind: the records with a value in a column of the key; others have it blank."""

    column: str
    path: str  # after the address of the record that they are parts of
    singular: str
    zh: str


@dataclass(frozen=True)
class NamedOrder:
    """Order of a list by a column: the least first or the largest, and last where it is blank."""

    name: str
    zh: str
    column: str
    largest_first: bool = False


RECORDED = NamedOrder("recorded", "登记或更正先后", VERSION)  # that every list has
FULL, FULL_ZH = "full", "全部"  # the view that every record has


@dataclass(frozen=True)
class ComputedFilter:
    """Filter that no column answers: `condition` is SQL about a row of the kind's table.

    It may ask `%(today)s::date`, and sees of other kinds what the caller may see.
    """

    name: str
    zh: str
    description: str
    condition: str


@dataclass(frozen=True)
class View:
    """Another form of a record: `sql` is its JSON, made of a row of `found` and what hangs on it.

    Like a computed filter it may ask for today, and sees what the caller may see.
    """

    name: str
    zh: str
    model: type[BaseModel]
    sql: str


class WriteCheck(Protocol):
    async def __call__(
        self,
        session: AsyncSession,
        place: Mapping[str, Any],
        who: Caller,
        *,
        why: str,
        today: date,
    ) -> None: ...


@dataclass(frozen=True)
class Resource:
    """Declaration of a kind of fact as a resource.

    `singular` is the name of one record in operation ids. Each caller sees the records in its scope
    only. `filters` are columns by which the list is narrowed, `computed_filters` those that no
    column answers, `orders` those that it has beside that of recording, `sums` columns of amounts
    that are worth adding up, `views` other forms of a record; `office_fields` are filled by the
    office alone; `check_write` raises where nothing may be written now, by the address of a record.
    `part` makes a resource of a part of the kind, `blank` of the others: that is the column of the
    key which is blank in all of them.
    """

    kind: FactKind
    singular: str
    writers: tuple[Role, ...]
    filters: tuple[str, ...] = ()
    computed_filters: tuple[ComputedFilter, ...] = ()
    orders: tuple[NamedOrder, ...] = ()
    sums: tuple[str, ...] = ()
    views: tuple[View, ...] = ()
    office_fields: tuple[str, ...] = ()
    blank: str = ""
    check_write: WriteCheck | None = None
    part: Part | None = None

    @property
    def readers(self) -> tuple[Role, ...]:
        """Roles that may read it: those of the kind, and bureaus where they grant it."""
        roles = tuple(map(Role, allowed_readers(self.kind))) or READERS
        return (*roles, Role.approval) if self.kind.belongs.granted_by else roles

    @property
    def title(self) -> str:
        """Title of a record."""
        return self.part.zh if self.part else self.kind.zh

    @property
    def name(self) -> str:
        """Name of a record in operation ids."""
        return self.part.singular if self.part else self.singular

    @property
    def is_keyless(self) -> bool:
        return not self.kind.key

    @property
    def is_reported(self) -> bool:
        """Whether a record of it may wait, because others than the office write it."""
        return not set(REPORTERS).isdisjoint(self.writers)

    @property
    def is_below_project(self) -> bool:
        return isinstance(self.kind.belongs, OfProject)

    @property
    def list_path(self) -> str:
        path = f"/{PROJECTS}/{{{PROJECT_ID}}}/{self.kind.name}"
        path = path if self.is_below_project else f"/{self.kind.name}"
        return path + self.item_suffix + f"/{self.part.path}" if self.part else path

    @property
    def item_path(self) -> str:
        if self.is_keyless:
            return f"{self.list_path}/{{{VERSION}}}"
        return self.list_path + (f"/{{{self.part.column}}}" if self.part else self.item_suffix)

    @property
    def item_suffix(self) -> str:
        """The columns of the key that follow the path of the list."""
        above = (PROJECT_ID,) if self.is_below_project else ()
        apart = {*self.query_key, self.blank, self.part and self.part.column}
        columns = (c for c in self.kind.key if c not in above and c not in apart)
        return "".join(f"/{{{column}}}" for column in columns)

    @property
    def query_key(self) -> tuple[str, ...]:
        """Columns of the key that may be blank; they are parameters of the query."""
        apart = {self.blank, self.part and self.part.column}
        required = {column.name for column in self.kind.columns if column.required}
        return tuple(c for c in self.kind.key if c not in required and c not in apart)

    @property
    def key(self) -> tuple[str, ...]:
        """Columns that identify a record."""
        blank = (self.blank,) if self.blank else ()
        return (*path_columns(self.item_path), *self.query_key, *blank)

    @property
    def address_columns(self) -> tuple[str, ...]:
        """Columns that come from the path and the query, not from the body."""
        return path_columns(self.list_path) if self.is_keyless else self.key

    @property
    def above(self) -> tuple[str, ...]:
        """Columns of the address that lead to a record above, as to a project or a problem."""
        in_address = path_columns(self.item_path)
        return tuple(c.name for c in self.kind.columns if c.refers and c.name in in_address)

    @property
    def part_condition(self) -> str:
        """SQL condition of a part of the kind, or of the others; blank of a whole kind."""
        if self.part:
            return f"{self.part.column} IS NOT NULL"
        return f"{self.blank} IS NULL" if self.blank else ""

    @property
    def blank_values(self) -> dict[str, None]:
        return {self.blank: None} if self.blank else {}


def path_columns(path: str) -> tuple[str, ...]:
    return tuple(re.findall(r"{(\w+)}", path))
