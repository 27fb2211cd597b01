"""Where there is no link: the service worker, what is not sent yet, and what a home screen shows of us."""

from fastapi import APIRouter, Response
from fastapi.responses import FileResponse, JSONResponse

from service.pages.rendering import STATIC, page
from service.pages.session import Viewer

router = APIRouter(include_in_schema=False, max_body_size=0)

READ = ["GET", "HEAD"]
MANIFEST = {
    "name": "Mendwork",
    "short_name": "Mendwork",
    "id": "/",
    "start_url": "/",
    "scope": "/",
    "display": "standalone",
    "background_color": "#fbfaf7",
    "theme_color": "#1f5c57",
    "icons": [{"src": "/static/icon.svg", "sizes": "any", "type": "image/svg+xml", "purpose": "any"}],
}


@router.api_route("/service-worker.js", methods=READ)
def service_worker() -> Response:
    """Give the script that keeps pages and sends what waited: at the root, as it serves what is below it."""
    script = STATIC / "service-worker.js"
    return FileResponse(script, media_type="text/javascript", headers={"Cache-Control": "no-cache"})


@router.api_route("/manifest.webmanifest", methods=READ)
def manifest() -> Response:
    """Give what a phone shows of us when we are put on its home screen."""
    return JSONResponse(MANIFEST, media_type="application/manifest+json")


@router.api_route("/outbox", methods=READ)
def outbox(viewer: Viewer) -> Response:
    """Show the page on which the phone lists what it could not send yet."""
    return page("outbox.html", viewer=viewer.person)


@router.api_route("/offline", methods=READ)
def offline() -> Response:
    """Show the page for where there is no link and nothing was kept."""
    return page("offline.html")
