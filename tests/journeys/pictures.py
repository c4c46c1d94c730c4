"""`python -m tests.journeys.pictures FOLDER` takes a picture of every screen of a trainee, at two sizes.

The real bot lives through 26 weeks with ten people; Chromium shows what each of them sees. The pictures are
numbered in their order, and beside each name stands how tall the screen's newest part is on a phone (pixels).
"""

import os
import shutil
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from allybot.demo.workspace import BOT_USER
from allybot.prompts import ids
from allybot.prompts.plans import rehearsal_ids
from tests.journeys.conftest import Journey
from tests.journeys.people import Person, options

SIZES = {"desk": (1280, 800), "phone": (390, 667)}
TYPED_BEFORE = ("yes", "no thanks", "who sees this?", "wer sieht das?", "what is this?", "blub")
TYPED = (
    "did it yesterday", "I was scared of what they'd say", "hab's vergessen", "remind me tomorrow", "stop",
    "too many messages", "pause until 20 February", "who sees this?", "change my answer",
    "what do I say when someone interrupts her?", "what was my plan?", "delete my data", "are you a bot?",
    "can I talk to a human?", "this is bullshit", "when is the next?", "not on Mondays", "blub blub",
    "thanks!", "I think I'm being harassed by my boss", "ich kann nicht mehr",
)  # fmt: skip


class Pictures:
    """Takes pictures of what somebody sees in the emulator's page."""

    def __init__(self, journey: Journey, pages: dict[str, Page], folder: Path) -> None:
        self._journey, self._pages, self._folder, self._taken = journey, pages, folder, 0

    def take(self, person: Person, name: str, tab: str = "messages") -> None:
        """A picture at each size of somebody's messages, or with `tab` "home" of their Home tab."""
        self._journey.run_worker()
        self._taken += 1
        for size, page in self._pages.items():
            page.goto("about:blank")
            page.goto(f"{self._journey.session.emulator.url}#as={person.user}&app={BOT_USER}&tab={tab}")
            modal = page.get_by_test_id("modal")
            newest = page.get_by_test_id("home" if tab == "home" else "message").last
            newest.wait_for()
            page.wait_for_timeout(150)
            page.screenshot(path=self._folder / f"{self._taken:02}-{size}-{name}.png")
            if size == "phone":
                part = modal if modal.count() else newest
                height = part.evaluate(
                    "part => [part, ...part.querySelectorAll('*')].reduce("
                    "(most, each) => Math.max(most, each.scrollHeight), 0)"
                )
                sys.stdout.write(f"{self._taken:02} {name}: {height}\n")


def first_minute(journey: Journey, take: Pictures, jonas: Person) -> None:
    """From the welcome to a kept plan."""
    take.take(jonas, "welcome")
    for text in TYPED_BEFORE:
        journey.answer_to(jonas, text)
        take.take(jonas, f"before-consent-{slug(text)}")
    jonas.presses("Start")
    take.take(jonas, "examples")
    jonas.presses("Use this")
    take.take(jonas, "plan-to-keep")
    jonas.submits(jonas.modal("Write a plan"))
    jonas.modal("Your plan")
    take.take(jonas, "plan-kept")
    jonas.closes()
    jonas.home()
    take.take(jonas, "home-with-plan", "home")
    jonas.presses_at_home("More")
    take.take(jonas, "home-more", "home")
    jonas.closes()


def help_steps(take: Pictures, person: Person, tap: str, choice: int) -> None:
    """The help after an answer: its first step, and what follows one of the choices there."""
    person.presses(tap)
    view = person.modal("Your check-in")
    chosen = options(view, ids.CHECK_IN_BRANCH)[choice]
    if choice == 0:
        take.take(person, f"help-{slug(tap)}")
    view = person.chooses(view, ids.CHECK_IN_BRANCH, chosen)
    take.take(person, f"help-{slug(tap)}-{slug(chosen)}")
    person.submits(view)
    take.take(person, f"answered-{slug(tap)}")


