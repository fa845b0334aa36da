"""The page in a browser: what it transfers, how soon it answers, how a long text opens and scrolls.

Headless Chromium on this machine, `qa serve` over the seeds and a text of 2 MB. Answers are timed by
the page, from submitting a question that was not asked before to the frame that shows it, beside the
same answers over HTTP; opening the text beside the browser's own opening of the same file.
"""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING
from urllib.request import Request, urlopen

from benchmarks.quaere import SEEDS, add, command, make_engine
from benchmarks.report import Comparison, line, show
from benchmarks.serve import free_port, serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
RUNS = 7
LONG_BYTES = 2_000_000
FRAMES = 100
STEP = 400
"""Pixels scrolled in each frame."""

ANSWERED = """() => new Promise((seen) => {
  const asked = () => performance.getEntriesByType("resource")
    .filter(({ name }) => name.endsWith("/v1/ask")).length;
  const before = asked();
  const begun = performance.now();
  new MutationObserver((_, observer) => {
    if (asked() === before || !document.querySelector(".answers[aria-busy=false] .card")) return;
    observer.disconnect();
    requestAnimationFrame(() => seen(performance.now() - begun));
  }).observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
  document.querySelector("form").requestSubmit();
})"""
SCROLLED = """async ([frames, step]) => {
  const text = document.querySelector(".reader-body");
  const took = [];
  for (let last = performance.now(); took.length < frames; last = performance.now()) {
    text.scrollTop += step;
    await new Promise(requestAnimationFrame);
    took.push(performance.now() - last);
  }
  return took.sort((one, other) => one - other);
}"""
SENT = "performance.getEntries().reduce((sum, one) => sum + (one.transferSize ?? 0), 0)"


def run() -> None:
    """Visit the page."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "long.txt").write_text(_long_text())
        with closing(make_engine(folder / "library")) as engine:
            add(engine, SEEDS)
            add(engine, folder / "long.txt")
            (long,) = (one for one in engine.documents() if one.path.name == "long.txt")
        port = free_port()
        arguments = command("qa", "serve", "--port", str(port))
        with serving(folder / "library", arguments, port):
            _visit(f"http://127.0.0.1:{port}", int(long.id), long.length // 2)


def _visit(address: str, long: int, place: int) -> None:
    import shutil

    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = next(filter(None, map(shutil.which, BROWSERS)), None)
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(address, wait_until="networkidle")
        line("  transferred before anything is asked, in kB", f"{page.evaluate(SENT) / 1000:,.0f}")
        _answers(page, address)
        _long(browser, address, long, place)
        browser.close()


def _answers(page: Page, address: str) -> None:
    ours, plain = [], []
    for number in range(RUNS):
        page.get_by_role("searchbox", name="Question").fill(f"Who came to Laos in {1950 + number}?")
        ours.append(float(page.evaluate(ANSWERED)))
        plain.append(_milliseconds(partial(_ask, address, f"Who came to Laos in {1970 + number}?")))
    what = f"first answer on the screen: median of {RUNS}, in ms"
    show(Comparison(what, median(ours), median(plain), "the answer alone, over HTTP", decimals=0))


def _ask(address: str, question: str) -> None:
    body = b'{"question": "%s", "limit": 5, "explain": true}' % question.encode()
    asking = Request(f"{address}/v1/ask", body, {"Content-Type": "application/json"})
    with urlopen(asking) as response:
        response.read()


def _long(browser: Browser, address: str, long: int, place: int) -> None:
    page, plain = browser.new_page(), browser.new_page()
    page.goto(address, wait_until="networkidle")  # the page itself is there already

    def opened() -> None:
        page.goto(f"{address}/documents/{long}#c={place}-{place + 200}")
        page.wait_for_selector(".text mark")

    ours = _milliseconds(opened)
    original = f"{address}/v1/documents/{long}/original"
    theirs = _milliseconds(lambda: plain.goto(original, wait_until="load"))
    what = f"a text of {LONG_BYTES / 1e6:.0f} MB opened in its middle, in ms"
    show(Comparison(what, ours, theirs, "the browser itself, at its beginning", decimals=0))
    frames = page.evaluate(SCROLLED, [FRAMES, STEP])
    line("  a frame while it is scrolled: median, in ms", f"{median(frames):,.0f}")
    line(f"  the longest of {FRAMES}, in ms", f"{frames[-1]:,.0f}")


def _milliseconds(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return 1000 * (time.perf_counter() - begun)


def _long_text() -> str:
    """Paragraphs of the samples' words in any order: no passage is like another."""
    chance = random.Random(1)
    words = " ".join(
        path.read_text(encoding="utf-8") for path in sorted(SEEDS.glob("*.txt"))
    ).split()
    paragraphs = (" ".join(chance.choices(words, k=80)) + "." for _ in range(LONG_BYTES // 400))
    return "\n\n".join(paragraphs)[:LONG_BYTES]
