"""Takes the pictures of the documentation from the running demo: `python -m bench.pictures`.

Nothing is drawn or staged: a browser plays Jonas in `allybot demo`, and opens a report that a lead may print.
Needs Chromium, or a browser named in CHROMIUM.
"""

import os
import re
import shutil
from pathlib import Path

from playwright.sync_api import Locator, Page, expect, sync_playwright

from allybot.demo.attended import AttendedDemo
from allybot.demo.cast import LEAD_USER
from allybot.demo.options import DemoOptions
from allybot.demo.workspace import BOT_USER

FOLDER = Path(__file__).parent.parent / "docs" / "pictures"
NAMES = ("welcome", "check-in", "help", "mend", "scenario", "vote", "summary", "report")
_REPORT = FOLDER.parent / "reports" / "program-of-18.html"
_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
_PATIENCE_MS = 420_000
"""How long one step may take on a busy machine."""


def take(folder: Path) -> None:
    """Live through the demo and write a PNG for each of NAMES, 1280 pixels wide and 800 or 1100 high.

    Raises:
        SystemExit: there is no browser.
    """
    browser_path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if browser_path is None:
        raise SystemExit("No Chromium found: install it, or name it in CHROMIUM.")
    folder.mkdir(exist_ok=True)
    expect.set_options(timeout=_PATIENCE_MS)
    demo = AttendedDemo(DemoOptions(people=12, seed=3))
    demo.open(0)
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=browser_path, args=_ARGUMENTS)
            page = browser.new_page(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
            page.set_default_timeout(_PATIENCE_MS)
            page.goto(demo.address)
            _as_a_trainee(page, folder)
            _in_the_circle(page, folder)
            _as_a_lead(page, folder, demo.session.emulator.url)
            browser.close()
    finally:
        demo.close()


def _as_a_trainee(page: Page, folder: Path) -> None:
    expect(_button(page, "Start")).to_be_visible()
    _shoot(page, folder, "welcome")
    _button(page, "Start").click()
    _button(page, "Write a plan").click()
    form = page.get_by_role("dialog", name="Write a plan")
    form.get_by_role("combobox", name="What kind of plan?").click()
    page.get_by_role("option", name=re.compile("^Bystander action")).first.click()
    _button(form, "Go on").click()
    form.get_by_label("If …").fill("Tomasz cuts Leyla off in our planning")
    form.get_by_label("… then I will").fill("say that I would like to hear the rest")
    _button(form, "Go on").click()
    _button(form, "Keep this plan").click()
    _button(page.get_by_role("dialog", name="Your plan"), "Done").click()
    _move(page, "Next check-in")
    expect(_button(page, "A moment came, I did not")).to_be_visible()
    _shoot(page, folder, "check-in")
    _button(page, "A moment came, I did not").click()
    form = page.get_by_role("dialog", name="Your check-in")
    expect(form).to_contain_text("It slipped my mind")
    _shoot(page, folder, "help")
    form.get_by_role("radio", name="It slipped my mind").click()
    expect(form).to_contain_text("Put something odd where the deed is due")
    _shoot(page, folder, "mend")
    _button(form, "Keep").click()
    expect(form).to_be_hidden()


def _in_the_circle(page: Page, folder: Path) -> None:
    page.get_by_role("link", name="Open ally-circle-1").click()
    expect(_last(page)).to_contain_text("What would you do first?")
    page.set_viewport_size({"width": 1280, "height": 1100})  # so that a whole post is to be seen
    _shoot(page, folder, "scenario")
    page.get_by_role("button", name="Vote B").click()
    expect(_last(page)).to_contain_text("Your vote is sealed")
    _move(page, "Thursday 12:00")
    expect(_last(page)).to_contain_text("What research says")
    _shoot(page, folder, "vote")


def _as_a_lead(page: Page, folder: Path, slack: str) -> None:
    """The summary in Slack once the first window is published, and a report that is printed.

    The report is that of an invented program, made by `python -m bench.reports` with the code that publishes.

    Args:
        slack: the address of the demo's page.
    """
    _move(page, "End of window")
    page.goto(f"{slack}#as={LEAD_USER}&app={BOT_USER}")
    expect(_last(page)).to_contain_text("are out")
    page.get_by_test_id("composer").fill("/allybot transfers")
    page.get_by_test_id("composer").press("Enter")
    expect(_last(page)).to_contain_text("These figures do not tell who did what")
    _shoot(page, folder, "summary")
    page.goto(_REPORT.as_uri())
    _shoot(page, folder, "report")


def _shoot(page: Page, folder: Path, name: str) -> None:
    page.mouse.move(0, 0)
    page.screenshot(path=folder / f"{name}.png")


def _move(page: Page, to: str) -> None:
    _button(page.locator("#strip"), to).click()
    expect(page.locator("#strip")).to_have_attribute("aria-busy", "false")


def _last(page: Page) -> Locator:
    return page.get_by_test_id("messages").get_by_test_id("message").last


def _button(place: Page | Locator, name: str) -> Locator:
    return place.get_by_role("button", name=name, exact=True).last


if __name__ == "__main__":
    take(FOLDER)
