"""The three steps of the office that take a register of sources in."""

from __future__ import annotations

from playwright.async_api import FilePayload, Locator, expect

from tests.story.faces.office import Desk


class Wizard:
    """The import pages, as one person goes through them."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.page = desk, desk.page

    async def open(self) -> None:
        """Afterwards the page waits for a file."""
        await self.desk.go("/sources")
        await self.desk.button("导入名录").click()
        await expect(self.page.locator(".el-upload-dragger")).to_be_visible()

    async def take(self, file: FilePayload) -> None:
        """Afterwards the file has been read, and its columns are shown."""
        async with self.page.expect_file_chooser() as chooser:
            await self.page.locator(".el-upload-dragger").click()
        await (await chooser.value).set_files([file])
        await expect(self.page.get_by_text(file["name"], exact=True)).to_be_visible()

    async def map(self, field: str, column: str) -> None:
        """Afterwards the field is filled from this column."""
        await self.field(field).locator(".el-select").click()
        await self.page.get_by_role("option", name=column, exact=True).click()

    def field(self, name: str) -> Locator:
        """The line of one field: where it is filled from, and what stands there."""
        return self.page.locator(".el-table__row").filter(has=self.page.get_by_text(name))

    def carry_out(self) -> Locator:
        """The button of the last step."""
        return self.page.get_by_role("button", name="开始导入", exact=True)

    async def reports(self, **figures: int) -> None:
        """The report says what became of the rows."""
        for name, figure in figures.items():
            line = self.page.locator(".figures span").filter(has_text=name)
            await expect(line.locator("b")).to_have_text(str(figure))

    async def rejected(self) -> list[list[str]]:
        """The rejected rows, cell by cell."""
        rows = self.page.get_by_role("tabpanel", name="拒收").locator(".el-table__row")
        return [[text.strip() for text in await row.locator("td").all_inner_texts()] for row in await rows.all()]
