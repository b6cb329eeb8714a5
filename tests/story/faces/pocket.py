"""An officer's phone: what it shows and what is done on it, with or without a network."""

from __future__ import annotations

import re

from playwright.async_api import FilePayload, Locator, Page, expect

from tests.story.faces.browser import sign_in

SENT_MS = 30_000
COUNT_DEEDS = """() => new Promise((resolve, reject) => {
  const opening = indexedDB.open("liandong-mobile");
  opening.onerror = () => reject(opening.error);
  opening.onsuccess = () => {
    const counting = opening.result.transaction("deeds").objectStore("deeds").count();
    counting.onsuccess = () => { opening.result.close(); resolve(counting.result); };
  };
})"""
DRAFTED = """(words) => new Promise((resolve, reject) => {
  const ends = performance.now() + 15_000;
  const opening = indexedDB.open("liandong-mobile");
  opening.onerror = () => reject(opening.error);
  opening.onsuccess = () => {
    const look = () => {
      const reading = opening.result.transaction("drafts").objectStore("drafts").getAll();
      reading.onsuccess = () => {
        if (JSON.stringify(reading.result).includes(words)) { opening.result.close(); resolve(); }
        else if (performance.now() < ends) look();
        else reject(new Error(`no draft holds ${words}`));
      };
    };
    look();
  };
})"""
# Not wait_for_function, which evaluates again later: the pages' content security policy forbids that.
CONTROLLED = """() => new Promise((done) => navigator.serviceWorker.controller
    ? done() : navigator.serviceWorker.addEventListener("controllerchange", () => done(), { once: true }))"""


