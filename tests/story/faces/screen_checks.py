"""What every screen of the phone has to be for a thumb, for tired eyes and for a screen reader, measured in the page."""

from __future__ import annotations

from typing import Any

from playwright.async_api import Page

from tests.story.faces.browser import PHONE
from tools.setup_web import APPS

AXE = APPS / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa"]
GRAVE = {"serious", "critical"}
THUMB_PX, LEAST_PX = 40, 32
"""A thumb needs as much in one direction, and so much in the other."""
KNOWN_WORDS = {"VOCs", "JPEG", "HEIC", "WebP"}
"""What Chinese readers of this field call it themselves. What is marked translate="no" is no language at all."""

_SMALL = """([most, least]) => {
    const seen = (one) => one.checkVisibility({ visibilityProperty: true }) && one.getBoundingClientRect().width > 0;
    const target = (one) => (one.matches("input") ? one.closest("label") ?? one : one);
    const all = [...document.querySelectorAll(
        "button, a[href], summary, input, textarea, select, [role=button], [role=tab], [role=switch], [role=checkbox]")];
    return all.filter(seen).map(target).filter((one) => {
        const { width, height } = one.getBoundingClientRect();
        return Math.max(width, height) < most || Math.min(width, height) < least;
    }).map((one) => {
        const { width, height } = one.getBoundingClientRect();
        return `${one.outerHTML.slice(0, 120)}: ${Math.round(width)}×${Math.round(height)}`;
    });
}"""
_FOREIGN = """(known) => {
    const words = [];
    const say = (text) => {
        for (const [word] of text.matchAll(/[A-Za-z]{4,}/g)) if (!known.includes(word)) words.push(`${word} in ${text.trim()}`);
    };
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const parent = node.parentElement;
        if (parent.closest("script, style, [translate=no]") || !parent.checkVisibility({ visibilityProperty: true })) continue;
        say(node.data);
    }
    for (const one of document.querySelectorAll("[aria-label], [placeholder], [alt]")) {
        for (const name of ["aria-label", "placeholder", "alt"]) say(one.getAttribute(name) ?? "");
    }
    return words;
}"""
_WIDE = "document.scrollingElement.scrollWidth"
_AT_REST = """() => Promise.all(document.getAnimations()
    .filter((one) => one.effect.getComputedTiming().iterations !== Infinity).map((one) => one.finished.catch(() => 0)))"""
_AXE = """async (tags) => (await axe.run(document, { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"] }))
    .violations.flatMap((one) => one.nodes.map((node) => ({
        impact: one.impact, words: `${one.id}: ${node.html.slice(0, 160)} ${node.any[0]?.message ?? node.all[0]?.message ?? ""}`,
    })))"""


async def at_rest(page: Page) -> None:
    """Nothing on the page is on its way in or out any more."""
    await page.evaluate(_AT_REST)


async def faults(page: Page) -> list[str]:
    """What is wrong with the screen that is shown, in words; empty: nothing. Its sunlight looks are looked at too."""
    found = await _faults_as_shown(page)
    await page.evaluate("document.documentElement.setAttribute('data-theme', 'sunlight')")
    in_the_sun = await _faults_as_shown(page)
    await page.evaluate("document.documentElement.setAttribute('data-theme', 'plain')")
    return found + [f"in the sun: {words}" for words in in_the_sun if words not in found]


async def _faults_as_shown(page: Page) -> list[str]:
    await at_rest(page)
    found = [f"axe {words}" for words in await _grave(page)]
    wide = await page.evaluate(_WIDE)
    if wide > PHONE[0]:
        found.append(f"scrolls sideways: {wide} px")
    found += [f"too small {words}" for words in await page.evaluate(_SMALL, [THUMB_PX, LEAST_PX])]
    found += [f"not Chinese {words}" for words in await page.evaluate(_FOREIGN, sorted(KNOWN_WORDS))]
    return found


async def _grave(page: Page) -> list[str]:
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE.read_text(encoding="utf-8"))
    results: list[dict[str, Any]] = await page.evaluate(_AXE, RULES)
    return [str(one["words"]) for one in results if one["impact"] in GRAVE]
