"""A person plays through the emulator's page in a real browser, with a real Bolt app on the other side."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from typing import Any
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect, sync_playwright
from slack_sdk import WebClient

from slack_emulator import App, Emulator, EmulatorConfig
from tests.emulator.small_app import MANIFEST, running_app

pytestmark = pytest.mark.browser
expect.set_options(timeout=15_000)  # milliseconds; other tests run beside these on two cores

_ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
_STRIP = {
    "clock": "2026-01-06T10:04:00+01:00",
    "clock_label": "Tue 6 Jan 2026, 10:04",
    "headline": "Day 3",
    "body": "The first check-in.",
    "act_as": "U0BRUNO",
    "act_as_label": "Look as Bruno",
    "busy": False,
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail("no Chromium in CI: install it, or name it in CHROMIUM")
        pytest.skip("no Chromium found: install it, or name it in CHROMIUM")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def advances() -> list[dict[str, Any]]:
    """What the strip's buttons posted."""
    return []


@pytest.fixture(scope="module")
def handed_in() -> list[dict[str, Any]]:
    """The values of submitted modals."""
    return []


@pytest.fixture(scope="module")
def server(advances: list[dict[str, Any]], handed_in: list[dict[str, Any]]) -> Iterator[Emulator]:
    server = Emulator(EmulatorConfig(app=App(manifest=MANIFEST), strip_url="/_demo/strip"))
    button = {"id": "day", "label": "A day later", "hint": "", "post": "/_demo/clock"}

    def strip(_body: dict[str, Any]) -> dict[str, Any]:
        label = f"{len(advances)} day later" if advances else _STRIP["clock_label"]
        shown = {**button, "json": {"advance": "P1D"}, "disabled": False}
        return {**_STRIP, "clock_label": label, "buttons": [shown]}

    def clock(body: dict[str, Any]) -> dict[str, Any]:
        advances.append(body)
        return {"ok": True}

    server.add_json_route("GET", "/_demo/strip", strip)
    server.add_json_route("POST", "/_demo/clock", clock)
    server.start()
    with running_app(server, handed_in):
        yield server
    server.stop()


@pytest.fixture
def emulator(server: Emulator, advances: list[dict[str, Any]]) -> Emulator:
    """The running emulator, empty again."""
    advances.clear()
    with urlopen(Request(f"{server.url}_control/reset", method="POST")) as answer:  # noqa: S310 - our own
        assert answer.status == 200
    return server


@pytest.fixture
def open_page(browser: Browser, emulator: Emulator) -> Iterator[Callable[..., Page]]:
    """Opens the page as somebody; any script error fails the test."""
    contexts, problems = [], []

    def open_(address: str = "#as=U0ANTON", **options: Any) -> Page:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **options})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(f"{emulator.url}{address}")
        expect(page.get_by_test_id("acting-as")).to_be_visible()
        return page

    yield open_
    for context in contexts:
        context.close()
    assert problems == []


def write(page: Page, words: str) -> None:
    page.get_by_test_id("composer").fill(words)
    page.get_by_test_id("composer").press("Enter")


def messages(page: Page) -> Locator:
    return page.get_by_test_id("messages").get_by_test_id("message")


def open_form(page: Page) -> Locator:
    write(page, "/helper plan")
    dialog = page.get_by_role("dialog", name="Write a plan")
    expect(dialog).to_be_visible()
    return dialog


def test_a_message_is_sent_and_answered(open_page: Callable[..., Page]) -> None:
    page = open_page()
    write(page, "I <3 R&D *really*")
    expect(messages(page).last).to_contain_text("You wrote: I <3 R&D really")
    expect(messages(page).last.locator("strong")).to_have_text("really")
    expect(page.get_by_test_id("composer")).to_have_value("")


