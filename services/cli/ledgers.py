"""`make ledgers`: the main job on a county of samples, then on real input; ledgers stay in out/."""

import sys
from collections import Counter
from datetime import date
from pathlib import Path

from services.cli.commands.letters import letters_in_period, show_letters
from services.cli.commands.portfolio import portfolio_table
from services.cli.commands.score import show_lights, show_notes, show_ranking
from services.cli.console.findings import show_findings
from services.cli.console.scheme_input import find_scheme_and_lights
from services.cli.console.terminal import OUT
from services.cli.showcase.publications import gmpp
from services.cli.showcase.publications.bulletins_report import show_bulletins_report
from services.cli.showcase.sample.county import sample_county
from services.scoring.engine.overview.portfolio import Grouping
from services.scoring.execution.portfolio import compute_portfolio
from services.scoring.execution.run import score_facts
from services.scoring.schemes.scheme_files import DEFAULT_SCHEME
from shared.facts.projects import Project, Unit
from shared.facts.tables import Facts
from shared.ledger.reader import read_ledger
from shared.ledger.writer import write_ledger
from shared.reference import region_codes

CAMPAIGN_FIRST_DAY, CAMPAIGN_LAST_DAY = date(2022, 9, 15), date(2022, 12, 25)
AS_OF = date(2022, 9, 30)  # the day of the published figures (HA-1)


def show_sample_county(out: Path) -> None:
    """Show the sample county: written as folder and workbook, checked, ranked, replayed."""
    OUT.rule("一、样例县台账（合成数据，不是任何真实的县）")
    facts = round_trip_ledger(sample_county(), out / "sample-county")
    OUT.print(portfolio_table(compute_portfolio(facts, AS_OF, Grouping.level)))
    chosen, preset = find_scheme_and_lights(DEFAULT_SCHEME)
    units = {unit.unit_id: unit.name for unit in facts.rows(Unit)}
    projects = {project.project_id: project.name for project in facts.rows(Project)}
    for as_of in (AS_OF, CAMPAIGN_LAST_DAY):
        result = score_facts(facts, chosen, preset, as_of)
        show_ranking(OUT, result, units)
        show_lights(OUT, result, units, projects)
    show_notes(OUT, result)
    show_letters(
        OUT,
        letters_in_period(facts, chosen, preset, CAMPAIGN_FIRST_DAY, CAMPAIGN_LAST_DAY),
        facts,
        CAMPAIGN_FIRST_DAY,
        CAMPAIGN_LAST_DAY,
    )


def round_trip_ledger(facts: Facts, path: Path) -> Facts:
    """Write the ledger in both formats, check it, and return its facts as they are read."""
    workbook = path.with_suffix(".xlsx")
    write_ledger(facts, path)
    write_ledger(facts, workbook)
    reading = read_ledger(workbook, region_codes())
    codes = Counter(finding.code for finding in reading.findings)
    OUT.print(
        f"台账：{path}（CSV）、{workbook}（工作簿）；读入 {sum(reading.counts.values())} 行，"
    )
    OUT.print(f"错误 {len(reading.errors)} 条，提醒 {len(reading.warnings)} 条 {dict(codes) or ''}")
    if reading.errors:
        show_findings(OUT, reading.errors)
    return reading.accepted()


def main(out: Path) -> None:
    show_sample_county(out)
    OUT.rule("二、真实数据：英国政府重大项目 2019-2021")
    gmpp.show_gmpp_report(OUT, out)
    OUT.rule("三、真实数据：公开通报的数字，由同一引擎重算")
    show_bulletins_report(OUT)
    OUT.rule("接着可以试")
    for line in (
        f"bairi check {out}/sample-county.xlsx",
        f"bairi score {out}/sample-county --as-of {CAMPAIGN_LAST_DAY} --format json",
        f"bairi explain {out}/sample-county --as-of {CAMPAIGN_LAST_DAY} --unit U01"
        " --metric start_rate",
        f"bairi sensitivity {out}/sample-county --as-of {AS_OF} --unit U05",
        f"bairi what-if {out}/sample-county --as-of {AS_OF} --set pillars.speed.weight=30",
        f"bairi portfolio {out}/sample-county --as-of {AS_OF} --by sector",
        f"bairi letters {out}/sample-county --from {CAMPAIGN_FIRST_DAY} --to {CAMPAIGN_LAST_DAY}",
        "bairi schemes",
    ):
        OUT.print(f"  .venv/bin/{line}", highlight=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
