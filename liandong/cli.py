"""The `liandong` command. Exit codes: 0 done, 1 refused or not found, 2 unusable input."""

from __future__ import annotations

import sys

import typer

from liandong.commands import imports, record, report, run
from liandong.kernel.errors import Broken, Invalid, LiandongError

app = typer.Typer(name="liandong", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
app.add_typer(imports.app, name="import", help="load registers and ledgers from files")
app.add_typer(report.app, name="report", help="figures that open to their rows")
app.add_typer(record.app, name="record", help="the sealed record of a visit")
app.add_typer(run.ledger_app, name="ledger", help="the record of who did what")
app.command("serve")(run.serve)
app.command("work")(run.work)
app.command("media")(run.media)
app.command("cot")(run.cot)
app.command("dock")(run.dock)
app.command("mavlink")(run.mavlink)
app.command("demo")(run.demo)
app.command("openapi")(run.openapi)

# Typer brings its own copy of Click; this is that copy's ClickException, by the one public name below it.
UnusableCommand: type[typer.BadParameter] = typer.BadParameter.__mro__[2]


def main() -> None:
    """Run one command; whatever goes wrong is one line on stderr and an exit code."""
    try:
        code = app(standalone_mode=False)
    except LiandongError as error:
        print(error, file=sys.stderr)
        raise SystemExit(2 if isinstance(error, Invalid) else 3 if isinstance(error, Broken) else 1) from None
    except UnusableCommand as error:
        print(error.format_message(), file=sys.stderr)
        raise SystemExit(2) from None
    except (KeyboardInterrupt, typer.Abort):
        raise SystemExit(130) from None
    except OSError as error:
        print(f"{error.strerror}: {error.filename}" if error.filename else str(error), file=sys.stderr)
        raise SystemExit(2) from None
    raise SystemExit(code if isinstance(code, int) else 0)
