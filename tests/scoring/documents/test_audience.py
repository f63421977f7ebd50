"""For whom a bulletin is: what the public and a unit do not read in it."""

from dataclasses import replace

from services.scoring.documents.composition.assembly import compose_bulletin
from services.scoring.documents.composition.sources import Audience
from services.scoring.documents.pdf import render_pdf
from shared.paper.fonts import default_fonts
from tests.scoring.documents.bulletins import sample
from tests.scoring.documents.own_rule_book import own
from tests.scoring.documents.printed_tables import column, pages_of, rows_of, table


def test_the_public_reads_counts_and_no_project() -> None:
    inputs = replace(own(), audience=Audience("", shows_authors=False))
    made = compose_bulletin(inputs)
    text = "".join(pages_of(render_pdf(made, default_fonts())))
    winners = {
        found["project_id"]
        for award in own().document["awards"]
        for found in award.get("winners", ())
        if "project_id" in found
    }
    for project, name in own().ledger.project_names.items():
        assert (name in text) == (project in winners), name
    assert "（公开文本，不列项目明细）" in text
    assert rows_of(table(made, "红黄绿灯")) == rows_of(table(compose_bulletin(own()), "红黄绿灯"))
    for person in ("张三", "李四"):
        assert person not in text
    assert "四次现场办公" in text


def test_a_unit_reads_its_own_projects_only() -> None:
    light = next(x for x in sample().document["lights"] if x["overall"] == "red")
    unit = sample().ledger.project_units[light["project_id"]]
    made = compose_bulletin(replace(sample(), audience=Audience(unit, shows_authors=False)))
    assert {*column(table(made, "红灯项目"), "责任单位")} == {sample().unit_names[unit]}
    assert f"{sample().unit_names[unit]}用本" in made.note
