"""A person drives the demo's page in a real browser: trainee, circle member and lead.

Set ALLYBOT_TEST_PICTURE to a file name to take the README's picture on the way.
"""

import os
import re
import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from allybot.demo.attended import AttendedDemo
from allybot.demo.cast import LEAD_USER
from allybot.demo.options import DemoOptions
from allybot.demo.workspace import BOT_USER, circle_channel

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
expect.set_options(timeout=30_000)  # milliseconds; other tests run beside these on two cores

_ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
_A_MOVE = 90_000
"""Milliseconds the clock may take to move over weeks while the machine is busy with other tests."""


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


@pytest.fixture
def begin(browser: Browser) -> Iterator[Callable[..., tuple[AttendedDemo, Page]]]:
    """Starts the demo with so many people and opens its page; any script error fails the test."""
    opened, contexts, problems = [], [], []

    def begin(people: int = 4, **options) -> tuple[AttendedDemo, Page]:
        demo = AttendedDemo(DemoOptions(people=people, seed=3))
        demo.open(0)
        opened.append(demo)
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **options})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(demo.address)
        expect(page.get_by_test_id("acting-as")).to_contain_text("Jonas Weber")
        expect(page.get_by_role("button", name="Start", exact=True)).to_be_visible()
        return demo, page

    yield begin
    for context in contexts:
        context.close()
    for demo in opened:
        demo.close()
    assert problems == []


def last(page: Page) -> Locator:
    return page.get_by_test_id("messages").get_by_test_id("message").last


def headline(page: Page, words: str) -> None:
    expect(page.locator(".strip-headline")).to_contain_text(words, timeout=_A_MOVE)


def button(page: Page | Locator, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True).last


def choose(page: Page, form: Locator, question: str, option: str | re.Pattern[str]) -> None:
    form.get_by_role("combobox", name=question).click()
    page.get_by_role("option", name=option).first.click()


def type_command(page: Page, words: str) -> None:
    page.get_by_test_id("composer").fill(words)
    page.get_by_test_id("composer").press("Enter")


def move(page: Page, to: str) -> None:
    button(page.locator("#strip"), to).click()
    expect(page.locator("#strip")).to_have_attribute("aria-busy", "false", timeout=_A_MOVE)


def write_a_plan(page: Page, cue: str, response: str) -> None:
    button(page, "Write a plan").click()
    form = page.get_by_role("dialog", name="Write a plan")
    choose(page, form, "What kind of plan?", re.compile("^Bystander action"))
    button(form, "Go on").click()
    form.get_by_label("If …").fill(cue)
    form.get_by_label("… then I will").fill(response)
    button(form, "Go on").click()
    expect(form).to_contain_text("Say it to yourself once")
    button(form, "Keep this plan").click()
    kept = page.get_by_role("dialog", name="Your plan")
    expect(kept).to_contain_text(f"If {cue}, then I will {response}.")
    expect(kept.get_by_test_id("modal-submit")).to_have_count(0)
    button(kept, "Done").click()


def test_a_newcomer_lives_through_the_program_as_trainee_member_and_lead(begin) -> None:
    _, page = begin(people=12)
    headline(page, "1 of 6")
    button(page, "Start").click()
    headline(page, "2 of 6")
    write_a_plan(page, "Tomasz cuts Leyla off in our planning", "say that I would like to hear the rest")

    headline(page, "3 of 6")
    move(page, "Next check-in")
    headline(page, "4 of 6 · Answer in one tap")
    expect(page.get_by_test_id("clock")).to_contain_text("15 Jan 2026")
    expect(last(page)).to_contain_text("If Tomasz cuts Leyla off in our planning, then I will say")
    if picture := os.environ.get("ALLYBOT_TEST_PICTURE"):
        page.mouse.move(0, 0)
        page.screenshot(path=picture)

    answer_and_change_the_answer(page)
    vote(page)

    move(page, "End of window")
    headline(page, "6 of 6")
    page.get_by_role("link", name="Look as Mira Okafor").click()
    expect(last(page)).to_contain_text("The transfer outcomes of Allies at Northwind")
    button(page, "Show the outcomes").click()
    expect(last(page)).to_contain_text(re.compile(r"acted at least once \(\d+ to \d+( people)?\)"))
    expect(last(page)).to_contain_text("Only visible to you")

    page.get_by_role("link", name="Be Jonas again").click()
    expect(page.get_by_test_id("acting-as")).to_contain_text("Jonas Weber")
    type_command(page, "/allybot transfers")
    expect(last(page)).to_contain_text("Only the leads of a program can see its transfer outcomes.")


