"""Requests that are examples of the documents: where, with which query, with which body."""

from collections.abc import Mapping
from typing import Any

from services.scoring.scheme_library.schemas import EXAMPLE_SCHEME
from tests.registry.clients import REGION

RUN = {"scheme": "lanxian-2022", "as_of": "2022-09-30"}
SETTINGS = {
    "name": "岚县重点项目建设领导小组办公室",
    "agency_words": {"default": "岚重办", "supervision": "岚重办督"},
    "contact": "督查科 王芳",
    "telephone": "0358-6720000",
    "signers": {"supervision": "李强"},
    "plausibility": {"plan_factor": 2},
}
PROMISE = {"unit_id": "U06", "text": "年底前再开工一个", "made_by": "王强", "due_on": "2022-12-25"}
TARGET = {"unit_id": "U06", "metric": "starts", "value": "3", "due_on": "2022-12-25"}
CAMPAIGN = {
    "name": "百日攻坚",
    **{"scheme": "lanxian-2022", "from_on": "2022-09-15", "to_on": "2022-12-25"},
    "targets": [TARGET],
    "commitments": [{**PROMISE, "metric": "starts"}],
}
FIRST_SWEEP = {"from_on": "2022-10-17", "to_on": "2022-10-17"}
SWEEP = {"from_on": "2022-11-17", "to_on": "2022-11-17"}
# Where there is something to see; a part of a path may have places of its own.
PLACES = {
    "unit_id": "U06",
    "project_id": "P018",
    "year": "2022",
    "as_of": "2022-09-30",
    "kind": "started",
    "problem_id": "Q0001",
    "import_id": "1",
    "name": "月度台账",
    "run_id": "1",
    "objection_id": "1",
    "letter_id": "1",
    "page": "1",
    "campaign_id": "1",
    "void_id": "1",
    "period_kind": "month",
    "last_day": "2022-09-30",
    "office": REGION,
    "scheme_id": "lanxian-2022",
    "scheme_version": "1",
    "pillar": "speed",
    "metric": "investment_completion",
}
PLACES_BELOW = {
    "/revisions": {"project_id": "P055", "decided_on": "2022-05-19"},
    "/permits": {"project_id": "P046", "kind": "eia"},
}
QUERIES: Mapping[str, dict[str, str]] = {
    "explain_unit": {"metric": "investment_completion"},
    "list_lights": {"as_of": "2022-09-30", "colour": "red", "axis": "progress"},
    "preview_letters_due": {"on": "2022-12-25"},
    "read_campaign_progress": {"on": "2022-10-20"},
    "read_county_ranking": {"as_of": "2022-09-30"},
    "read_indicators": {"as_of": "2022-09-30"},
    "read_period": {"year": "2022"},
    "list_voided_records": {"table": "progress"},
    "list_registry_audit": {"subject": "imports/1"},
    "read_movement": {"since": "1"},
    "read_portfolio": {"as_of": "2022-09-30", "by": "level"},
    "export_own_sheet": {"as_of": "2022-09-30"},
    "read_sensitivity": {"unit_id": "U03"},
}
MORE_DONE = {
    "change": "set",
    "table": "progress",
    "where": {"project_id": "P018", "as_of": "2022-09-30"},
    "to": {"invested_ytd_yuan": "1.2亿元"},
}
HEAVIER = {"path": "pillars.speed.weight", "value": 30}
WHAT_IF = {"run_id": 1, "changes": {"facts": [MORE_DONE], "scheme": [HEAVIER]}}
UNTIL = {"until_on": "2022-12-31"}
OBJECTION = {"unit_id": "U06", "metric": "investment_completion", "text": "八月投资少计一笔"}
OWN_SCHEME = {"text": EXAMPLE_SCHEME}
BODIES: Mapping[str, Any] = {
    "begin_run": RUN,
    "record_comment_period": {"until_on": "2023-01-06"},
    "record_objection_answer": {"outcome": "kept", "text": "回单日期在九月，八月数不变"},
    # Of what was not recorded yet, as a correction has other facts than the run that it corrects.
    "begin_correction": {"reason": "按当时的台账", "known_at": "2020-01-01T00:00:00+08:00"},
    "issue_letters_due": SWEEP,
    "record_campaign": CAMPAIGN,
    "record_campaign_targets": {"items": CAMPAIGN["targets"]},
    "record_campaign_commitments": {"items": CAMPAIGN["commitments"]},
    "record_scheme": OWN_SCHEME,
    "check_scheme": OWN_SCHEME,
    "preview_run": OWN_SCHEME,
    "preview_what_if": WHAT_IF,
    "record_entries": {
        "day": "2022-09-30",
        "targets": [{"unit_id": "U06", "metric": "investment_completion", "value": "0.95"}],
    },
    "record_judgement": {
        "project_id": "P018",
        "axis": "progress",
        "colour": "yellow",
        "reason": "现场核查，设备已到场",
        "judged_on": "2022-09-30",
    },
}
# Done in setting up.
NOT_SENT = {"upload_ledger", "apply_import", "undo_import", "acknowledge_letter"}
NOT_SENT |= {"preview_void", "void_record", "revoke_void", "record_objection"}
NOT_SENT |= {"preview_mapping", "answer_import_questions"}
ANSWERS = {"answers": {"unit:住建局": "U06", "unit:水利局": "new:department:县直部门"}}
MISTAKEN = "project_id,as_of,invested_ytd_yuan\nP018,2022-10-31,1\n"  # an import to undo
UNDONE = {"why": "传错了文件"}
WHY = "按九月底调度数核对"