def test_markup_in_a_message_stays_text(open_page: Callable[..., Page]) -> None:
    page = open_page()
    typed = '<img src=x onerror="document.title=1"> <b>bold</b> &amp;'
    write(page, typed)
    expect(messages(page).last).to_contain_text(f"You wrote: {typed}")
    expect(messages(page).locator("b, img")).to_have_count(0)


def test_a_pressed_button_reaches_the_app_and_the_message_changes(open_page: Callable[..., Page]) -> None:
    page = open_page()
    write(page, "ask me")
    expect(messages(page).last).to_contain_text("Did a moment come? R&D <3")
    page.get_by_role("button", name="I did it").click()
    expect(messages(page).last).to_contain_text("Thank you.")
    expect(messages(page).last).to_contain_text("(edited)")
    expect(page.get_by_role("button", name="I did it")).to_have_count(0)
    expect(messages(page).last).to_be_focused()  # the keyboard goes on from where the button was


def test_an_app_can_ask_before_it_acts(open_page: Callable[..., Page]) -> None:
    page = open_page()
    write(page, "ask me")
    page.get_by_role("button", name="Forget it").click()
    page.get_by_role("alertdialog", name="Really?").get_by_role("button", name="No").click()
    expect(page.get_by_role("button", name="Forget it")).to_be_focused()
    page.get_by_role("button", name="Forget it").click()
    page.get_by_role("button", name="Yes, forget").click()
    expect(messages(page).last).to_contain_text("Only visible to you")
    expect(messages(page).last).to_contain_text("Forgotten, as you wished.")


def test_a_choice_from_a_menu_reaches_the_app(open_page: Callable[..., Page]) -> None:
    page = open_page()
    write(page, "ask me")
    page.get_by_role("combobox", name="Pick a weekday").click()
    page.get_by_role("option", name="Tuesday").click()
    expect(messages(page).last).to_contain_text("On tuesday then.")


def test_a_refused_modal_says_why_and_keeps_what_was_typed(open_page: Callable[..., Page]) -> None:
    page = open_page()
    dialog = open_form(page)
    dialog.get_by_label("then I …").fill("ask her to finish")
    dialog.get_by_role("button", name="Keep it").click()
    expect(dialog.get_by_text("Please fill this in.")).to_have_count(2)
    expect(dialog.get_by_role("combobox", name="Kind")).to_be_focused()

    dialog.get_by_role("combobox", name="Kind").click()
    page.get_by_role("option", name="Listening").click()
    cue = dialog.get_by_label("If …")
    cue.fill("some day")
    dialog.get_by_role("button", name="Keep it").click()
    expect(dialog.get_by_text("Make it one moment: where are you?")).to_be_visible()
    expect(cue).to_be_focused()
    expect(cue).to_have_attribute("aria-invalid", "true")
    expect(cue).to_have_accessible_description(re.compile("Make it one moment"))
    expect(cue).to_have_value("some day")
    expect(dialog.get_by_label("then I …")).to_have_value("ask her to finish")

    cue.fill("on Monday in the meeting")
    cue.press("Enter")
    expect(dialog).to_have_count(0)
    expect(messages(page).last).to_contain_text("Kept: if on Monday in the meeting")


def test_a_modal_that_changes_keeps_what_was_typed(open_page: Callable[..., Page]) -> None:
    page = open_page()
    dialog = open_form(page)
    dialog.get_by_label("If …").fill("half a thought")
    dialog.get_by_role("button", name="Show an example").click()
    expect(dialog.get_by_text("For example: if somebody is talked over")).to_be_visible()
    expect(dialog.get_by_label("If …")).to_have_value("half a thought")
    page.reload()
    expect(page.get_by_label("If …")).to_have_value("half a thought")


def test_a_modal_holds_the_focus_and_escape_closes_it(open_page: Callable[..., Page]) -> None:
    page = open_page()
    dialog = open_form(page)
    for _ in range(12):
        page.keyboard.press("Tab")
        assert dialog.evaluate("dialog => dialog.contains(document.activeElement)")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(page.get_by_test_id("composer")).to_be_focused()


