"""Routes of official statistics of regions."""

from services.registry.records.endpoints import OFFICE_ROLES, Resource, build_router

router = build_router(
    Resource(
        "indicators",
        singular="indicator",
        list_path="/indicators",
        item_path="/indicators/{region_code}/{period}/{indicator}",
        filters=("region_code", "indicator"),
        writers=OFFICE_ROLES,
    )
)
