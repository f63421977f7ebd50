"""Keep what runs are computed from, and bring it back as it was; schemes by name and region."""

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

from services.scoring import visibility
from services.scoring.audit_trail import store_audit_row
from services.scoring.engine.scheme.light_presets import Lights
from services.scoring.engine.scheme.model import Scheme, SchemeMistake
from services.scoring.scheme_library.schemas import (
    MistakeRead,
    SchemeAsk,
    SchemeChecked,
    SchemeRead,
)
from services.scoring.schemes.scheme_files import built_in_schemes, parse_document, resolve_lights
from services.scoring.tables import OwnScheme, UsedScheme
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
    """A scheme with its lights; whose it is, and, where it is an office's own, as it was kept."""

    scheme: Scheme
    preset: Lights
    region: str = COUNTRY
    own: OwnScheme | None = None

    def read(self) -> SchemeRead:
        kept = self.own.model_dump(include={"text", "kept_by", "kept_at"}) if self.own else {}
        return SchemeRead(
            **self.scheme.model_dump(include={"id", "version", "zh", "source", "notes"}),
            lights=self.preset.id,
            document=self.scheme.model_dump(mode="json"),
            region=self.region,
            **kept,
        )


# --- schemes by name -----------------------------------------------------------------------------


def find_built_in_scheme(name: str) -> tuple[Scheme, Lights]:
    """A built-in scheme."""
    scheme = built_in_schemes().get(name)
    if scheme is None:
        raise NotFound(f"没有方案 {name}", f"There is no scheme {name}.")
    return scheme, resolve_lights(scheme)


async def resolve_scheme(
    session: AsyncSession, name: str, region: str, version: int | None = None
) -> ResolvedScheme:
    """The scheme that a region calls so: a built-in one, or the nearest office's own.

    Its last version, or the one asked for. Raises NotFound.
    """
    found = [
        c
        for c in await resolve_scheme_versions(session, name, region)
        if version in (None, c.scheme.version)
    ]
    if not found:
        asked = name if version is None else f"{name} 版本 {version}"
        raise NotFound(f"没有方案 {asked}", f"There is no scheme {name} {version or ''}".strip())
    return found[-1]


async def resolve_scheme_versions(
    session: AsyncSession, name: str, region: str
) -> list[ResolvedScheme]:
    """The versions of a scheme, from the first on; of several regions' the nearest one's."""
    if name in built_in_schemes():
        return [ResolvedScheme(*find_built_in_scheme(name))]
    own = await load_own_schemes(session, region, name)
    nearest = max((each.region for each in own), key=len, default=COUNTRY)
    return [resolve_own_scheme(each) for each in own if each.region == nearest]


async def load_own_schemes(
    session: AsyncSession, region: str, name: str | None = None
) -> Sequence[OwnScheme]:
    """What offices of the region or above it keep: each version as it was kept last."""
    key = [col(OwnScheme.region), col(OwnScheme.id), col(OwnScheme.version)]
    query = select(OwnScheme).where(literal(region).startswith(col(OwnScheme.region)))
    if name is not None:
        query = query.where(col(OwnScheme.id) == name)
    query = query.ext(distinct_on(*key)).order_by(*key, col(OwnScheme.number).desc())
    return (await session.exec(query)).all()


def resolve_own_scheme(kept: OwnScheme) -> ResolvedScheme:
    return ResolvedScheme(*parse_scheme(kept.text), kept.region, kept)


@lru_cache(maxsize=64)
def parse_scheme(text: str) -> tuple[Scheme, Lights]:
    """A scheme from its text, with its lights. Raises SchemeMistake."""
    scheme = parse_document(text, Scheme, "方案")
    return scheme, resolve_lights(scheme)


async def list_schemes(session: AsyncSession, region: str) -> list[SchemeRead]:
    """The built-in schemes, then the offices' own by id, each in its last version."""
    built_in = [ResolvedScheme(*find_built_in_scheme(name)) for name in built_in_schemes()]
    own = {}
    for each in sorted(
        await load_own_schemes(session, region), key=lambda s: (s.id, len(s.region))
    ):
        own[each.id] = each
    return [one.read() for one in (*built_in, *map(resolve_own_scheme, own.values()))]


