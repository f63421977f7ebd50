"""What is in the database at one moment, and what may not be so at any moment."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared.facts.tables import FACT_KINDS
from tests.faults.client import OWN_PROJECT, OWN_UNIT
from tests.faults.processes import STARTS_WITHIN, House
from tests.polling import until

LETTER = "office, kind, project_id, about, unit_id, counted_from, trigger_on, issue_on, due_on"
INVITED = "invitation.issued"  # at each start, while nobody has an account
IMPORT_JOBS = "count(*) FROM registry.jobs WHERE entrypoint = 'apply_import'"
Rows = list[tuple[Any, ...]]


@dataclass(frozen=True)
class Kept:
    """Rows of every service at one moment: in order of ids, without ids and moments.

    `ledger` counts the rows that an import brought, by table; `reports` are the days reported.
    """

    ledger: Mapping[str, int]
    ledger_rows: Mapping[str, str]  # table → digest of its rows that are current
    superseded: int
    reports: frozenset[str]
    imports: Rows  # whether applied, changes
    audit: Mapping[str, Counter[tuple[str, str]]]  # service → (action, subject)
    events: Counter[tuple[str, str]]
    runs: Rows  # day, result, lights
    letters: Rows
    numbers: list[int]
    texts: int  # of letters
    printed: int  # letters; the others will be
    settled: int
    unread: int  # letters, settlements, runs and invitations that have not one audit row each
    links: int  # invitations beyond the one of each start
    answers: frozenset[str]
    jobs: int


async def kept(house: House) -> Kept:
    """All of it in one snapshot."""
    async with house.database() as db, db.transaction(isolation="repeatable_read"):

        async def rows(query: str) -> Rows:
            return [tuple(row) for row in await db.fetch(query)]

        async def one(query: str) -> Any:
            return await db.fetchval(query)

        async def audit(service: str) -> Counter[tuple[str, str]]:
            of_runs = "regexp_replace(subject, '^(runs|letters)/.*', '\\1')"
            found = await rows(
                f"SELECT action, {of_runs} FROM {service}.audit WHERE action <> '{INVITED}'"
            )
            return Counter((str(action), str(subject)) for action, subject in found)

        ledger, digests, superseded = {}, {}, 0
        for name in FACT_KINDS:
            own = "why LIKE 'imports/%'"
            now = f"registry.{name} t WHERE superseded_at IS NULL"
            ledger[name] = await one(f"SELECT count(*) FROM {now} AND {own}")
            gone = f"SELECT count(*) FROM registry.{name} WHERE superseded_at IS NOT NULL"
            superseded += await one(gone)
            row = "(to_jsonb(t) - 'version' - 'recorded_at')::text"
            digests[name] = await one(
                f"SELECT md5(string_agg({row}, ',' ORDER BY {row})) FROM {now}"
            )
        reported = await rows(
            f"SELECT as_of FROM registry.progress WHERE project_id = '{OWN_PROJECT}'"
        )
        lights = "(SELECT count(*) FROM scoring.lights WHERE run_id = id)"
        answers = " UNION ".join(
            f"SELECT key FROM {name}.answers" for name in ("registry", "scoring", "notifier")
        )
        return Kept(
            ledger=ledger,
            ledger_rows=digests,
            superseded=superseded,
            reports=frozenset(str(day) for (day,) in reported),
            imports=await rows(
                "SELECT applied_at IS NOT NULL, facts IS NULL, changes::text, problem::text"
                " FROM registry.imports ORDER BY id"
            ),
            audit={name: await audit(name) for name in ("registry", "scoring", "notifier")},
            events=Counter(
                (str(kind), str(subject))
                for kind, subject in await rows("SELECT kind, subject FROM registry.events")
            ),
            runs=await rows(
                # Their facts are told by a digest of rows in the order of recording, in which the
                # reports and the ledger are as chance has it.
                f"SELECT as_of, md5(document), md5(terms::text), {lights}"
                " FROM scoring.runs LEFT JOIN scoring.results ON run_id = id ORDER BY id"
            ),
            letters=await rows(f"SELECT {LETTER} FROM notifier.letters ORDER BY id"),
            numbers=[n for (n,) in await rows("SELECT sequence FROM notifier.letters ORDER BY id")],
            texts=await one(
                "SELECT count(*) FROM notifier.documents JOIN notifier.letters ON id = letter_id"
            ),
            printed=await one(
                "SELECT count(*) FROM notifier.prints JOIN notifier.letters ON id = letter_id"
                " WHERE length(pdf) > 1000"
            ),
            settled=await one("SELECT count(*) FROM notifier.settlements"),
            unread=await one(UNREAD),
            links=await one("SELECT count(*) FROM registry.invitations") - house.starts,
            answers=frozenset(key for (key,) in await rows(answers)),
            jobs=await one(f"SELECT {IMPORT_JOBS}"),
        )


async def kept_at_rest(house: House) -> Kept:
    """All of it when no import waits any more: a killed worker's job is taken up by the next one.

    Its import may have been applied before, by the one that was killed; the job goes after that.
    """

    async def done() -> bool:
        async with house.database() as db:
            return not await db.fetchval(f"SELECT {IMPORT_JOBS}")

    await until(done, within=STARTS_WITHIN)
    return await kept(house)


# Subjects that were written and not told of once, or told of and not written.
UNREAD = f"""
    WITH written AS (
        SELECT 'letter.issued' AS action, 'letters/' || id AS subject FROM notifier.letters
        UNION ALL SELECT 'letter.settled', 'letters/' || letter_id FROM notifier.settlements
        UNION ALL SELECT 'run.stored', 'runs/' || id FROM scoring.runs
        UNION ALL SELECT '{INVITED}', 'invitations/' || id FROM registry.invitations
    ), told AS (
        SELECT action, subject FROM notifier.audit
        UNION ALL SELECT action, subject FROM scoring.audit
        UNION ALL SELECT action, subject FROM registry.audit WHERE action = '{INVITED}'
    )
    SELECT count(*) FROM (
        (SELECT * FROM written EXCEPT ALL SELECT * FROM told)
        UNION ALL (SELECT * FROM told EXCEPT ALL SELECT * FROM written)
    ) AS differing"""


def wrong_at_any_moment(found: Kept, whole: Kept, acknowledged: Mapping[str, Any]) -> list[str]:
    """What is wrong directly after a restart, in sentences; `whole` is the undisturbed end."""
    wrong = []
    rows, applied = sum(found.ledger.values()), [row[0] for row in found.imports]
    if rows and found.ledger != whole.ledger:
        wrong.append(f"half an import: {found.ledger}")
    if any(applied) != bool(rows):
        wrong.append(f"{rows} rows of an import, applied: {applied}")
    if found.superseded:
        wrong.append(f"{found.superseded} rows were written twice")
    told = found.audit["registry"]
    if told != found.events:
        wrong.append("audit rows and events differ")
    expected = Counter([("ledger.imported", "imports/1")] if any(applied) else [])
    expected += Counter(("progress.recorded", f"progress/{OWN_PROJECT}/{d}") for d in found.reports)
    expected += Counter(PREPARED)
    if told != expected:
        wrong.append(f"audit rows without a write, or twice, or missing: {told - expected}")
        wrong.append(f"… and missing: {expected - told}")
    if found.numbers != [*range(1, len(found.letters) + 1)]:
        wrong.append(f"numbers with a gap or twice: {found.numbers}")
    if found.letters != whole.letters[: len(found.letters)]:
        wrong.append("other letters, or in another order")
    if found.texts != len(found.letters) or found.printed > len(found.letters):
        wrong.append(f"{len(found.letters)} letters, {found.texts} kept, {found.printed} printed")
    if found.runs != whole.runs[: len(found.runs)]:
        wrong.append("other runs, or half of one")
    if found.unread:
        wrong.append(f"{found.unread} writes and audit rows that do not match")
    if found.links:
        wrong.append(f"{found.links:+} invitations beyond one for each start")
    lost = set(acknowledged) - found.answers
    days = {key.removeprefix("report-") for key in acknowledged if key.startswith("report-")}
    if lost or days - found.reports:
        wrong.append(f"acknowledged and lost: {sorted(lost)} {sorted(days - found.reports)}")
    return wrong


PREPARED = [
    ("units.recorded", f"units/{OWN_UNIT}"),
    ("projects.recorded", f"projects/{OWN_PROJECT}"),
]


def wrong_at_the_end(found: Kept, whole: Kept) -> list[str]:
    """Every field, as in the run that nobody disturbed."""
    return [
        f"{name} differ: {getattr(found, name)!s:.300} instead of {value!s:.300}"
        for name, value in vars(whole).items()
        if getattr(found, name) != value
    ]
