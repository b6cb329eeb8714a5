"""The faces' own unit tests (Vitest) pass."""

from __future__ import annotations

import os
import subprocess

from tools.setup_common import ROOT
from tools.setup_node import node_environment


def test_the_unit_tests_of_the_faces_pass() -> None:
    environment = {**os.environ, **node_environment(), "CI": "1", "NO_COLOR": "1"}
    done = subprocess.run(
        ["npm", "test", "--silent"], cwd=ROOT / "apps", env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
