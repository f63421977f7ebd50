"""Responsible units (责任单位) over HTTP."""

from services.registry.records.endpoints import OFFICE_ROLES, Resource, build_router

router = build_router(
    Resource(
        "units",
        one="unit",
        path="/units",
        item="/units/{unit_id}",
        writers=OFFICE_ROLES,
        filters=("kind", "group"),
    )
)
