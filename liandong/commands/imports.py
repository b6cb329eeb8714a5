"""Commands that take in registers and ledgers from files."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from liandong.kernel.errors import Invalid

app = typer.Typer(no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="print the whole report as JSON")]
MOST_LINES = 20


@app.command("sources")
def import_sources(
    file: Annotated[Path, typer.Argument(help="a spreadsheet: XLSX, or CSV in UTF-8 or GB18030", show_default=False)],
    as_json: Json = False,
    columns: Annotated[list[str] | None, typer.Option("--map", help="field=column, before what is guessed")] = None,
    area: Annotated[str | None, typer.Option(help="division code for rows that do not say where they lie")] = None,
    datum: Annotated[str, typer.Option(help="system of the coordinates: wgs84, gcj02 or bd09")] = "wgs84",
    keep_bad_codes: Annotated[
        bool, typer.Option(help="keep rows whose credit code is wrong, without the code")
    ] = False,
) -> None:
    """Take in a register of pollution sources. What became of each row is in the report."""
    from liandong.kernel.db import Role
    from liandong.kernel.sheets import read_file
    from liandong.registers.sources import actions
    from liandong.registers.sources.drafts import Options
    from liandong.registers.sources.places import DATUMS
    from liandong.runtime import database

    if datum not in DATUMS:
        raise Invalid("kernel.choice_unknown", value=datum)
    mapping, sheets = _mapping(columns or []), read_file(file)

    async def _take_in() -> dict[str, Any]:
        async with database() as db, db.transaction(Role.worker) as session:
            report = await actions.import_sources(
                session, sheets, title=file.name, mapping=mapping, default_area=area,
                options=Options(datum=datum, keep_bad_codes=keep_bad_codes),
            )  # fmt: skip
            return report.body()

    body = asyncio.run(_take_in())
    _print(as_json, body, _sources_lines(file.name, body))


@app.command("ledger")
def import_ledger(
    folder: Annotated[Path, typer.Argument(help="a folder of spreadsheets", show_default=False)],
    as_json: Json = False,
    area: Annotated[str | None, typer.Option(help="whose ledger it is; else told from its rows")] = None,
) -> None:
    """Take in a city's ledger: sources, officers, inspections, problems, campaigns and draws."""
    from liandong.intake import actions
    from liandong.kernel.db import Role
    from liandong.runtime import database

    async def _take_in() -> dict[str, Any]:
        async with database() as db, db.transaction(Role.worker) as session:
            return (await actions.import_ledger(session, folder, area=area)).body()

    body = asyncio.run(_take_in())
    _print(as_json, body, _ledger_lines(body))


@app.command("outbox")
def import_outbox(
    file: Annotated[Path, typer.Argument(help="as exported by the field app", show_default=False)],
    as_json: Json = False,
) -> None:
    """Take in the raw outbox of a phone, as if the phone had sent it. Exit code 1 if anything was not taken."""
    from liandong.kernel.db import Role
    from liandong.runtime import database
    from liandong.wires.phone.take_in import OutboxReport, log_import, take_in_outbox

    async def _take_in() -> OutboxReport:
        async with database() as db:
            report = await take_in_outbox(db, file.read_bytes(), None)
            async with db.transaction(Role.worker) as session:
                await log_import(session, report, file.name, None)
            return report

    report = asyncio.run(_take_in())
    body = asdict(report) | {"counts": report.counts}
    _print(as_json, body, _outbox_lines(file.name, body))
    raise typer.Exit(0 if set(report.counts) <= _TAKEN and not report.damaged else 1)


_TAKEN = {"accepted", "already_there", "set_aside", "damaged"}
_OUTCOMES = {
    "accepted": "收入", "already_there": "已在服务器", "refused": "被退回", "conflict": "内容冲突",
    "waiting": "等待前序或文件", "set_aside": "已放弃或改正", "damaged": "损坏",
}  # fmt: skip


def _outbox_lines(title: str, body: dict[str, Any]) -> list[str]:
    counts = "，".join(f"{_OUTCOMES[outcome]} {count}" for outcome, count in body["counts"].items())
    lines = [f"{title}  文件 {body['files']} 个；{counts}"]
    for deed in body["deeds"]:
        why = f"  {deed['problem']['code']} {deed['problem']['title']}" if deed["problem"] else ""
        lines.append(f"  {_OUTCOMES[deed['outcome']]}  {deed['happened_at']} {deed['kind']} {deed['deed_id']}{why}")
    return lines + [f"  损坏  {one['what']}  {Invalid(one['code']).title('zh')}" for one in body["damaged"]]


def _mapping(wishes: list[str]) -> dict[str, str | None]:
    mapping: dict[str, str | None] = {}
    for wish in wishes:
        name, separator, column = wish.partition("=")
        if not separator or not name.strip():
            raise Invalid("import.mapping_invalid", reason=wish)
        mapping[name.strip()] = column.strip() or None
    return mapping


def _print(as_json: bool, body: dict[str, Any], lines: Iterable[str]) -> None:
    typer.echo(json.dumps(body, ensure_ascii=False, default=str) if as_json else "\n".join(lines))


def _counts(body: dict[str, Any]) -> str:
    return (
        f"{body['rows']} 行：新增 {body['created']}，更新 {body['updated']}，未变 {body['unchanged']}，"
        f"修正 {len(body['repaired'])} 处，退回 {len(body['rejected'])} 行"
    )


def _sources_lines(title: str, body: dict[str, Any]) -> list[str]:
    return [f"{title}  {_counts(body)}", *_details(body)]


def _ledger_lines(body: dict[str, Any]) -> list[str]:
    lines = []
    for name, file in body["files"].items():
        lines += [f"{name}  {_counts(file)}", *_details(file)]
    return lines + [f"{name}  不属于台账，未读取" for name in body["ignored"]]


def _details(body: dict[str, Any]) -> list[str]:
    lines = []
    for kind, words in (("rejected", "退回"), ("notes", "提示")):
        for entry in body[kind][:MOST_LINES]:
            where = f"第 {entry['row']} 行" if entry["row"] else ""
            many = f"（{entry['rows']} 行）" if entry.get("rows", 1) > 1 else ""
            lines.append(f"  {words} {where} {entry['field']} {entry['value'] or ''} {entry['reason']}{many}")
        if len(body[kind]) > MOST_LINES:
            lines.append(f"  {words}共 {len(body[kind])} 条，其余用 --json 查看")
    return lines