def answer_and_change_the_answer(page: Page) -> None:
    button(page, "A moment came, I did not").click()
    form = page.get_by_role("dialog", name="Your check-in")
    headline(page, "The help that fits")
    form.get_by_role("radio", name="It slipped my mind").click()  # the next step may be there at once
    expect(form).to_contain_text("Put something odd where the deed is due")
    expect(form.get_by_role("radio", name="Keep it as it is")).to_be_checked()
    button(form, "More").click()
    form.get_by_label("Your plan: if …").fill("Tomasz takes the floor from Leyla")
    button(form, "Keep").click()
    thanks = page.get_by_role("dialog", name="Thank you")
    expect(thanks).to_contain_text("If Tomasz takes the floor from Leyla, then I will say that")
    button(thanks, "Done").click()
    expect(last(page)).to_contain_text("Your answer is sealed")
    headline(page, "4 of 6 · Sealed")

    button(page, "Change my answer").click()
    form = page.get_by_role("dialog", name="Change my answer")
    expect(form.get_by_role("radio", checked=True)).to_have_count(0)
    form.get_by_role("radio", name="I did it").check()
    button(form, "Seal this answer").click()
    form = page.get_by_role("dialog", name="Your check-in")
    expect(form).to_contain_text("did what you had planned")
    button(form, "Keep").click()
    expect(form).to_be_hidden()


def vote(page: Page) -> None:
    page.get_by_role("link", name="Open ally-circle-1").click()
    expect(last(page)).to_contain_text("What would you do first?")
    page.get_by_role("button", name="Vote B").click()
    expect(last(page)).to_contain_text("Your vote is sealed")
    headline(page, "5 of 6 · Your vote is sealed")
    move(page, "Thursday 12:00")
    headline(page, "Thursday in the circle")
    expect(last(page)).to_contain_text("What research says")


def test_what_was_typed_stays_when_a_plan_is_refused(begin) -> None:
    _, page = begin()
    button(page, "Start").click()
    button(page, "Write a plan").click()
    form = page.get_by_role("dialog", name="Write a plan")
    choose(page, form, "What kind of plan?", re.compile("^Active listening"))
    form.get_by_label("What would be better then?").fill("we know <what> we need")
    choose(page, form, "What is most likely to get in your way?", re.compile("own words"))
    form.get_by_label("In my own words").fill("I talk & talk")
    button(form, "Go on").click()
    expect(form).to_contain_text("Better then: we know <what> we need")
    expect(form).to_contain_text("Perhaps in the way: I talk & talk")
    choose(page, form, "Ideas for the “if”", re.compile("."))
    cue, response = form.get_by_label("If …"), form.get_by_label("… then I will")
    expect(cue).not_to_have_value("")
    cue.fill("  ")
    response.fill("ask how she sees it & listen <3")
    button(form, "Go on").click()
    expect(cue).to_have_accessible_description(re.compile("Please write when it starts|Please fill this in"))
    expect(response).to_have_value("ask how she sees it & listen <3")

    cue.fill("we " + "really " * 60 + "meet")
    button(form, "Go on").click()
    expect(cue).to_have_accessible_description(re.compile("please keep it to 300"))
    expect(response).to_have_value("ask how she sees it & listen <3")

    button(form, "Back").click()
    expect(form).to_contain_text("Please shorten it to 300")

    cue.fill("our one-to-one begins")
    button(form, "Back").click()
    expect(form.get_by_label("In my own words")).to_have_value("I talk & talk")
    button(form, "Go on").click()
    expect(cue).to_have_value("our one-to-one begins")
    expect(response).to_have_value("ask how she sees it & listen <3")
    button(form, "Go on").click()
    button(form, "Keep this plan").click()
    expect(page.get_by_role("dialog", name="Your plan")).to_contain_text(
        "If our one-to-one begins, then I will ask how she sees it & listen <3."
    )


