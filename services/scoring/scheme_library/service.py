"""Schemes: resolved by name and region, stored for offices, preserved as runs used them."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from pydantic import ValidationError
from sqlalchemy import literal
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.scoring.captions.scheme_words import list_sections
from services.scoring.engine.scheme.light_presets import Lights
from services.scoring.engine.scheme.model import Scheme, SchemeMistake
from services.scoring.scheme_library.schemas import (
    MistakeRead,
    SchemeAsk,
    SchemeChecked,
    SchemeRead,
    SchemeWords,
)
from services.scoring.schemes.scheme_files import built_in_schemes, parse_scheme, resolve_lights
from services.scoring.tables import Audit, OwnScheme, UsedScheme
from shared.child_processes.limits import SCHEME_TEXT
from shared.database.audit import write_audit_row
from shared.http.heavy_work import HeavyWork
from shared.http.tokens import Caller
from shared.problems import Conflict, NotFound

COUNTRY = ""  # the region of built-in schemes: they are everybody's


class SchemeChanged(Conflict):
    """方案的内容变了，版本号没有变

    The scheme's text has changed, but its version has not.
    """


class BuiltIn(Conflict):
    """这是内置方案的编号

    The id is a built-in scheme's.
    """


@dataclass(frozen=True)
class ResolvedScheme:
    """A scheme with its lights and its region, and for an office's own scheme its row."""

    scheme: Scheme
    preset: Lights
    region: str = COUNTRY
    own: OwnScheme | None = None

    def build_read(self) -> SchemeRead:
        own = self.own.model_dump(include={"text", "kept_by", "kept_at"}) if self.own else {}
        return SchemeRead(
            **self.scheme.model_dump(include={"id", "version", "zh", "source", "notes"}),
            lights=self.preset.id,
            document=self.scheme.model_dump(mode="json"),
            region=self.region,
            **own,
        )


# --- schemes by name -----------------------------------------------------------------------------


def find_built_in_scheme(name: str) -> tuple[Scheme, Lights]:
    """Find a built-in scheme and its lights by id. Raises NotFound."""
    scheme = built_in_schemes().get(name)
    if scheme is None:
        raise NotFound(f"没有方案 {name}", f"There is no scheme {name}.")
    return scheme, resolve_lights(scheme)


async def resolve_scheme(
    session: AsyncSession, name: str, region: str, version: int | None = None
) -> ResolvedScheme:
    """The scheme of a name in a region: a built-in one, or the nearest office's own.

    By default its last version. Raises NotFound.
    """
    versions = [
        resolved
        for resolved in await resolve_scheme_versions(session, name, region)
        if version in (None, resolved.scheme.version)
    ]
    if not versions:
        label = name if version is None else f"{name} 版本 {version}"
        raise NotFound(f"没有方案 {label}", f"There is no scheme {name} {version or ''}".strip())
    return versions[-1]


async def resolve_scheme_versions(
    session: AsyncSession, name: str, region: str
) -> list[ResolvedScheme]:
    """The versions of a scheme from the first on, of the nearest region that has it."""
    if name in built_in_schemes():
        return [ResolvedScheme(*find_built_in_scheme(name))]
    rows = await load_own_schemes(session, region, name)
    nearest = max((row.region for row in rows), key=len, default=COUNTRY)
    return [resolve_own_scheme(row) for row in rows if row.region == nearest]


async def load_own_schemes(
    session: AsyncSession, region: str, name: str | None = None
) -> Sequence[OwnScheme]:
    """Load schemes of offices of the region or above it, each version as it was stored last."""
    key = [col(OwnScheme.region), col(OwnScheme.id), col(OwnScheme.version)]
    query = select(OwnScheme).where(literal(region).startswith(col(OwnScheme.region)))
    if name is not None:
        query = query.where(col(OwnScheme.id) == name)
    query = query.ext(distinct_on(*key)).order_by(*key, col(OwnScheme.number).desc())
    return (await session.exec(query)).all()


def resolve_own_scheme(row: OwnScheme) -> ResolvedScheme:
    return ResolvedScheme(*parse_known_scheme(row.text), row.region, row)


# Of texts that were accepted: a child parsed each within its limits before.
parse_known_scheme = lru_cache(maxsize=64)(parse_scheme)


async def list_schemes(session: AsyncSession, region: str) -> list[SchemeRead]:
    """List the built-in schemes, then the offices' own by id, each in its last version."""
    built_in = [ResolvedScheme(*find_built_in_scheme(name)) for name in built_in_schemes()]
    rows = await load_own_schemes(session, region)
    last = {row.id: row for row in sorted(rows, key=lambda row: (row.id, len(row.region)))}
    own = map(resolve_own_scheme, last.values())
    return [resolved.build_read() for resolved in (*built_in, *own)]


async def read_scheme(
    session: AsyncSession, name: str, region: str, version: int | None = None
) -> SchemeRead:
    return (await resolve_scheme(session, name, region, version)).build_read()