def test_the_home_tab_shows_the_apps_view(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.get_by_role("tab", name="Home").click()
    expect(page.get_by_role("heading", name="Your plans")).to_be_visible()
    page.get_by_role("button", name="Write a plan").click()
    expect(page.get_by_role("dialog", name="Write a plan")).to_be_visible()
    assert "tab=home" in page.url


def test_a_thread_opens_beside_the_conversation(open_page: Callable[..., Page]) -> None:
    page = open_page()
    write(page, "first")
    expect(messages(page).last).to_contain_text("You wrote: first")
    messages(page).first.hover()
    messages(page).first.get_by_role("button", name="Reply in thread").click()
    page.get_by_test_id("thread-composer").fill("second")
    page.get_by_test_id("thread-composer").press("Enter")
    thread = page.get_by_role("complementary", name="Thread")
    expect(thread.get_by_test_id("message")).to_have_count(3)
    expect(thread.get_by_test_id("message").last).to_contain_text("You wrote: second")
    expect(messages(page)).to_have_count(2)
    expect(page.get_by_role("button", name="2 replies")).to_be_visible()
    page.reload()
    expect(thread.get_by_test_id("message")).to_have_count(3)
    thread.get_by_role("button", name="Close thread").click()
    expect(thread).to_be_hidden()


def test_what_is_unread_is_counted_until_it_is_read(open_page: Callable[..., Page]) -> None:
    anton, bruno = open_page("#as=U0ANTON"), open_page("#as=U0BRUNO&channel=C0GENERAL")
    expect(anton.get_by_role("heading", name="helper")).to_be_visible()
    write(bruno, "hello everybody")
    write(bruno, "are you there?")
    general = anton.get_by_role("link", name="general, channel, 2 unread")
    expect(general.get_by_test_id("unread")).to_have_text("2")
    general.click()
    expect(messages(anton).last).to_contain_text("are you there?")
    expect(anton.get_by_test_id("messages").get_by_text("New messages")).to_be_visible()
    expect(anton.get_by_test_id("unread")).to_have_count(0)
    anton.reload()
    expect(messages(anton)).to_have_count(2)
    expect(anton.get_by_test_id("unread")).to_have_count(0)


def test_what_is_said_while_the_page_loads_is_not_lost(browser: Browser, emulator: Emulator) -> None:
    client = WebClient(token=emulator.config.teams[0].bot_token, base_url=emulator.api_url)
    context = browser.new_context()
    page = context.new_page()

    def said_before_anybody_listens(route: Route) -> None:
        client.chat_postMessage(channel="C0GENERAL", text="first")
        route.continue_()

    def said_while_the_messages_come(route: Route) -> None:
        stale = route.fetch()
        client.chat_postMessage(channel="C0GENERAL", text="second")
        page.wait_for_timeout(300)  # the stream is quicker than this answer
        route.fulfill(response=stale)

    page.route("**/_page/stream*", said_before_anybody_listens, times=1)
    page.route("**/_page/messages*", said_while_the_messages_come, times=1)
    page.goto(f"{emulator.url}#as=U0ANTON&channel=C0GENERAL")
    expect(messages(page)).to_have_count(2)
    expect(messages(page).last).to_contain_text("second")
    context.close()


def test_looking_as_somebody_else_keeps_the_place(open_page: Callable[..., Page]) -> None:
    page = open_page()
    write(page, "mine alone")
    expect(messages(page)).to_have_count(2)
    page.get_by_test_id("acting-as").click()
    page.get_by_role("combobox", name="Search: Act as").fill("dara")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Acting as Dara Quinn")).to_be_visible()
    expect(page.get_by_role("heading", name="helper")).to_be_visible()
    expect(messages(page)).to_have_count(0)
    page.get_by_role("link", name="general, channel").click()
    page.go_back()
    page.go_back()
    expect(page.get_by_role("button", name="Acting as Anton Weber")).to_be_visible()
    expect(messages(page)).to_have_count(2)


def test_people_write_to_each_other(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.get_by_role("button", name="New direct message").click()
    page.get_by_role("combobox", name="Search: Jump to").fill("bruno")
    page.get_by_role("option", name="Bruno Costa").first.click()
    write(page, "shall we talk?")
    expect(messages(page).last).to_contain_text("shall we talk?")
    bruno = open_page("#as=U0BRUNO")
    bruno.get_by_role("link", name="Anton Weber, 1 unread").click()
    expect(messages(bruno).last).to_contain_text("shall we talk?")


def test_everything_can_be_done_with_the_keyboard(open_page: Callable[..., Page]) -> None:
    page = open_page("#as=U0ANTON&channel=C0GENERAL")
    expect(page.get_by_test_id("composer")).to_be_focused()
    page.keyboard.press("Control+k")
    page.keyboard.type("help")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="helper")).to_be_visible()
    expect(page.get_by_test_id("composer")).to_be_focused()
    page.keyboard.type("/hel")
    expect(page.get_by_role("listbox", name="Suggestions").get_by_role("option")).to_have_count(2)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Tab")
    expect(page.get_by_test_id("composer")).to_have_value("/helper ")
    page.keyboard.type("plan")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Write a plan")
    expect(dialog.get_by_role("combobox", name="Kind")).to_be_focused()
    for key in ("ArrowDown", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    expect(dialog.get_by_role("combobox", name="Kind")).to_contain_text("Listening")
    page.keyboard.press("Tab")
    page.keyboard.type("on Friday after lunch")
    page.keyboard.press("Enter")
    expect(messages(page).last).to_contain_text("Kept: if on Friday after lunch")


def test_an_unknown_command_is_explained(open_page: Callable[..., Page]) -> None:
    page = open_page()
    write(page, "/nothing")
    expect(page.get_by_test_id("notice")).to_contain_text("/nothing is not a valid command")
    expect(page.get_by_test_id("notice")).to_have_count(1)
    expect(page.get_by_test_id("composer")).to_have_value("/nothing")


def test_a_reaction_is_given_and_taken_back(open_page: Callable[..., Page]) -> None:
    page = open_page()
    write(page, "good news")
    messages(page).first.hover()
    messages(page).first.get_by_role("button", name="Add a reaction").click()
    page.get_by_role("button", name="tada", exact=True).click()
    chip = page.get_by_role("button", name="tada, 1")
    expect(chip).to_have_attribute("aria-pressed", "true")
    chip.click()
    expect(chip).to_have_count(0)


def test_the_strip_shows_what_the_host_says_and_does_what_it_asks(
    open_page: Callable[..., Page], advances: list[dict[str, Any]]
) -> None:
    page = open_page()
    expect(page.get_by_test_id("clock")).to_have_text("Tue 6 Jan 2026, 10:04")
    page.get_by_role("button", name="A day later").click()
    expect(page.get_by_test_id("clock")).to_have_text("1 day later")
    assert advances == [{"advance": "P1D"}]
    page.get_by_role("link", name="Look as Bruno").click()
    expect(page.get_by_role("button", name="Acting as Bruno Costa")).to_be_visible()
    expect(page.get_by_role("link", name="Look as Bruno")).to_have_count(0)


def test_all_that_block_kit_offers_is_shown_and_handed_in(
    open_page: Callable[..., Page], handed_in: list[dict[str, Any]]
) -> None:
    page = open_page()
    write(page, "/helper everything")
    dialog = page.get_by_role("dialog", name="Everything")
    dialog.get_by_role("checkbox", name="Tuesdays").check()
    dialog.get_by_role("radio", name="Every week").check()
    dialog.get_by_label("Next moment").fill("2026-02-03")
    dialog.get_by_label("At").fill("10:30")
    dialog.get_by_label("E-mail").fill("anton@emulator.example")
    dialog.get_by_role("combobox", name="With whom").click()
    page.get_by_role("option", name="Chen Li").click()
    several = dialog.get_by_role("combobox", name="Where")
    several.click()
    page.get_by_role("option", name="Office").click()
    page.get_by_role("option", name="Lab").click()
    page.keyboard.press("Escape")
    expect(several).to_contain_text("OfficeLab")
    dialog.get_by_role("button", name="Submit").click()
    expect(dialog).to_have_count(0)
    expect(messages(page).last).to_contain_text("Taken.")
    values = {block: next(iter(actions.values())) for block, actions in handed_in[0].items()}
    assert [each["value"] for each in values["days"]["selected_options"]] == ["tue"]
    assert values["pace"]["selected_option"]["value"] == "week"
    assert values["date"]["selected_date"] == "2026-02-03"
    assert values["time"]["selected_time"] == "10:30"
    assert values["mail"]["value"] == "anton@emulator.example"
    assert values["who"]["selected_user"] == "U0CHEN"
    assert [each["value"] for each in values["where"]["selected_options"]] == ["office", "lab"]
    assert values["left_out"]["value"] is None


def test_slacks_markup_becomes_what_it_means(open_page: Callable[..., Page], emulator: Emulator) -> None:
    page = open_page("#as=U0ANTON&channel=C0GENERAL")
    client = WebClient(token=emulator.config.teams[0].bot_token, base_url=emulator.api_url)
    lines = [
        "*bold* _slanted_ ~gone~ `code *stays*` 2*3*4 snake_case_name",
        "&gt; quoted",
        "<https://example.org/?a=1&amp;b=2|a &lt;link&gt;> <javascript:alert(1)|no link>",
        "<@U0ANTON> <#C0GENERAL> <!here> :tada: :no_such_name:",
        "<!date^1767690000^{date_long} at {time}|later>",
        "```if a &lt; b:\n    *pass*```",
    ]
    client.chat_postMessage(channel="C0GENERAL", text="\n".join(lines))
    shown = messages(page).last
    expect(shown.locator("strong")).to_have_text("bold")
    expect(shown.locator("em")).to_have_text("slanted")
    expect(shown.locator("del")).to_have_text("gone")
    expect(shown.locator("code").first).to_have_text("code *stays*")
    expect(shown).to_contain_text("2*3*4 snake_case_name")
    expect(shown.locator("blockquote")).to_have_text("quoted")
    expect(shown.get_by_role("link")).to_have_text(["a <link>"])
    expect(shown.get_by_role("link")).to_have_attribute("href", "https://example.org/?a=1&b=2")
    expect(shown).to_contain_text("@Anton Weber #general @here 🎉 :no_such_name:")
    expect(shown).to_contain_text("Tuesday, 6 January 2026 at 10:00")
    expect(shown.locator("pre")).to_have_text("if a < b:\n    *pass*")


def background(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))


def test_dark_follows_the_device_and_the_switch(open_page: Callable[..., Page]) -> None:
    page = open_page(color_scheme="dark")
    assert background(page) == "rgb(21, 25, 27)"
    page.get_by_test_id("theme").click()
    assert background(page) == "rgb(255, 255, 255)"
    page.reload()
    expect(page.get_by_role("button", name="Appearance: light")).to_be_visible()
    assert background(page) == "rgb(255, 255, 255)"


def test_a_phone_shows_one_thing_at_a_time(browser: Browser, emulator: Emulator) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 780}, is_mobile=True, has_touch=True)
    page = context.new_page()
    page.goto(f"{emulator.url}#as=U0ANTON")
    general = page.get_by_role("link", name="general, channel")
    expect(page.get_by_role("heading", name="helper")).to_be_visible()
    expect(general).to_be_hidden()
    page.get_by_role("button", name="Open the list of conversations").tap()
    general.tap()
    expect(page.get_by_role("heading", name="general")).to_be_visible()
    expect(general).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    context.close()
