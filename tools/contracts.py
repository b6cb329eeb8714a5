"""One contract import-linter lacks: some files of a room are private to that room."""

from __future__ import annotations

from typing import Any

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class PrivateFilesContract(Contract):
    """`files` below `floors` are imported only from inside their own package, or by `except_importers`."""

    files = fields.ListField(subfield=fields.StringField())
    floors = fields.ListField(subfield=fields.StringField())
    except_importers = fields.ListField(subfield=fields.StringField(), required=False)

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Every forbidden import there is, as (importer, imported)."""
        bad = [
            (importer, module)
            for module in graph.modules
            if self._is_private(module)
            for importer in graph.find_modules_that_directly_import(module)
            if not self._may_import(importer, module)
        ]
        return ContractCheck(kept=not bad, metadata={"bad": sorted(bad)})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """One line for each forbidden import."""
        for importer, module in check.metadata["bad"]:
            output.print_error(f"{importer} -> {module}")

    def _is_private(self, module: str) -> bool:
        parent, _, name = module.rpartition(".")
        return name in _listed(self.files) and any(parent.startswith(f"{floor}.") for floor in _listed(self.floors))

    def _may_import(self, importer: str, module: str) -> bool:
        room = module.rpartition(".")[0]
        return any(
            importer == place or importer.startswith(f"{place}.") for place in (room, *_listed(self.except_importers))
        )


def _listed(field: Any) -> list[str]:
    return list(field or [])
