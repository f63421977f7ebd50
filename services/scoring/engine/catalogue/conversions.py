"""Conversion metrics: the share of the projects of one stage that have reached the next."""

from services.scoring.engine.declarations import Metric, NamedFact

ALL_YEARS_READING = "转化率：各年累计到截至日，按项目个数"

CONVERSION_FACTS = (
    NamedFact(
        id="capacity_expected",
        zh="本年应达效",
        text="not at_capacity_on < year_start"
        " and (planned_at_capacity_on <= year_end or at_capacity)",
    ),
)

CONVERSION_METRICS = (
    Metric(
        id="capacity_rate",
        zh="达效率",
        en="Rate of projects at capacity",
        population="capacity_expected",
        numerator="count(at_capacity)",
        denominator="count()",
        reading="达效率：本年应达效（计划在本年或以前，或本年已达效）的项目中已达效的",
        source="LX-4a",
    ),
    Metric(
        id="conversion_signed_started",
        zh="签约开工转化率",
        en="Signed projects that started",
        population="signed",
        numerator="count(started)",
        denominator="count()",
        reading=ALL_YEARS_READING,
        source="XY-5",
    ),
    Metric(
        id="conversion_started_production",
        zh="开工投产转化率",
        en="Started projects in production",
        population="started",
        numerator="count(in_production)",
        denominator="count()",
        reading=ALL_YEARS_READING,
        source="XY-5",
    ),
    Metric(
        id="conversion_production_capacity",
        zh="投产达效转化率",
        en="Projects in production that reached capacity",
        population="in_production",
        numerator="count(at_capacity)",
        denominator="count()",
        reading=ALL_YEARS_READING,
        source="XY-5",
    ),
    Metric(
        id="contract_performance_rate",
        zh="合同履约率",
        en="Contract performance by count",
        population="signed_this_year",
        numerator="count(landed or started)",
        denominator="count()",
        reading="合同履约率：本年签约的项目中已落地或已开工的，按个数",
        source="HD-5",
    ),
)
