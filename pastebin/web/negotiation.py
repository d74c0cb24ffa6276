"""What form of an answer a client prefers: a page, JSON, or plain text."""

from pyramid.request import Request

HTML, JSON, TEXT = "text/html", "application/json", "text/plain"

_COMMAND_LINE = ("curl/", "wget/")


def preferred(request: Request) -> str:
    """Return HTML, JSON or TEXT, whichever the client likes best; JSON if it does not say."""
    if request.environ.get("HTTP_ACCEPT", "*/*") == "*/*":  # every program: nothing to weigh
        return JSON
    offers = request.accept.acceptable_offers([JSON, HTML, TEXT])
    return offers[0][0] if offers else JSON


def preferred_by_scripts(request: Request) -> str:
    """Return TEXT, JSON or HTML, whichever the client likes best; TEXT if it does not say."""
    if request.environ.get("HTTP_ACCEPT", "*/*") == "*/*":
        return TEXT
    offers = request.accept.acceptable_offers([TEXT, JSON, HTML])
    return offers[0][0] if offers else TEXT


def preferred_for_page(request: Request) -> str:
    """Return HTML, JSON or TEXT, whichever the client likes best; TEXT for curl, HTML if nobody says."""
    accept = request.headers.get("Accept", "*/*").strip()
    if accept.startswith(HTML):  # every browser: nothing to weigh
        return HTML
    if accept == "*/*" and _is_command_line(request):
        return TEXT
    offers = request.accept.acceptable_offers([HTML, JSON, TEXT])
    return offers[0][0] if offers else HTML


def is_navigation(request: Request) -> bool:
    """Tell whether a person's browser opens an address, rather than a program or a page fetching it."""
    environ = request.environ
    is_page_wanted = HTML in environ.get("HTTP_ACCEPT", "")
    return is_page_wanted or environ.get("HTTP_SEC_FETCH_MODE") == "navigate"


def _is_command_line(request: Request) -> bool:
    return (request.user_agent or "").lower().startswith(_COMMAND_LINE)


def is_for_programs(request: Request) -> bool:
    """Tell whether a request is for `/j`, also where it came nowhere or its address is no UTF-8."""
    return bool(request.environ["PATH_INFO"] == "/j")


def is_for_api(request: Request) -> bool:
    """Tell whether a request is for `/api` or below, also where it came nowhere."""
    path: str = request.environ["PATH_INFO"]
    return path == "/api" or path.startswith("/api/")


def is_open_to_all(request: Request) -> bool:
    """Tell whether pages of other origins may read the answer, whatever it is."""
    return is_for_programs(request) or request.method == "PUT"


def preferred_for_error(request: Request) -> str:
    """Return the form an error should have: as `preferred`, but text for curl, and JSON of the API."""
    if is_for_api(request):
        return JSON
    accept = request.headers.get("Accept", "*/*").strip()
    if accept == "*/*" and _is_command_line(request) and not is_for_programs(request):
        return TEXT
    return preferred(request)
