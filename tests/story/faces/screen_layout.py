"""What a scene of the command screen must be on every wall: nothing cut, nothing over something else, nothing too small."""

from __future__ import annotations

from playwright.async_api import Page

from tests.story.faces.screen_checks import at_rest

SIZES = [(1920, 1080), (3840, 1080), (1366, 768)]
LEAST_REM = 1.0
"""A rem is a 67.5th of the wall's height: of a wall two metres high it is three centimetres, to be read at five metres."""

_FAULTS = """(least) => {
  const said = [];
  const name = (one) => `${one.tagName.toLowerCase()}.${[...one.classList].join(".")} "${(one.textContent ?? "").trim().slice(0, 24)}"`;
  const seen = (one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && one.getBoundingClientRect().width > 0;
  const [wide, high] = [innerWidth, innerHeight];
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
  if (document.scrollingElement.scrollWidth > wide || document.scrollingElement.scrollHeight > high) said.push("the page scrolls");

  const blocks = [...document.querySelectorAll("header > *, header nav > *, header .side > *, main > *, main .panel, main figure, .counters > *")].filter(seen);
  for (const one of blocks) {
    const box = one.getBoundingClientRect();
    if (box.left < -1 || box.top < -1 || box.right > wide + 1 || box.bottom > high + 1) said.push(`beyond the edge: ${name(one)}`);
    if (box.width < 3 * rem && one.matches(".panel, main > *") || box.height < 2 * rem && one.matches(".panel")) said.push(`crushed: ${name(one)}`);
  }
  for (const [index, one] of blocks.entries()) for (const other of blocks.slice(index + 1)) {
    if (one.contains(other) || other.contains(one) || one.closest("[role=dialog]") || other.closest("[role=dialog]")) continue;
    const [a, b] = [one.getBoundingClientRect(), other.getBoundingClientRect()];
    const over = Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1;
    if (over) said.push(`one over the other: ${name(one)} / ${name(other)}`);
  }
  for (const one of document.querySelectorAll("header *, main *")) {
    if (!seen(one) || one.closest(".maplibregl-map, .maplibregl-ctrl")) continue;
    const style = getComputedStyle(one);
    const words = [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (words && parseFloat(style.fontSize) < least * rem - 0.1) said.push(`too small to read: ${name(one)} ${style.fontSize}`);
    const scrolls = ["auto", "scroll"].includes(style.overflowY);
    if (one.matches(".panel > .body") && !scrolls && one.scrollHeight > one.clientHeight + 1) said.push(`cut below: ${name(one)}`);
    if (words && style.overflowX === "visible" && style.display !== "inline" && one.scrollWidth > one.clientWidth + 2) said.push(`words run over: ${name(one)}`);
    const panel = one.closest(".panel");
    if (words && panel && !one.closest(".live-map")) {
      const [inner, outer] = [one.getBoundingClientRect(), panel.getBoundingClientRect()];
      if (inner.right > outer.right + 1 || inner.left < outer.left - 1) said.push(`out of its panel: ${name(one)}`);
    }
  }
  return [...new Set(said)];
}"""


async def faults_of_layout(page: Page) -> list[str]:
    """What is wrong with how the scene lies in its window, in words; empty: nothing."""
    await at_rest(page)
    found: list[str] = await page.evaluate(_FAULTS, LEAST_REM)
    return found
