"""Commands on the sealed record of a visit. `verify` needs neither server nor database."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from liandong.oversight.records.proof.findings import Report

app = typer.Typer(no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="print JSON")]


@app.command("export")
def export(
    inspection: Annotated[str, typer.Argument(help="id or number of a visit", show_default=False)],
    out: Annotated[Path, typer.Argument(help="the file to write", show_default=False)],
    as_json: Json = False,
) -> None:
    """Write everything of a visit, with its proofs, as one sealed file. A file that is there is replaced."""
    import asyncio

    from liandong.api.records import seal
    from liandong.kernel.clock import now
    from liandong.oversight.records.export import public_key, write_record
    from liandong.runtime import database

    async def _write() -> tuple[int, str]:
        async with database() as db:
            sealed = await seal(db, inspection)
            with scratch.open("wb") as file:
                return await write_record(sealed, file), sealed.number

    scratch = out.with_name(f".{out.name}.{now().timestamp():.0f}.part")
    try:
        size, number = asyncio.run(_write())
        scratch.replace(out)
    finally:
        scratch.unlink(missing_ok=True)
    if as_json:
        typer.echo(json.dumps({"inspection": number, "file": str(out), "size": size, "public_key": public_key()}))
    else:
        typer.echo(f"{number}  {out}  {size:,} 字节\n签发公钥 {public_key()}")


@app.command("verify")
def verify(
    file: Annotated[Path, typer.Argument(help="a sealed record", show_default=False)],
    as_json: Json = False,
    key: Annotated[str | None, typer.Option(help="the installation's public key as known from elsewhere, hex")] = None,
) -> None:
    """Check a sealed record. Exit code: 0 it holds, 1 something was found, 2 it is no record."""
    import mmap

    from liandong.oversight.records.proof.verify import verify as check

    if key is not None and not re.fullmatch("[0-9a-fA-F]{64}", key):
        raise typer.BadParameter("64 hex characters", param_hint="--key")
    with file.open("rb") as opened:
        if file.stat().st_size == 0:
            report = check(b"", key and key.lower())
        else:
            with mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as mapped, memoryview(mapped) as content:
                report = check(content, key and key.lower())
    typer.echo(json.dumps(report.body(), ensure_ascii=False) if as_json else "\n".join(_lines(report)))
    raise typer.Exit(report.exit_code)


def _lines(report: Report) -> list[str]:
    body = report.body()
    if report.format is None:
        return ["不是封存案卷", *(f"  {one['words_zh']}" for one in body["findings"])]
    number = report.inspection["number"] if report.inspection else "—"
    whose = "与给定公钥一致" if report.is_pinned else "由案卷自己声明，未与外部公钥核对"
    lines = [f"检查 {number}  公钥 {report.public_key or '—'}（{whose}）"]
    lines += [f"  {'通过' if one['ok'] else '有误'}  {one['name']}  {one['checked']}" for one in body["checks"]]
    lines += [f"! {one['words_zh']}  [{one['code']}]" for one in body["findings"]]
    return [*lines, "案卷完整，未发现改动" if body["ok"] else f"发现 {len(body['findings'])} 处"]
