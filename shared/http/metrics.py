"""Metrics for Prometheus: requests, their duration, database connections in use.

Figures only: routes as templates (`/v1/projects/{project_id}`), methods, statuses. No name, number
or address of anybody, so `/metrics` needs no token; a gateway may still keep it inside.
"""

from time import perf_counter

from fastapi import APIRouter, Response
from fastapi.routing import iter_route_contexts
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import generate_latest
from sqlalchemy.pool import QueuePool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.database.sessions import Sessions
from shared.http.service_route import ServiceRoute

LATENCY_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60)
KNOWN_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
OTHER_LABEL = "other"  # so that nobody can make up label values
FAILED_STATUS = 500  # what a request gets that never began to be answered


class AppMetrics:
    """The figures of one application; several may live in a process. Jobs may add their own."""

    def __init__(self, sessions: Sessions) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "bairi_requests",
            "Requests answered.",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self.seconds = Histogram(
            "bairi_request_seconds",
            "From a request's arrival to the end of its answer.",
            ("method", "route"),
            registry=self.registry,
            buckets=LATENCY_BUCKETS,
        )
        used = Gauge(
            "bairi_database_connections_in_use",
            "Connections of the pool that a request or a job holds.",
            registry=self.registry,
        )
        used.set_function(lambda: connections_in_use(sessions))

    @property
    def router(self) -> APIRouter:
        """The route `/metrics`."""
        router = APIRouter(route_class=ServiceRoute)

        @router.get("/metrics", include_in_schema=False)
        async def show_metrics() -> Response:
            return Response(generate_latest(self.registry), media_type=CONTENT_TYPE_LATEST)

        return router


class MetricsMiddleware:
    """Middleware that counts and times every request."""

    def __init__(self, app: ASGIApp, metrics: AppMetrics) -> None:
        self.app = app
        self.metrics = metrics
        self.templates: dict[int, str] = {}
        # Looking a label up costs more than counting, so what was looked up is kept.
        self.known: dict[tuple[str, int, int], tuple[Counter, Histogram]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began, status = perf_counter(), FAILED_STATUS

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, answer)
        finally:
            requests, seconds = self.series_of(scope, status)
            requests.inc()
            seconds.observe(perf_counter() - began)

    def series_of(self, scope: Scope, status: int) -> tuple[Counter, Histogram]:
        """The counter and the histogram of a request."""
        method = scope["method"] if scope["method"] in KNOWN_METHODS else OTHER_LABEL
        key = (method, id(scope.get("route")), status)
        if key not in self.known:
            route = self.route_template(scope)
            requests = self.metrics.requests.labels(method, route, status)
            self.known[key] = (requests, self.metrics.seconds.labels(method, route))
        return self.known[key]

    def route_template(self, scope: Scope) -> str:
        """The path of the route that answered, with the prefixes of the routers around it."""
        route = scope.get("route")
        if route is None:
            return OTHER_LABEL
        if not self.templates:
            contexts = iter_route_contexts(scope["app"].routes)
            self.templates = {id(c.original_route): c.path_format or OTHER_LABEL for c in contexts}
        return self.templates.get(id(route), OTHER_LABEL)


def connections_in_use(sessions: Sessions) -> float:
    """Connections of the sessions' pool in use; 0 for a single connection, as tests may bring."""
    pool = sessions.kw["bind"].engine.pool
    return pool.checkedout() if isinstance(pool, QueuePool) else 0
