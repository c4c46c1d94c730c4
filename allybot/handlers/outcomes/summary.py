"""`/allybot transfers` and its buttons: published figures for leads, the same refusal for everyone else."""

from collections.abc import Sequence

from slack_bolt import Ack

from allybot.domain.figures import Summary
from allybot.errors import NotALeadError, NotFoundError
from allybot.message import Message, TextFile
from allybot.prompts import ids
from allybot.prompts.help import not_a_lead
from allybot.prompts.outcomes import file_ids, files
from allybot.prompts.outcomes import summary as prompts
from allybot.reports import as_csv, as_html, as_json
from allybot.services.outcomes import summaries
from allybot.slack_app.payloads import Press, Request, SlashCommand
from allybot.slack_app.replies import HandlerContext
from allybot.slack_app.routing import Routes

routes = Routes()
_BY_WORD = {
    "page": file_ids.FIGURES_PAGE,
    "csv": file_ids.FIGURES_CSV,
    "json": file_ids.FIGURES_JSON,
}
"""What follows `/allybot transfers` to have it as a file."""


@routes.action(ids.TRANSFERS_SHOW)
def pressed(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """The button under a release notice and on the Home tab."""
    ack()
    bot.answer(press, _shown(bot, press))


@routes.command("transfers")
def show(bot: HandlerContext, command: SlashCommand) -> Message:
    """What a lead may see, as a file where they ask for one, or the refusal."""
    form = _BY_WORD.get(command.words.casefold())
    if form is None:
        return _shown(bot, command)
    try:
        found = summaries.summary(bot.context, command.actor, bot.now())
    except NotALeadError:
        return not_a_lead(bot.say(command))
    _send(bot, command, form, found)
    return files.comes(bot.say(command))


@routes.action(file_ids.FIGURES_PAGE, file_ids.FIGURES_CSV, file_ids.FIGURES_JSON)
def send_file(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """A button under the figures of one program."""
    ack()
    try:
        about = press.value(file_ids.FiguresValue).program
        found = summaries.summary(bot.context, press.actor, bot.now())
    except (NotALeadError, NotFoundError):
        about, found = "", []
    of = [each for each in found if each.program_id == about]
    if of:
        _send(bot, press, press.action_id, of)
    else:
        bot.answer(press, not_a_lead(bot.say(press)))


def _shown(bot: HandlerContext, request: Request) -> Message:
    say = bot.say(request)
    try:
        return prompts.summary(say, summaries.summary(bot.context, request.actor, bot.now()))
    except NotALeadError:
        return not_a_lead(say)


def _send(bot: HandlerContext, request: Request, form: str, found: Sequence[Summary]) -> None:
    say, today = bot.say(request), bot.now().date()

    def made() -> TextFile:
        if form == file_ids.FIGURES_PAGE:
            return TextFile("transfer-outcomes.html", as_html.write(found, today), files.with_the_page(say))
        if form == file_ids.FIGURES_CSV:
            text = as_csv.for_a_spreadsheet(found)
            return TextFile("transfer-outcomes.csv", text, files.with_the_table(say))
        return TextFile("transfer-outcomes.json", as_json.write(found), files.with_the_table(say))

    bot.send_file(request, None, made, lambda for_good: files.refused(say, for_good=for_good))
