"""What the faces know of the API: its description, and the TypeScript types made from it."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from pathlib import Path

from tools.setup_common import ROOT
from tools.setup_node import node_environment

APPS = ROOT / "apps"
DESCRIPTION = "apps/shared/client/openapi.json"
TYPES = "apps/shared/client/schema.d.ts"


def client_files() -> dict[str, str]:
    """The API's description as the server gives it, and its types."""
    description = api_description()
    return {DESCRIPTION: description, TYPES: _types_of(description)}


def api_description() -> str:
    """The OpenAPI document of the server."""
    from liandong.api.app import make_app  # noqa: PLC0415  the reference pages can be made without the whole API

    return json.dumps(make_app().openapi(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _types_of(description: str) -> str:
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "openapi.json", Path(folder) / "schema.d.ts"
        source.write_text(description, encoding="utf-8")
        command = ["npx", "--no-install", "openapi-typescript", str(source), "--output", str(target)]
        environment = {**os.environ, **node_environment()}
        subprocess.run(command, cwd=APPS, env=environment, check=True, capture_output=True)
        return target.read_text(encoding="utf-8")