def tab_to(page: Page, wanted: Locator) -> None:
    for _ in range(12):
        if wanted.evaluate("field => field === document.activeElement"):
            return
        page.keyboard.press("Tab")
    expect(wanted).to_be_focused()


def send_by_keyboard(page: Page, form: Locator) -> None:
    tab_to(page, form.get_by_test_id("modal-submit"))
    page.keyboard.press("Enter")


def test_a_plan_can_be_written_with_the_keyboard_alone(begin) -> None:
    _, page = begin()
    button(page, "Start").focus()
    page.keyboard.press("Enter")
    expect(button(page, "Write a plan")).to_be_visible()
    page.get_by_test_id("composer").focus()
    page.keyboard.type("/allybot plan")
    page.keyboard.press("Enter")
    form = page.get_by_role("dialog", name="Write a plan")
    expect(form.get_by_role("combobox", name="What kind of plan?")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(form.get_by_label("What would be better then?")).to_be_visible()
    send_by_keyboard(page, form)
    expect(form.get_by_role("combobox", name="Ideas for the “if”")).to_be_visible()
    for label, words in (("If …", "a colleague is cut off"), ("… then I will", "ask her to go on")):
        tab_to(page, form.get_by_label(label))
        page.keyboard.type(words)
    send_by_keyboard(page, form)
    expect(form).to_contain_text("Say it to yourself once")
    send_by_keyboard(page, form)
    kept = page.get_by_role("dialog", name="Your plan")
    expect(kept).to_contain_text("If a colleague is cut off, then I will ask her to go on.")
    page.keyboard.press("Escape")
    expect(kept).to_have_count(0)
    headline(page, "3 of 6")


def test_home_fits_a_phone_and_keeps_up(begin) -> None:
    demo, page = begin(viewport={"width": 390, "height": 844}, has_touch=True)
    button(page, "Start").click()
    write_a_plan(page, "a colleague is cut off", "ask her to go on")
    page.get_by_role("tab", name="Home").click()
    home = page.get_by_test_id("home")
    expect(home).to_contain_text("If a colleague is cut off, then I will ask her to go on.")
    expect(home).to_contain_text("Next check-in: Thursday 15 January")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.evaluate("document.documentElement.scrollHeight") <= 844
    for each in home.get_by_role("button").all():
        box = each.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
    button(home, "Less often, pause or stop").click()
    button(page, "Two weeks").click()
    expect(page.get_by_text("Paused until 26 January 2026")).to_be_visible()
    page.goto(f"{demo.session.emulator.url}#as={demo.you.user}&app={BOT_USER}&tab=home")
    expect(button(home, "Resume check-ins")).to_be_visible()
    headline(page, "A pause")


def test_the_strip_follows_those_who_go_another_way(begin) -> None:
    demo, page = begin()
    button(page, "Ask me later").click()
    headline(page, "Later, then")
    button(page, "No thanks").click()
    headline(page, "No thanks")
    page.goto(f"{demo.session.emulator.url}#as={LEAD_USER}&app={BOT_USER}")
    headline(page, "You look as Mira Okafor")
    page.goto(demo.address)
    button(page, "Start after all").click()
    headline(page, "2 of 6")
    type_command(page, "/allybot stop")
    headline(page, "You asked for silence")
    expect(button(page.locator("#strip"), "Next check-in")).to_have_attribute("aria-disabled", "true")


def test_the_welcome_shows_all_its_buttons_on_the_first_screen_of_a_phone(begin) -> None:
    _, page = begin(viewport={"width": 390, "height": 667})
    for name in ("Start", "Ask me later", "No thanks", "Who sees what"):
        expect(button(page, name)).to_be_in_viewport(ratio=1)
    button(page, "Start").click()
    page.get_by_role("button", name="Use this plan: Bystander action").click()
    button(page, "Keep this plan").click()
    expect(page.get_by_text("Your plan is kept:")).to_be_visible()


def test_each_step_of_the_help_fits_on_the_screen_of_a_phone(begin) -> None:
    _, page = begin(viewport={"width": 390, "height": 667})
    button(page, "Start").click()
    page.get_by_role("button", name="Use this plan: Bystander action").click()
    button(page, "Keep this plan").click()
    expect(page.get_by_text("Your plan is kept:")).to_be_visible()
    page.keyboard.press("Escape")
    move(page, "Next check-in")
    button(page, "A moment came, I did not").click()
    form = page.get_by_role("dialog", name="Your check-in")
    for barrier in (None, "I was unsure how"):
        if barrier:
            form.get_by_role("radio", name=barrier).click()  # the next step may be there at once
            expect(form.get_by_role("radio", name="Keep it as it is")).to_be_checked()
        expect(button(form, "Keep")).to_be_in_viewport(ratio=1)
        if picture := os.environ.get("ALLYBOT_TEST_HELP_PICTURE"):
            page.screenshot(path=f"{picture}-{barrier}.png")
        assert height_of(form) <= 667, (barrier, height_of(form))


def test_each_step_of_a_rehearsal_fits_on_the_screen_of_a_phone(begin) -> None:
    _, page = begin(viewport={"width": 390, "height": 667})
    type_command(page, "/allybot rehearse")
    form = page.get_by_role("dialog", name="Practise it once")
    choose(page, form, "What is it about?", "Facing a fear")
    choose(page, form, "Which moment?", "Story: Only the nice half of it")
    expect(form).to_contain_text("the sum on page four is wrong")
    fits(page, form, "first")
    form.get_by_role("button", name=re.compile("^Say B")).click()
    expect(form).to_contain_text("Suppose they answer:")
    fits(page, form, "second")
    form.get_by_label("Or in your own words").fill("Shall we look at page four?")
    button(form, "Say my own").click()
    expect(form).to_contain_text("You: in your own words.")
    expect(form.get_by_label("Or in your own words")).to_have_value("")
    fits(page, form, "third")
    button(form, "Back").click()
    form.get_by_role("button", name=re.compile("^Say C")).click()
    expect(form).to_contain_text("Is it that bad?")
    form.get_by_role("button", name=re.compile("^Say A")).click()
    expect(form).to_contain_text("B (yours) “Shall I be thorough, or only proofread?”")
    fits(page, form, "end")
    button(form, "Second line").click()
    expect(form).to_contain_text("C (yours) “Shall we do page four now?")
    button(form, "Try again").click()
    expect(form).to_contain_text("Once more, and this time they take it differently.")
    form.get_by_role("button", name=re.compile("^Say A")).click()
    expect(form).to_contain_text("Everybody else said it was great.")
    button(form, "Close").click()
    expect(form).to_be_hidden()


@pytest.mark.parametrize(("width", "height"), [(1100, 800), (390, 844)], ids=["desktop", "phone"])
def test_what_stays_with_a_person_is_reached_from_the_help_and_from_home(begin, width, height) -> None:
    _, page = begin(viewport={"width": width, "height": height}, reduced_motion="reduce")
    button(page, "Start").click()
    page.get_by_role("button", name="Use this plan: Bystander action").click()
    button(page, "Keep this plan").click()
    expect(page.get_by_text("Your plan is kept:")).to_be_visible()
    page.keyboard.press("Escape")
    move(page, "Next check-in")
    keeps_a_line_and_a_note(page)

    page.get_by_role("tab", name="Home").click()
    home = page.get_by_test_id("home")
    expect(home).to_contain_text(re.compile("then I will say: “[^”]+[.?!]”(?!\\.)"))
    expect(home).to_contain_text(f"“{NOTE}” (15 January 2026)")
    stays_within(page, "home")
    reads_the_lines(page, behind_more(page, home, "Lines to say"))
    practises_to_the_end(page, behind_more(page, home, "Practise it once"))
    notes = behind_more(page, home, "My notes")
    expect(notes).to_contain_text(NOTE)
    stays_within(page, "notes")


NOTE = "Louder, and look at Ana first"


def keeps_a_line_and_a_note(page: Page) -> None:
    button(page, "A moment came, I did not").click()
    form = page.get_by_role("dialog", name="Your check-in")
    form.get_by_label("A note to yourself (only you see it)").fill(NOTE)
    stays_within(page, "help")
    form.get_by_role("radio", name="I was unsure how").click()  # the next step may be there at once
    expect(form.get_by_role("radio", name="Keep it as it is")).to_be_checked()
    expect(form.get_by_label("A note to yourself (only you see it)")).to_have_value(NOTE)
    form.get_by_role("radio", name=re.compile("^If ")).first.check()
    stays_within(page, "help-unsure")
    button(form, "Keep").click()
    expect(form).to_be_hidden()
    expect(last(page)).to_contain_text("Your answer is sealed")
    stays_within(page, "answered")


def behind_more(page: Page, home: Locator, label: str) -> Locator:
    button(home, "More").click()
    more = page.get_by_role("dialog", name="More")
    expect(button(more, label)).to_be_visible()
    stays_within(page, "more")
    button(more, label).click()
    expect(more).to_be_hidden()
    return page.get_by_role("dialog")


def reads_the_lines(page: Page, lines: Locator) -> None:
    choose(page, lines, "What is it about?", "Bystander action")
    choose(page, lines, "Which moment?", "Story: Cut off in mid-sentence")
    expect(lines).to_contain_text("What it may cost:")
    expect(lines).to_contain_text("Strength of the evidence:")
    stays_within(page, "lines")
    button(lines, "Close").click()
    expect(lines).to_be_hidden()


def practises_to_the_end(page: Page, form: Locator) -> None:
    choose(page, form, "What is it about?", "Active listening")
    choose(page, form, "Which moment?", "Any such moment")
    for turn in ("first", "second", "third"):
        expect(form.get_by_role("button", name=re.compile("^Say A"))).to_be_visible()
        stays_within(page, f"rehearsal-{turn}")
        before = form.inner_text()
        form.get_by_role("button", name=re.compile("^Say A")).click()
        expect(form).not_to_have_text(before)
    expect(form).to_contain_text("How it may end:")
    expect(form).to_contain_text("A (yours)")
    stays_within(page, "rehearsal-end")
    button(form, "Close").click()
    expect(form).to_be_hidden()


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 667)], ids=["desktop", "phone"])
def test_two_weeks_in_a_circle_lead_from_monday_to_a_kept_plan(begin, width, height) -> None:
    demo, page = begin(people=6, viewport={"width": width, "height": height}, reduced_motion="reduce")
    button(page, "Start").click()
    headline(page, "2 of 6")
    move(page, "Next Monday")
    page.goto(f"{demo.session.emulator.url}#as={demo.you.user}&channel={circle_channel(0)}")
    scenario = last(page)
    expect(scenario).to_contain_text("What would you do first?")
    each_screen_of(page, scenario, "monday")
    reads_the_thread(page)
    votes(page, "B")

    move(page, "Thursday 12:00")
    expect(last(page)).to_contain_text("What research says")
    each_screen_of(page, last(page), "thursday")

    move(page, "Next Monday")
    tells_a_deed(page)
    votes(page, "A")
    move(page, "Thursday 12:00")
    expect(last(page)).to_contain_text("What research says")
    makes_it_a_plan(page)


