"""A new lead drives the page in a real browser, from nothing to a program with people and circles.

Set ALLYBOT_TEST_SCREENS to a folder to keep a picture of each step at both sizes.
"""

import re
import sys
import time

import pytest
from playwright.sync_api import Locator, Page, expect

from allybot.demo.workspace import BOT_USER
from tests.journeys.test_browser import begin, browser, button, choose, last, stays_within, type_command

__all__ = ["begin", "browser"]

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
PROGRAM, LEAD, PEOPLE = "Allies, spring 2026", "U0LEYLA", 36
ADDRESSES = [f"new{number:02}@northwind.example" for number in range(PEOPLE + 1)]
"""Of everybody on the sheet; the last stands there by mistake."""
IN_CIRCLES = 22
"""Two circles have room for 24 people (`domain/circle_proposals.py`); the others stay without one."""
ALLOWED = 600.0
"""Seconds a lead may need."""
A_CLICK, A_KEY = 2.65, 0.28
"""Seconds a person needs to think, point and click, and to type a character: 1.35, 1.1 and 0.2, and 0.28
for an average typist (Card, Moran & Newell, Communications of the ACM 23(7), 1980: keystroke-level model)."""
_COUNT_CLICKS = """
addEventListener('click', event => {
  if (event.isTrusted && event.detail)
    sessionStorage.clicks = 1 + Number(sessionStorage.clicks || 0)
}, true)
"""
"""Counts what a pointer clicks, not what a key presses; a reload of the page keeps the number."""


class Hand:
    """Fills in fields and counts: a click into each, and a key press a character, or one to paste a list."""

    def __init__(self) -> None:
        self.fields, self.keys = 0, 0

    def types(self, field: Locator, words: str) -> None:
        self._fills(field, words, len(words))

    def pastes(self, field: Locator, words: str) -> None:
        self._fills(field, words, 1)

    def commands(self, page: Page, words: str) -> None:
        type_command(page, words)
        self.fields, self.keys = self.fields + 1, self.keys + len(words) + 1

    def _fills(self, field: Locator, words: str, keys: int) -> None:
        field.fill(words)
        self.fields, self.keys = self.fields + 1, self.keys + keys


def sheet(addresses: list[str]) -> str:
    """Copied columns, every other person of another team."""
    rows = [f"{address};{('Sales', 'IT')[place % 2]}" for place, address in enumerate(addresses)]
    return "\n".join(["E-Mail;Team", *rows])


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 667)], ids=["desktop", "phone"])
def test_a_new_lead_sets_up_a_program_with_36_people_and_two_circles_in_under_ten_minutes(
    begin, width, height, capsys
) -> None:
    demo, page = begin(viewport={"width": width, "height": height}, reduced_motion="reduce")
    remote = demo.session.remote
    remote.post("user-change", user=LEAD, is_admin=True)
    for number, address in enumerate(ADDRESSES):
        who = {"id": f"U0NEW{number:02}", "name": f"new{number}", "real_name": f"New Person {number:02}"}
        remote.post("users", **who, email=address, quiet=True)
    page.add_init_script(_COUNT_CLICKS)
    page.goto(f"{demo.session.emulator.url}#as={LEAD}&app={BOT_USER}&tab=home")
    page.reload()
    expect(page.get_by_test_id("acting-as")).to_contain_text("Leyla Demir")
    hand, began = Hand(), time.monotonic()

    sets_up_with_a_wrong_date(page, hand)
    corrects_another_date(page, hand)
    puts_a_wrong_list_right(page, hand)
    makes_two_circles(page, hand)
    takes_off_who_was_there_by_mistake(page, hand)

    took = time.monotonic() - began
    clicks = int(page.evaluate("sessionStorage.clicks")) + hand.fields
    by_hand = clicks * A_CLICK + hand.keys * A_KEY
    with capsys.disabled():
        typed = f"{hand.keys} key presses"
        sys.stdout.write(
            f"\n{width} pixels: {clicks} clicks, {typed}, {took:.0f} s; by hand {by_hand:.0f} s\n"
        )
    assert by_hand < ALLOWED
    reads_what_was_changed(page)
    channels = {each.get("name"): each["members"] for each in remote.get("state")["channels"]}
    assert len(channels["oak"]) + len(channels["elm"]) == IN_CIRCLES + 2


def sets_up_with_a_wrong_date(page: Page, hand: Hand) -> None:
    stays_within(page, "lead-01-home")
    button(page.get_by_test_id("home"), "Set up a program").click()
    form = page.get_by_role("dialog", name="Set up a program")
    hand.types(form.get_by_label("Name of the program"), PROGRAM)
    people, trained = (
        form.get_by_label("How many people, about?"),
        form.get_by_label("Last day of its training"),
    )
    hand.types(people, "about forty")
    hand.types(trained, "2024-01-16")
    hand.types(form.get_by_label("Or in words, or with a phone number"), "Noor Rahman, HR, +49 30 5550 100")
    stays_within(page, "lead-02-form")
    button(form, "Show all dates").click()
    expect(people).to_have_accessible_description(re.compile("Please give a number, such as 18"))
    stays_within(page, "lead-03-errors")
    hand.types(people, str(PEOPLE))
    button(form, "Show all dates").click()
    seen = page.get_by_role("dialog", name="Is this right?")
    expect(seen).to_contain_text("Is 16 January 2024 meant?")
    stays_within(page, "lead-04-doubtful")
    button(seen, "Back").click()
    expect(form.get_by_label("Name of the program")).to_have_value(PROGRAM)
    hand.types(trained, "2026-01-16")
    button(form, "Show all dates").click()
    expect(seen).to_contain_text("day 3: Tuesday 20 January")
    expect(seen).to_contain_text("If 25 of 36 answer (70\u00a0%): about how many acted at least once")
    stays_within(page, "lead-05-dates")
    seen.get_by_text("What will be published").scroll_into_view_if_needed()
    stays_within(page, "lead-06-publishable")
    button(seen, "Set it up").click()
    made = page.get_by_role("dialog", name="It is set up")
    expect(made).to_contain_text("you lead it")
    stays_within(page, "lead-07-set-up")
    button(made, "Close").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("tab", name="Messages").click()
    expect(last(page)).to_contain_text(f"You lead {PROGRAM} in allybot now")
    expect(button(last(page), "Add people")).to_be_visible()
    stays_within(page, "lead-08-appointed")