async def read_scheme(
    session: AsyncSession, name: str, region: str, version: int | None = None
) -> SchemeRead:
    return (await resolve_scheme(session, name, region, version)).read()


async def list_scheme_versions(session: AsyncSession, name: str, region: str) -> list[SchemeRead]:
    await resolve_scheme(session, name, region)
    return [each.read() for each in await resolve_scheme_versions(session, name, region)]


# --- an office's own -----------------------------------------------------------------------------


async def validate_scheme(text: str) -> SchemeChecked:
    try:
        scheme, _ = await asyncio.to_thread(parse_scheme, text)
    except SchemeMistake as wrong:
        whole = [{"line": None, "column": None, "detail": wrong.detail}]
        mistakes = [MistakeRead(**each) for each in wrong.extra.get("mistakes", whole)]
        return SchemeChecked(valid=False, id=None, version=None, zh=None, mistakes=mistakes)
    said = scheme.model_dump(include={"id", "version", "zh"})
    return SchemeChecked(valid=True, mistakes=[], **said)


async def store_scheme(
    session: AsyncSession, ask: SchemeAsk, who: Caller, *, now: datetime
) -> tuple[SchemeRead, bool]:
    """Keep a scheme for a region, and whether its text is new. Before its first use it may change.

    Raises SchemeMistake, BuiltIn, or SchemeChanged where a run has used other words.
    """
    region = visibility.resolve_region(ask.region, who)
    scheme, preset = await asyncio.to_thread(parse_scheme, ask.text)
    if scheme.id in built_in_schemes():
        raise BuiltIn(f"{scheme.id}，请另取编号", f"{scheme.id}; choose another id.")
    there = [
        own
        for own in await load_own_schemes(session, region, scheme.id)
        if (own.region, own.version) == (region, scheme.version)
    ]
    if there and there[0].text == ask.text:
        return resolve_own_scheme(there[0]).read(), False
    used = await session.get(UsedScheme, (region, scheme.id, scheme.version))
    if used and not matches_scheme(used, scheme, preset):
        raise scheme_changed_error(scheme)

    made = OwnScheme(
        region=region,
        id=scheme.id,
        version=scheme.version,
        text=ask.text,
        kept_by=who.name,
        kept_at=now,
    )
    session.add(made)
    await session.flush()
    subject = f"schemes/{scheme.id}/versions/{scheme.version}"
    await store_audit_row(session, "scheme.kept", subject, region, who, now)
    return resolve_own_scheme(made).read(), True


def scheme_changed_error(scheme: Scheme) -> SchemeChanged:
    return SchemeChanged(
        f"{scheme.id} 版本 {scheme.version} 已有计分用过，改动请用新的版本号",
        f"A run has used version {scheme.version} of {scheme.id}; raise the version.",
    )


# --- what runs used ------------------------------------------------------------------------------


async def store_used_scheme(
    session: AsyncSession, scheme: Scheme, preset: Lights, region: str = COUNTRY
) -> None:
    """A version is kept at its first use, and never another text under the same version."""
    used = {
        "region": region,
        "id": scheme.id,
        "version": scheme.version,
        "document": scheme.model_dump(mode="json"),
        "lights": preset.model_dump(mode="json"),
    }
    await session.exec(insert(UsedScheme).values(used).on_conflict_do_nothing())
    kept = await session.get_one(UsedScheme, (region, scheme.id, scheme.version))
    if not matches_scheme(kept, scheme, preset):
        raise scheme_changed_error(scheme)


def matches_scheme(kept: UsedScheme, scheme: Scheme, preset: Lights) -> bool:
    """Whether what was kept is this scheme with these lights, read as they are read today.

    Words that the vocabulary has gained since then were not in it, and mean what they mean where
    they are not written.
    """
    try:
        then = Scheme.model_validate(kept.document), Lights.model_validate(kept.lights)
    except ValidationError:
        return False
    return then == (scheme, preset)


async def load_used_scheme(
    session: AsyncSession, scheme_id: str, version: int, region: str = COUNTRY
) -> tuple[Scheme, Lights]:
    kept = await session.get_one(UsedScheme, (region, scheme_id, version))
    return Scheme.model_validate(kept.document), Lights.model_validate(kept.lights)
