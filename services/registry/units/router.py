"""Responsible units (责任单位) over HTTP."""

from services.registry.records.endpoints import OFFICE, Resource, routes

router = routes(
    Resource(
        "units",
        one="unit",
        path="/units",
        item="/units/{unit_id}",
        writers=OFFICE,
        filters=("kind", "group"),
    )
)
