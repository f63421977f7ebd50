"""Official statistics of regions (统计指标) over HTTP."""

from services.registry.records.endpoints import OFFICE_ROLES, Resource, build_router

router = build_router(
    Resource(
        "indicators",
        one="indicator",
        path="/indicators",
        item="/indicators/{region_code}/{period}/{indicator}",
        filters=("region_code", "indicator"),
        writers=OFFICE_ROLES,
    )
)
