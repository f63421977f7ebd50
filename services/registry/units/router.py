"""Routes of responsible units."""

from services.registry.records.endpoints import OFFICE_ROLES, Resource, build_router

router = build_router(
    Resource(
        "units",
        singular="unit",
        list_path="/units",
        item_path="/units/{unit_id}",
        writers=OFFICE_ROLES,
        filters=("kind", "group"),
    )
)
