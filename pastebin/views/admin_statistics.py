"""What the service has counted: as charts, and as tables to download."""

from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from ..errors import BadRequest
from ..resources import AdminStatistics, AdminStatisticsTable
from ..services.rights import Right
from ..services.statistics import FILE_DAYS_KEPT, TopFile
from ..services.statistics_tables import as_csv, as_workbook, days_table, files_table, months_table
from ..web.response_headers import content_disposition, no_store
from .admin_files import page

ADMINISTRATORS = Right.ADMINISTRATOR_PAGES.value

# How many days a page or a table is about.
PERIODS = (30, 90, 365)

# The charts: what is counted, and whether it is in bytes.
CHARTS = (("uploads", False), ("bytes", True), ("downloads", False), ("active", False))


@view_config(context=AdminStatistics, request_method="GET", permission=ADMINISTRATORS)
def statistics(context: AdminStatistics, request: Request) -> Response:
    """Show the last days as charts, and which files were downloaded most."""
    service, period = request.services.statistics, _period(request)
    return page(
        request,
        "admin_statistics.mako",
        period=period,
        periods=PERIODS,
        charts=CHARTS,
        days=service.days(period),
        months=service.months(),
        top=_top(context, request, period),
        top_days=min(period, FILE_DAYS_KEPT),
    )


@view_config(context=AdminStatisticsTable, request_method="GET", permission=ADMINISTRATORS)
def table(context: AdminStatisticsTable, request: Request) -> Response:
    """Send the same as a workbook, or one table of it as CSV."""
    service, period = request.services.statistics, _period(request)
    tables = {
        "days": days_table(service.days(period)),
        "months": months_table(service.months()),
        "files": files_table(_top(context, request, period)),
    }
    wanted = request.params.get("table", "days")
    if wanted not in tables:
        raise BadRequest(f"The tables are {', '.join(tables)}.")
    if context.ending == "csv":
        body, kind, name = as_csv(tables[wanted]), "text/csv", f"{wanted}.csv"
    else:
        sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        body, kind, name = as_workbook(tables), sheet, "statistics.xlsx"
    response = Response(body=body, content_type=kind)
    if kind == "text/csv":
        response.charset = "utf-8"
    response.headers["Content-Disposition"] = content_disposition("attachment", name)
    return no_store(response)


def _top(context: AdminStatistics | AdminStatisticsTable, request: Request, period: int) -> list[TopFile]:
    """Return the files that were downloaded most, as far as the gate lets the visitor see them."""
    found = request.services.statistics.top_files(min(period, FILE_DAYS_KEPT))
    shown = set(context.shown([one.file for one in found]))
    return [one for one in found if one.file in shown]


def _period(request: Request) -> int:
    text = request.params.get("days", str(PERIODS[0]))
    if text not in map(str, PERIODS):
        raise BadRequest(f"The statistics are of the last {', '.join(map(str, PERIODS))} days.")
    return int(text)
