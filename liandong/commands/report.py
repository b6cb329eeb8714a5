"""Commands that print figures."""

from __future__ import annotations

import asyncio
import json
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from liandong.kernel.errors import Invalid

if TYPE_CHECKING:
    from liandong.oversight.efficiency.periods import Period

app = typer.Typer(no_args_is_help=True)


@app.callback()
def reports() -> None:
    """Figures that open to their rows."""


@app.command("efficiency")
def efficiency(
    area: Annotated[str, typer.Option(help="division code; what lies below it counts too")],
    from_on: Annotated[str, typer.Option("--from", help="first day, YYYY-MM-DD")],
    to_on: Annotated[str, typer.Option("--to", help="last day, included")],
    compare: Annotated[str | None, typer.Option(help="`year`: beside the same days a year before")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """Visits, turnouts, the activity index, campaigns and draws of an area in a period."""
    from liandong.kernel.db import Role
    from liandong.oversight.efficiency.queries import efficiency_report
    from liandong.runtime import database

    period = _period(from_on, to_on)

    async def _compute() -> dict[str, Any]:
        async with database() as db, db.transaction(Role.worker) as session:
            return (await efficiency_report(session, area, period, compare)).body()

    body = asyncio.run(_compute())
    typer.echo(json.dumps(body, ensure_ascii=False) if as_json else "\n".join(_lines(body)))


def _period(from_on: str, to_on: str) -> Period:
    from liandong.oversight.efficiency.periods import Period

    return Period(_day(from_on), _day(to_on))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Invalid("import.date_unreadable", value=text) from error


def _lines(body: dict[str, Any]) -> list[str]:
    lines = [f"{body['area']}  {body['from']} 至 {body['to']}"]
    for name, title in (
        ("officer_turnouts", "出动人次"),
        ("site_visits", "检查家次"),
        ("activity_index", "执法活跃度"),
    ):
        lines.append(_compared(title, body[name], ".2f" if name == "activity_index" else ","))
    lines.append(f"在册 {body['roster']} 人，工作日 {body['working_days']} 天")
    for one in body["campaigns"]:
        lines.append(
            f"专项 {one['name']}：{one['officer_turnouts']:,} 人次，{one['points']:,} 个点位，"
            f"问题 {one['problems']} 个，已整改 {one['rectified']} 个"
        )
        for kind in one["coverage"]:
            lines.append(f"     {kind['kind']} {kind['covered']}/{kind['total']}，覆盖率 {kind['percent']} %")
    return lines + [f"双随机 {one['batch']} {one['level']}：抽取 {one['drawn']:,} 家" for one in body["draws"]]


def _compared(title: str, figure: dict[str, Any], form: str) -> str:
    value = "—" if figure["value"] is None else format(figure["value"], form)
    if figure["change"] is None:
        return f"{title} {value}"
    percent = "—" if figure["percent"] is None else f"{figure['percent']:+.2f} %"
    return (
        f"{title} {value}（同期 {format(figure['previous'], form)}，{format(figure['change'], '+' + form)}，{percent}）"
    )
