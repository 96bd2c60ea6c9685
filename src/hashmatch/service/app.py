"""The HTTP application: every route, and what lives as long as it does."""

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hashmatch.service import (
    audit,
    cases,
    checks,
    hma,
    lists,
    matches,
    probes,
    problems,
    reviews,
    snapshots,
    statistics,
)
from hashmatch.service.entrance import Entrance
from hashmatch.service.node import Node
from hashmatch.service.orphans import end_with_parent
from hashmatch.service.pages import Pages
from hashmatch.service.privacy import forbid_core_dumps
from hashmatch.service.settings import Settings

_Handler = Callable[[Request], Awaitable[Response]]


def create_app(settings: Settings) -> Starlette:
    """An ASGI application over a registry; it loads when its server starts it."""
    node = Node(settings)
    pages = Pages(settings.signposts)

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        forbid_core_dumps()
        node.open()
        try:
            yield
        finally:
            await node.close()

    others = hma.ROUTES if settings.hma else ()
    app = Starlette(
        routes=[_route(*each) for each in (*_ROUTES, *_page_routes(pages), *others)],
        middleware=[Middleware(Entrance)],
        exception_handlers={404: _answer, 405: _answer},
        lifespan=lifespan,
    )
    app.state.node = node
    return app


def from_environment() -> Starlette:
    """The application of a process that `server.run` started."""
    end_with_parent()
    return create_app(Settings.handed_down())


_ROUTES: tuple[tuple[str, str, _Handler], ...] = (
    ("POST", "/v1/cases", cases.open_case),
    ("GET", "/v1/cases/overdue", cases.show_overdue),
    ("GET", "/v1/cases/{number}", cases.show_case),
    ("POST", "/v1/cases/{number}/withdrawal", cases.withdraw_case),
    ("POST", "/v1/checks", checks.check),
    ("POST", "/v1/matches", matches.match),
    ("GET", "/v1/changes", lists.follow),
    ("GET", "/v1/snapshot", snapshots.show),
    ("GET", "/v1/snapshot/{generation}/{file:path}", snapshots.send),
    ("GET", "/v1/lists", lists.show_lists),
    ("POST", "/v1/lists", lists.create_list),
    ("GET", "/v1/lists/{name}", lists.show_list),
    ("PATCH", "/v1/lists/{name}", lists.change_list),
    ("DELETE", "/v1/lists/{name}", lists.remove_list),
    ("POST", "/v1/lists/{name}/entries", lists.add_entries),
    ("POST", "/v1/entries/withdrawal", lists.withdraw_entries),
    ("POST", "/v1/opinions", reviews.give_opinion),
    ("POST", "/v1/reports", reviews.report),
    ("GET", "/v1/reviews", reviews.show_reviews),
    ("POST", "/v1/reviews/{entry}", reviews.decide),
    ("GET", "/v1/audit", audit.show_audit),
    ("GET", "/v1/audit/search", audit.search_audit),
    ("GET", "/v1/statistics", statistics.show_statistics),
    ("GET", "/v1/exchanges", statistics.show_exchanges),
    ("GET", "/livez", probes.alive),
    ("GET", "/readyz", probes.ready),
    ("GET", "/metrics", probes.count),
    ("GET", "/openapi.json", probes.describe),
)


def _page_routes(pages: Pages) -> tuple[tuple[str, str, _Handler], ...]:
    return (
        ("GET", "/", pages.show_home),
        ("GET", "/case", pages.show_case),
        ("GET", "/console", pages.show_console),
        ("GET", "/signposts.json", pages.show_file),
        ("GET", "/assets/{name}", pages.show_file),
        ("GET", "/client/{version}/{name}", pages.show_client),
    )


def _route(method: str, path: str, handler: _Handler) -> Route:
    async def handle(request: Request) -> Response:
        request.scope["route_path"] = path
        return await handler(request)

    return Route(path, handle, methods=[method])


def _answer(request: Request, error: Exception) -> Response:
    del request
    return problems.of(error)
