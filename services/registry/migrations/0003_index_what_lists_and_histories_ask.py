"""index what lists and histories ask: regions, units, and the keys of what is superseded"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

KEYS = {
    "units": "unit_id",
    "projects": "project_id",
    "plans": "project_id, year",
    "milestones": "project_id, kind, decided_on",
    "progress": "project_id, as_of",
    "permits": "project_id, kind, stage",
    "problems": "problem_id",
}
OTHERS = {
    # Of all rows: from a part of them the database would not learn how many a region has.
    "ix_units_region": "units (coalesce(region_code, recorded_for) text_pattern_ops)",
    "ix_projects_region": "projects (coalesce(region_code, recorded_for) text_pattern_ops)",
    "ix_projects_unit_id": "projects (unit_id) WHERE superseded_at IS NULL",
}


def upgrade() -> None:
    for name, key in KEYS.items():
        op.execute(
            f"CREATE INDEX ix_{name}_past ON registry.{name} ({key})"
            " WHERE superseded_at IS NOT NULL"
        )
    for index, place in OTHERS.items():
        op.execute(f"CREATE INDEX {index} ON registry.{place}")


def downgrade() -> None:
    for index in (*(f"ix_{name}_past" for name in KEYS), *OTHERS):
        op.execute(f"DROP INDEX registry.{index}")