async def describe_scheme(
    session: AsyncSession, name: str, region: str, version: int | None = None
) -> SchemeWords:
    """Describe a scheme in plain words, by default its last version. Raises NotFound."""
    resolved = await resolve_scheme(session, name, region, version)
    head = resolved.scheme.model_dump(include={"id", "version", "zh", "source", "notes"})
    sections = await asyncio.to_thread(list_sections, resolved.scheme, resolved.preset)
    return SchemeWords.model_validate({**head, "sections": sections})


async def list_scheme_versions(session: AsyncSession, name: str, region: str) -> list[SchemeRead]:
    """Raises NotFound where there is no version."""
    await resolve_scheme(session, name, region)
    versions = await resolve_scheme_versions(session, name, region)
    return [resolved.build_read() for resolved in versions]


# --- schemes of offices --------------------------------------------------------------------------


async def validate_scheme(text: str, work: HeavyWork, who: Caller) -> SchemeChecked:
    """Check a scheme's text, and report every mistake."""
    try:
        scheme, _ = await work(who, SCHEME_TEXT, parse_scheme, text)
    except SchemeMistake as mistake:
        whole = [{"line": None, "column": None, "detail": mistake.detail}]
        mistakes = [MistakeRead(**each) for each in mistake.extra.get("mistakes", whole)]
        return SchemeChecked(valid=False, id=None, version=None, zh=None, mistakes=mistakes)
    head = scheme.model_dump(include={"id", "version", "zh"})
    return SchemeChecked(valid=True, mistakes=[], **head)


async def store_scheme(
    session: AsyncSession, request: SchemeAsk, work: HeavyWork, who: Caller, *, now: datetime
) -> tuple[SchemeRead, bool]:
    """Store a scheme for a region, and whether its text is new; it may change until its first use.

    Raises SchemeMistake, BuiltIn, or SchemeChanged where a run has used another text.
    """
    region = request.asks.resolve_whole(who).region
    scheme, preset = await work(who, SCHEME_TEXT, parse_scheme, request.text)
    if scheme.id in built_in_schemes():
        raise BuiltIn(f"{scheme.id}，请另取编号", f"{scheme.id}; choose another id.")
    stored = [
        row
        for row in await load_own_schemes(session, region, scheme.id)
        if (row.region, row.version) == (region, scheme.version)
    ]
    if stored and stored[0].text == request.text:
        return ResolvedScheme(scheme, preset, region, stored[0]).build_read(), False
    used = await session.get(UsedScheme, (region, scheme.id, scheme.version))
    if used and not matches_scheme(used, scheme, preset):
        raise scheme_changed_error(scheme)

    row = OwnScheme(
        region=region,
        id=scheme.id,
        version=scheme.version,
        text=request.text,
        kept_by=who.name,
        kept_at=now,
    )
    session.add(row)
    await session.flush()
    subject = f"schemes/{scheme.id}/versions/{scheme.version}"
    await write_audit_row(session, Audit, "scheme.kept", subject, region, who, now)
    return ResolvedScheme(scheme, preset, region, row).build_read(), True


def scheme_changed_error(scheme: Scheme) -> SchemeChanged:
    return SchemeChanged(
        f"{scheme.id} 版本 {scheme.version} 已有计分用过，改动请用新的版本号",
        f"A run has used version {scheme.version} of {scheme.id}; raise the version.",
    )


# --- schemes of runs -----------------------------------------------------------------------------


async def store_used_scheme(
    session: AsyncSession, scheme: Scheme, preset: Lights, region: str = COUNTRY
) -> None:
    """Store a version at its first use. Raises SchemeChanged for another text under the version."""
    values = {
        "region": region,
        "id": scheme.id,
        "version": scheme.version,
        "document": scheme.model_dump(mode="json"),
        "lights": preset.model_dump(mode="json"),
    }
    await session.exec(insert(UsedScheme).values(values).on_conflict_do_nothing())
    row = await session.get_one(UsedScheme, (region, scheme.id, scheme.version))
    if not matches_scheme(row, scheme, preset):
        raise scheme_changed_error(scheme)


def matches_scheme(row: UsedScheme, scheme: Scheme, preset: Lights) -> bool:
    """Whether a stored scheme is this one with these lights, by today's models.

    Fields that the models have gained since are not in the row, and count as left out.
    """
    try:
        stored = Scheme.model_validate(row.document), Lights.model_validate(row.lights)
    except ValidationError:
        return False
    return stored == (scheme, preset)


async def load_used_scheme(
    session: AsyncSession, scheme_id: str, version: int, region: str = COUNTRY
) -> tuple[Scheme, Lights]:
    """Load the scheme and the lights of a version as runs used them."""
    row = await session.get_one(UsedScheme, (region, scheme_id, version))
    return Scheme.model_validate(row.document), Lights.model_validate(row.lights)