def corrects_another_date(page: Page, hand: Hand) -> None:
    hand.commands(page, "/allybot program")
    expect(last(page)).to_contain_text("You lead one program.")
    stays_within(page, "lead-09-program")
    button(page, f"Change {PROGRAM}").click()
    menu = page.get_by_role("dialog", name="Change")
    stays_within(page, "lead-10-change")
    button(menu, "Date of a training").click()
    training = page.get_by_role("dialog", name="Date of a training")
    hand.types(training.get_by_label("Last day of its training"), "2026-01-23")
    button(training, "What would happen?").click()
    would = page.get_by_role("dialog", name="This would happen")
    expect(would).to_contain_text("day 3: Tuesday 27 January, not Tuesday 20 January")
    stays_within(page, "lead-11-would-happen")
    button(would, "Change it").click()
    button(page.get_by_role("dialog", name="Changed"), "Close").click()


def puts_a_wrong_list_right(page: Page, hand: Hand) -> None:
    button(last(page), "Add people").click()
    form = page.get_by_role("dialog", name="Add people")
    last_year = "\n".join(f"old{number:02}@northwind.example" for number in range(20))
    hand.pastes(form.get_by_label("A list"), last_year)
    stays_within(page, "lead-12-add")
    button(form, "Check the list").click()
    expect(form).to_contain_text("20 entries are in doubt")
    stays_within(page, "lead-13-wrong-list")
    hand.pastes(form.get_by_label("A list"), f"{sheet(ADDRESSES)}\nHerr Müller\ngone@northwind.example")
    button(form, "Check again").click()
    expect(form).to_contain_text("2 entries are in doubt")
    expect(form).to_contain_text("Herr Müller: is neither an e-mail address nor a Slack id")
    stays_within(page, "lead-14-in-doubt")
    button(form, "Go on without these").click()
    expect(form).to_contain_text("Nobody is in doubt")
    stays_within(page, "lead-15-sure")
    button(form, f"Add these {PEOPLE + 1}").click()


def makes_two_circles(page: Page, hand: Hand) -> None:
    circles = page.get_by_role("dialog", name="Circles")
    expect(circles).to_contain_text(f"{PEOPLE + 1} people were added")
    expect(circles.get_by_label("Balance by")).to_have_value("Team")
    stays_within(page, "lead-16-added")
    hand.pastes(circles.get_by_label("A list"), sheet(ADDRESSES[:IN_CIRCLES]))
    choose(page, circles, "People in a circle", "11")
    button(circles, "Propose circles").click()
    expect(circles).to_contain_text("Circle 2 (11)")
    stays_within(page, "lead-17-proposed")
    choose(page, circles, "Move somebody", "New Person 03")
    choose(page, circles, "Into which circle", "Circle 2")
    before = circles.inner_text()
    button(circles, "Move them").click()
    expect(circles).not_to_have_text(before)
    hand.types(circles.get_by_label("Names of the circles"), "Oak\nElm")
    stays_within(page, "lead-18-moved")
    button(circles, "Make these circles").click()
    expect(page.get_by_role("dialog")).to_contain_text("2 circles are made")
    stays_within(page, "lead-19-made")
    button(page.get_by_role("dialog"), "Close").click()


def takes_off_who_was_there_by_mistake(page: Page, hand: Hand) -> None:
    hand.commands(page, "/allybot program correct")
    form = page.get_by_role("dialog", name="Correct the list")
    choose(page, form, "Who", f"New Person {PEOPLE}")
    choose(page, form, "What", "Take off the list")
    stays_within(page, "lead-20-correct")
    button(form, "Go on").click()
    expect(form).to_contain_text("cannot come back")
    stays_within(page, "lead-21-confirm")
    button(form, "Do it").click()
    done = page.get_by_role("dialog")
    expect(done).to_contain_text("is off the list")
    stays_within(page, "lead-22-corrected")
    button(done, "Close").click()


def reads_what_was_changed(page: Page) -> None:
    type_command(page, "/allybot program")
    button(page, f"What was changed in {PROGRAM}").click()
    for words in (
        "training until 23 January 2026, not 16 January 2026",
        "put people on the list",
        "made the circle Oak",
        "made the circle Elm",
        "took somebody off the list",
    ):
        expect(last(page)).to_contain_text(words)
    stays_within(page, "lead-23-log")