def rehearsal(take: Pictures, person: Person) -> None:
    """Three turns, and what comes of them."""
    person.types("/allybot rehearse")
    view = person.chooses(person.modal("Practise it once"), rehearsal_ids.KIND, "Bystander action")
    entry = options(view, rehearsal_ids.ENTRY)[0]
    view = person.chooses(view, rehearsal_ids.ENTRY, entry)
    for turn in ("Say A", "Say C", "Say B"):
        take.take(person, f"rehearsal-{slug(turn)}")
        person.presses_in_modal(turn)
        before = view["hash"]
        view = person.modal("Practise it once", partial(has_changed, before))
    take.take(person, "rehearsal-end")
    person.closes()


def has_changed(before: str, view: dict[str, Any]) -> bool:
    """Whether a view is another one than that with this hash."""
    return bool(view["hash"] != before)


def slug(text: str) -> str:
    """A text as part of a file name."""
    return "-".join("".join(each if each.isalnum() else " " for each in text.lower()).split())[:40]


def live(journey: Journey, take: Pictures) -> None:
    """The 26 weeks."""
    jonas, acted, waiting, typing, silent, *others = journey.people
    first_minute(journey, take, jonas)
    for person in journey.people[1:]:
        person.begins()
        person.writes_plan("a colleague is cut off", "say that I would like to hear the rest")
    journey.go_to(1, 15)
    take.take(jonas, "check-in")
    for person, tap in ((jonas, "A moment came, I did not"), (acted, "I did it"), (waiting, "No moment yet")):
        help_steps(take, person, tap, 0)
    for choice, person in enumerate(others, start=1):
        help_steps(take, person, "A moment came, I did not", choice)
    for text in TYPED:
        journey.answer_to(typing, text)
        take.take(typing, f"typed-{slug(text)}")
    rehearsal(take, jonas)
    for command in ("lines", "notes", "plans", "help", "privacy", "my-data", "forget-me"):
        jonas.types(f"/allybot {command}")
        take.take(jonas, f"command-{command}")
        jonas.closes()
    journey.go_to(1, 22)
    take.take(jonas, "second-check-in")
    waiting.presses("Tomorrow")
    take.take(waiting, "snoozed")
    jonas.types("/allybot pause until 3 August")
    take.take(jonas, "paused")
    jonas.home()
    take.take(jonas, "home-paused", "home")
    for label in ("Less often", "Quiet days"):
        waiting.home()
        if label == "Less often":
            waiting.presses_at_home(label)
        else:
            waiting.presses_under_more(label)
        take.take(waiting, slug(label), "home")
        waiting.closes()
    jonas.types("/allybot resume")
    acted.types("/allybot stop")
    acted.home()
    take.take(acted, "home-stopped", "home")
    for month, day in ((1, 29), (2, 10), (3, 10)):
        days_pass(journey, month, day)
        take.take(silent, f"silent-{month}-{day}")
    days_pass(journey, 4, 9)
    take.take(jonas, "day-90")
    jonas.presses("Keep going")
    take.take(jonas, "keeps-going")
    jonas.home()
    take.take(jonas, "home-keeps-going", "home")
    waiting.presses("Keep things as they are")
    take.take(waiting, "day-90-kept")
    for month, day in ((4, 16), (4, 24), (5, 12), (5, 18)):
        days_pass(journey, month, day)
        take.take(waiting, f"the-end-{month}-{day}")
        take.take(jonas, f"further-{month}-{day}")


def days_pass(journey: Journey, month: int, day: int) -> None:
    """Day by day, so that nothing comes too late."""
    while (journey.now.month, journey.now.day) < (month, day):
        journey.pass_days(1)


def main() -> None:
    """Live, and take the pictures."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        journey = Journey(f"sqlite:///{place}/db.sqlite", f"sqlite:///{place}/vault.sqlite", 10, None)
        path = os.environ.get("CHROMIUM") or shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        pages: dict[str, Any] = {
            size: browser.new_page(viewport={"width": width, "height": height})
            for size, (width, height) in SIZES.items()
        }
        try:
            live(journey, Pictures(journey, pages, folder))
        finally:
            browser.close()
            journey.close()


if __name__ == "__main__":
    main()