class Pocket:
    """One officer's phone."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address

    def on(self, name: str) -> Locator:
        """What the app itself calls by this name."""
        return self.page.locator(f"[data-test={name}]")

    async def sign_in(self, login: str, password: str) -> None:
        """Afterwards the officer is in, and the whole app is on the phone."""
        await sign_in(self.page, f"{self.address}/mobile/", login, password)
        await expect(self.on("outbox")).to_be_visible()
        await self.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        await self.page.evaluate(CONTROLLED)

    async def prepare(self, title: str) -> None:
        """Afterwards the task is open and its pack is on the phone: opening it with a network packs it."""
        await self.on("task").filter(has_text=title).click()
        await expect(self.on("pack")).to_contain_text("断网可用")

    async def accept(self) -> None:
        """The task is signed for."""
        await self.on("accept").click()
        await expect(self.on("arrive")).to_be_visible()

    async def lose_signal(self) -> None:
        """Afterwards there is no network, and the app knows."""
        await self.page.context.set_offline(True)
        await expect(self.on("offline")).to_be_visible()

    async def find_signal(self) -> None:
        """The network is back."""
        await self.page.context.set_offline(False)

    async def reload(self) -> None:
        """The app is started anew, with whatever is on the phone."""
        await self.page.reload()
        await expect(self.on("outbox")).to_be_visible()

    async def arrive(self) -> None:
        """Afterwards the visit has begun at this place."""
        await self.on("arrive").click()
        arrive = self.on("sign-in-on-site")
        await expect(arrive).to_have_text("定位签到，开始检查")
        await arrive.click()
        await expect(self.on("item").first).to_be_visible()

    async def step(self, name: str) -> None:
        """The visit's page of this name is shown."""
        await self.on(f"step-{name}").click()

    async def answer_all(self) -> int:
        """Afterwards every item of the list is answered, the first with no and the others with yes; how many."""
        items = self.on("item")
        count = await items.count()
        for number in range(count):
            item = items.nth(number)
            await item.locator(f"[data-test=answer-{'yes' if number else 'no'}]").click()
            await expect(item.locator("[data-state]")).to_have_count(1)
        return count

    async def find_problem(self, element: str, severity: str, words: str, requirement: str) -> None:
        """Afterwards a problem is recorded, with the first basis that fits and the deadline that is proposed."""
        await self.write_problem(element, severity, words, requirement)
        await self.save_problem()

    async def write_problem(self, element: str, severity: str, words: str, requirement: str) -> None:
        """Afterwards the form of a problem is filled in and not saved."""
        await self.step("problems")
        await self.on("new-problem").click()
        for choice in (element, severity):
            await self.page.get_by_role("button", name=choice, exact=True).click()
        await self.page.locator("textarea[name=description]").fill(words)
        await self.page.get_by_role("button", name="选择依据", exact=True).click()
        await self.on("basis").first.click()
        await self.page.get_by_role("button", name=re.compile("^用建议值 ")).click()
        await self.page.locator("textarea[name=requirement]").fill(requirement)

    async def save_problem(self) -> None:
        """Afterwards what the form says is the visit's one problem."""
        await self.on("save-problem").click()
        await expect(self.on("problem")).to_have_count(1)

    async def photograph(self, picture: FilePayload, purpose: str) -> None:
        """Afterwards the picture is evidence of the problem."""
        await self.take_photo(picture, purpose)
        await self.on("save-photo").click()
        await expect(self.on("problem")).to_contain_text("证据照片 1 张")

    async def take_photo(self, picture: FilePayload, purpose: str) -> None:
        """Afterwards the picture is on the phone and says what it proves, and is not evidence yet."""
        async with self.page.expect_file_chooser() as chooser:
            await self.on("problem").get_by_text("拍照取证").click()
        await (await chooser.value).set_files([picture])
        await self.page.locator("input[name=purpose]").fill(purpose)

    async def sign_all(self, manager: str) -> int:
        """Afterwards every officer present and the site manager have signed on the glass; how many they were."""
        await self.step("sign")
        await self.page.locator("input[name=manager]").fill(manager)
        count = 0
        for signer in await self.page.locator("[data-test^=signer-]").all():
            await signer.locator("[data-test=sign]").click()
            await self.read_all()
            await self.draw()
            await self.on("signed").click()
            await expect(self.on("pad")).to_have_count(0)
            await expect(signer.locator("[data-state]")).to_have_count(1)
            count += 1
        return count

    async def read_all(self) -> int:
        """Afterwards every page of the paper has been before the signer's eyes; how many they were."""
        await expect(self.on("page-read")).to_be_enabled()  # not while the printed pages are on their way
        count = int(re.findall(r"\d+", await self.on("page-of").inner_text())[1])
        for _ in range(count):
            await self.on("page-read").click()
        await expect(self.on("pad")).to_be_visible()
        return count

    async def draw(self) -> None:
        """A stroke across the sheet, once it has come to rest."""
        pad = self.on("pad")
        await pad.click(trial=True)
        box = await pad.bounding_box()
        assert box is not None
        left, top, width, height = box["x"], box["y"], box["width"], box["height"]
        await self.page.mouse.move(left + 0.2 * width, top + 0.3 * height)
        await self.page.mouse.down()
        for part in (0.35, 0.5, 0.65, 0.8):
            await self.page.mouse.move(left + part * width, top + (0.7 if part in (0.35, 0.65) else 0.3) * height)
        await self.page.mouse.up()

    async def hand_in(self, conclusion: str) -> None:
        """Afterwards nothing can be added to the record any more."""
        await self.step("submit")
        await self.page.locator("textarea[name=conclusion]").fill(conclusion)
        await self.on("hand-in").click()
        await self.page.get_by_role("dialog").get_by_role("button", name="提交", exact=True).click()
        await expect(self.on("handed-in")).to_be_visible()

    async def drafted(self, words: str) -> None:
        """What was typed is in the store of the phone: an instant after the stroke, and before anybody can tell."""
        await self.page.evaluate(DRAFTED, words)

    async def all_files_sent(self) -> None:
        """The strip speaks of no file any more: the servers have the bytes, too."""
        await expect(self.on("files")).to_have_count(0, timeout=SENT_MS)

    async def counts(self, total: int, accepted: int) -> None:
        """The strip says how many records are here and how many of them the server has signed for."""
        words = f"本机 {total} · 已签收 {accepted} · 未签收 {total - accepted}"
        await expect(self.on("outbox")).to_have_text(words, timeout=SENT_MS)

    async def total(self) -> int:
        """How many records are in the store of the phone; the strip may say so a moment later."""
        return int(await self.page.evaluate(COUNT_DEEDS))