def each_screen_of(page: Page, message: Locator, name: str) -> None:
    """Nothing of a message stands beside the screen; its pictures are kept from its beginning to its end."""
    message.evaluate("one => one.scrollIntoView({block: 'start'})")
    for number in range(8):
        stays_within(page, f"{name}-{number}")
        before = message.bounding_box()
        page.get_by_test_id("messages").evaluate("list => list.scrollBy(0, list.clientHeight * 0.9)")
        if message.bounding_box() == before:
            break
    for each in message.get_by_role("button").all():
        box = each.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= page.evaluate("window.innerWidth")


def reads_the_thread(page: Page) -> None:
    page.get_by_role("button", name=re.compile("1 reply")).last.click()
    thread = page.get_by_test_id("thread-messages")
    expect(thread.get_by_test_id("message").last).to_contain_text("One line is enough, here in the thread.")
    stays_within(page, "thread")
    page.get_by_test_id("thread-composer").fill("I would ask to hear the rest of it.")
    page.get_by_test_id("thread-composer").press("Enter")
    expect(thread.get_by_test_id("message").last).to_contain_text("hear the rest of it")
    page.get_by_role("button", name="Close thread").click()


def votes(page: Page, letter: str) -> None:
    page.get_by_role("button", name=f"Vote {letter}").last.click()
    expect(last(page)).to_contain_text("Your vote is sealed")
    stays_within(page, f"voted-{letter}")


