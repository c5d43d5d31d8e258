"""Health, and the API's description for people and programs."""

from functools import cache
from pathlib import Path

from chalicelib.kernel.call import Call
from chalicelib.kernel.errors import NotFound
from chalicelib.platform.version import VERSION
from chalicelib.platform.web.endpoint import Routes, Who

routes = Routes(__name__, "Service")
_ASSETS = Path(__file__).parent / "assets"

# The page loads nothing from elsewhere. Its assets are found beside it, whatever the stage's path.
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Crossward API</title>
<link rel="stylesheet" href="docs/swagger-ui.css">
</head>
<body>
<div id="api"></div>
<noscript>This page needs JavaScript. The description itself is at <a href="openapi.json">openapi.json</a>.</noscript>
<script src="docs/swagger-ui-bundle.js"></script>
<script>
SwaggerUIBundle({url: "openapi.json", dom_id: "#api", deepLinking: true, persistAuthorization: true,
                 docExpansion: "none", tryItOutEnabled: true});
</script>
</body>
</html>
"""


@routes.endpoint("GET", "/health", who=Who.ANYONE, summary="Ask whether the API answers", answer="HealthView")
def health(_call: Call) -> str:
    return VERSION


@routes.endpoint(
    "GET",
    "/openapi.json",
    who=Who.ANYONE,
    summary="Read this description",
    text_media_type="application/json",
)
def description(_call: Call) -> str:
    from chalicelib.platform.web import openapi  # its schema generator is no part of a cold start

    return openapi.text()


@routes.endpoint(
    "GET", "/docs", who=Who.ANYONE, summary="Browse this description", text_media_type="text/html"
)
def docs(_call: Call) -> str:
    return _PAGE


@routes.endpoint(
    "GET", "/docs/swagger-ui.css", who=Who.ANYONE, summary="Style of the page", text_media_type="text/css"
)
def docs_style(_call: Call) -> str:
    return _asset("swagger-ui.css")


@routes.endpoint(
    "GET", "/docs/swagger-ui-bundle.js", who=Who.ANYONE, summary="Script of the page",
    text_media_type="text/javascript",
)  # fmt: skip
def docs_script(_call: Call) -> str:
    return _asset("swagger-ui-bundle.js")


@cache
def _asset(name: str) -> str:
    file = _ASSETS / name
    if not file.is_file():
        raise NotFound
    return file.read_text(encoding="utf-8")
