"""Who may do what, as api.md says it: operations by role, and what exists for whom.

A new operation stands in nobody's table, and so fails the tests until it is placed here.
"""

from shared.http.tokens import REGION_WIDE, Role
from tests.samples import SAMPLES


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


FOR_EVERYBODY = words("read_calendar_year")
# Of browsers, which have no token: by their cookie, or before there is one. Nothing else is here.
OF_SESSIONS = words(
    """
    read_session list_sign_in_methods read_invitation accept_invitation begin_password_session
    change_password issue_session_token end_session list_session_devices revoke_session_device
    issue_passkey_registration issue_passkey_options begin_passkey_session
    list_passkeys record_passkey remove_passkey begin_oidc_session
    """
)
PERMITS = words("list_permits read_permit list_permit_history")
RECORDS = PERMITS | words(
    """
    list_units read_unit list_unit_history
    list_projects read_project list_project_history
    list_plans read_plan list_plan_history
    list_milestones read_milestone list_milestone_history
    list_milestone_revisions read_milestone_revision list_milestone_revision_history
    list_progress_reports read_progress_report list_progress_report_history
    list_funds read_fund
    list_problems read_problem list_problem_history
    list_pauses read_pause
    list_reports read_report
    """
)
IN_BULK = words("export_ledger read_settled_moment stream_facts")
RANKINGS = words(
    """
    list_runs read_run read_ranking read_pillar_ranking read_metric_ranking
    read_boards read_streaks read_movement read_period
    read_county_ranking_of_run read_county_ranking explain_standing list_corrections
    """
)
SCHEMES = words(
    "list_schemes read_scheme read_scheme_words list_scheme_versions read_scheme_version"
    " read_scheme_version_words"
)
PARTS = words("list_lights_of_run read_wall read_unit_lights read_awards read_sensitivity")
LIGHTS = SCHEMES | PARTS | words("explain_unit list_entries list_judgements read_portfolio")
BULLETINS = words("print_bulletin edit_bulletin export_bulletin")
CAMPAIGNS = words("list_campaigns read_campaign list_campaign_targets list_campaign_commitments")
STATISTICS = words("read_indicators")
CAMPAIGN_FIGURES = words("read_campaign_progress read_campaign_summary")
OFFICES = words("list_offices read_office list_office_history")
PERIODS = words("list_reporting_periods list_reporting_projects")
LETTERS = words(
    "list_letters read_letter print_letter edit_letter read_letter_pages print_letter_page"
    " read_letter_rules"
)
INSPECTING = words(
    """
    list_events list_registry_audit list_scoring_audit list_notifier_audit
    read_run_document repeat_run preview_run check_scheme list_lights preview_letters_due
    read_left_out_projects
    preview_what_if
    list_invitations list_accounts read_account list_account_devices
    list_objections
    list_voids read_void list_voided_records
    """
)  # a repetition, a preview and a «what if» store nothing
OBJECTIONS = words("list_objections record_objection")
WITHDRAWN = words("withdraw_report")  # by the unit that reported it
REPORTS = words("record_progress_report record_problem")
OFFICE_ONLY = words(
    """
    record_unit record_project record_plan record_milestone_revision record_pause correct_pause
    record_office accept_report return_report decide_reports
    upload_ledger list_imports read_import preview_import apply_import
    preview_import_undo undo_import answer_import_questions
    preview_mapping list_mappings read_mapping list_mapping_history export_mapping
    record_mapping export_own_sheet
    record_scheme record_entries record_judgement begin_run publish_run issue_letters_due
    record_comment_period end_comment_period record_objection_answer begin_correction
    record_campaign correct_campaign publish_campaign
    record_campaign_targets record_campaign_commitments
    issue_invitation revoke_invitation disable_account enable_account revoke_account_device
    preview_void void_record revoke_void
    """
)
LATEST_CHANGE = words("read_latest_change")  # by which a run is known to be old
PUBLISHED = RANKINGS | BULLETINS | CAMPAIGNS | LATEST_CHANGE
FIGURES = CAMPAIGN_FIGURES | STATISTICS
OF_PROJECTS = FOR_EVERYBODY | RECORDS | PUBLISHED | LIGHTS | LETTERS | FIGURES | OFFICES | PERIODS
OF_UNITS = REPORTS | words("record_milestone record_permit record_fund correct_fund")
SAMPLED = {
    name: roles for sample in SAMPLES.values() for name, roles in sample.operations().items()
}
WRITTEN_SAMPLES = {name for name in SAMPLED if not name.startswith(("list_", "read_"))}
GRANTED = {
    Role.office: OF_PROJECTS | IN_BULK | INSPECTING | OF_UNITS | OFFICE_ONLY,
    Role.inspector: OF_PROJECTS | IN_BULK | INSPECTING,
    Role.unit: OF_PROJECTS
    | IN_BULK
    | OF_UNITS
    | OBJECTIONS
    | WITHDRAWN
    | words("acknowledge_letter"),
    Role.leader: OF_PROJECTS,
    Role.field: OF_PROJECTS | REPORTS | WITHDRAWN,
    Role.approval: FOR_EVERYBODY | PERMITS | words("record_permit"),
    Role.viewer: FOR_EVERYBODY | PUBLISHED,
}
MAY = {
    role: names | {name for name, roles in SAMPLED.items() if role in roles}
    for role, names in GRANTED.items()
}
# What belongs to a region as a whole, whoever's unit the caller is of.
OF_THE_REGION = (
    FOR_EVERYBODY
    | PUBLISHED
    | FIGURES
    | PARTS
    | OFFICES
    | OBJECTIONS
    | {name for each in SAMPLES.values() if each.whole_region for name in each.operations()}
)
# What only the office itself may do; those who see what is its are refused. Permits are of whoever
# grants them, a run of an office below is a draft of that office's own rows, a scheme may be for a
# region below, and accounts are of who is for a larger region, too. Of many decisions each is
# refused by itself.
BY_THE_OFFICE = (OFFICE_ONLY | OF_UNITS | WRITTEN_SAMPLES) - words(
    """
    record_scheme upload_ledger begin_run preview_import list_imports read_import
    decide_reports preview_mapping list_mappings
    issue_invitation revoke_invitation disable_account enable_account revoke_account_device
    """
)
# What is asked about a run that is open for comment, and about one that is published.
OF_OPEN_RUNS = OBJECTIONS | words(
    "record_comment_period end_comment_period record_objection_answer"
)
OF_PUBLISHED_RUNS = words("begin_correction")
# Whose letters a caller of the whole country may have issued.
OF_ANY_OFFICE = words("issue_letters_due")
# What is new in the office, and so is not there for those of others.
NEW_IN_THE_OFFICE = words("record_fund")
# What an office keeps for itself by name: there is none of that name for those of others.
NEW_IN_THE_OFFICE |= words(
    "read_mapping list_mapping_history export_mapping record_mapping export_own_sheet"
)
# What names an office, beside addresses, and is not there where the office is of another region.
OF_VISIBLE_OFFICES = words(
    """
    preview_void void_record
    begin_run issue_letters_due list_entries list_judgements list_lights
    list_schemes read_scheme read_scheme_words list_scheme_versions read_scheme_version
    read_scheme_version_words
    preview_letters_due preview_what_if read_county_ranking read_indicators read_period
    read_latest_change read_portfolio record_campaign record_entries record_judgement record_scheme
    list_reporting_periods list_reporting_projects
    """
)
# What a bureau may ask of any project of its region; it may be nothing.
OF_THE_BUREAUS_REGION = words("list_permits")


def reaches(role: Role, name: str, *, in_region: bool, in_unit: bool) -> bool:
    """Whether something of a unit of a region exists for a caller from there or elsewhere."""
    if name in FOR_EVERYBODY:
        return True
    anywhere_in_region = (
        role in REGION_WIDE
        or name in OF_THE_REGION
        or (role is Role.approval and name in OF_THE_BUREAUS_REGION)
    )
    return in_region and (anywhere_in_region or in_unit)