def tells_a_deed(page: Page) -> None:
    tell = page.get_by_role("button", name="Tell a deed").last
    expect(tell).to_be_visible()
    tell.scroll_into_view_if_needed()
    stays_within(page, "deeds-round")
    tell.click()
    form = page.get_by_role("dialog")
    form.get_by_role("textbox").first.fill("I asked Ana to finish her point, and she did.")
    stays_within(page, "deed-form")
    form.get_by_test_id("modal-submit").click()
    expect(form).to_contain_text("I asked Ana to finish her point")
    stays_within(page, "deed-preview")
    form.get_by_test_id("modal-submit").click()
    expect(form.get_by_test_id("modal-submit")).to_have_count(0)
    stays_within(page, "deed-told")
    page.keyboard.press("Escape")


def makes_it_a_plan(page: Page) -> None:
    button(page, "Make it my plan").click()
    form = page.get_by_role("dialog", name="Write a plan")
    expect(form.get_by_label("… then I will")).not_to_have_value("")
    stays_within(page, "plan-form")
    button(form, "Go on").click()
    expect(form).to_contain_text("Say it to yourself once")
    stays_within(page, "plan-said-back")
    button(form, "Keep this plan").click()
    kept = page.get_by_role("dialog", name="Your plan")
    expect(kept).to_contain_text(re.compile("If .+, then I will .+"))
    stays_within(page, "plan-kept")
    button(kept, "Done").click()


def stays_within(page: Page, name: str) -> None:
    """Nothing stands beside the screen; with ALLYBOT_TEST_SCREENS, a folder, its picture is kept."""
    width = page.evaluate("window.innerWidth")
    if folder := os.environ.get("ALLYBOT_TEST_SCREENS"):
        page.screenshot(path=f"{folder}/{width}-{name}.png")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def fits(page: Page, form: Locator, name: str) -> None:
    """All of the modal is to be seen at once; with ALLYBOT_TEST_REHEARSAL_PICTURE its picture is kept."""
    expect(button(form, "Close")).to_be_in_viewport(ratio=1)
    if picture := os.environ.get("ALLYBOT_TEST_REHEARSAL_PICTURE"):
        page.screenshot(path=f"{picture}-{name}.png")
    assert height_of(form) <= 667, (name, height_of(form))


def height_of(form: Locator) -> float:
    """The modal's height in pixels if nothing in it were scrolled."""
    height: float = form.evaluate(
        "form => [...form.querySelectorAll('*')].reduce("
        "(most, e) => most + Math.max(0, e.scrollHeight - e.clientHeight) * (e.clientHeight > 0),"
        "form.getBoundingClientRect().height)"
    )
    return height
