"""Messages of delivery: the question whether a post appeared, and explanations for the operator."""

from allybot.i18n import Say, marked
from allybot.message import Message
from allybot.prompts import blocks, ids
from allybot.prompts.help import covered


def did_it_appear(say: Say, circle_name: str, outbox_id: str) -> Message:
    """Ask a person whether a post appeared, because the bot cannot read circles."""
    value = ids.OutboxValue(outbox=outbox_id).pack()
    question = say(
        "I posted a message in {circle}, and Slack did not tell me whether it arrived. "
        "I cannot read the channel myself. Could you look, please? *Did it appear?*",
        circle=blocks.escape(circle_name),
    )
    buttons = [
        blocks.button(say("Yes, it is there"), ids.IT_APPEARED, value),
        blocks.button(say("No, it is not there"), ids.IT_DID_NOT_APPEAR, value),
    ]
    page = (
        blocks.section(question),
        blocks.actions(buttons),
        blocks.small(say("I will not post it again unless you say that it is missing.")),
    )
    return blocks.message(say, page)


def appeared_answered(say: Say, circle_name: str, *, again: bool) -> Message:
    """Replaces the question once it is answered; `again` when the message is sent again."""
    circle = blocks.escape(circle_name)
    if again:
        return covered(say, say("Thank you. The message for {circle} goes out once more.", circle=circle))
    return covered(say, say("Thank you. The message in {circle} arrived, and all is well.", circle=circle))


def circle_trouble(say: Say, circle_name: str) -> Message:
    """Tell a lead that a circle's channel is closed to the bot."""
    return covered(
        say,
        say(
            "The circle *{circle}* has stopped: its channel is archived, or allybot is no longer in it. "
            "If the circle should go on, please bring the channel back with allybot in it "
            "and ask the person who runs allybot to enrol the circle again.",
            circle=blocks.escape(circle_name),
        ),
    )


def circle_rests(say: Say, circle_name: str, *, public: bool) -> Message:
    """Tell a member that their circle rests since its channel was opened to others.

    Args:
        public: whether it was made public; else it was shared with another organisation.
    """
    circle = blocks.escape(circle_name)
    if public:
        what = say(
            "Your circle *{circle}* rests: its channel was made public, so others can read it now.",
            circle=circle,
        )
    else:
        what = say(
            "Your circle *{circle}* rests: its channel was shared with another organisation, "
            "so others can read it now.",
            circle=circle,
        )
    on = say(
        "I post nothing there any more, and votes that were still sealed are deleted unread. "
        "The leads of your program are told, too. Your own plans go on as before."
    )
    return covered(say, f"{what}\n{on}")


def circle_rests_for_lead(say: Say, circle_name: str, *, public: bool) -> Message:
    """Tell a lead that a circle rests; `public` as in `circle_rests`."""
    circle = blocks.escape(circle_name)
    if public:
        what = say(
            "The circle *{circle}* rests: its channel was made public, and what is said in a circle is for "
            "its members only. Members who take part are told, too. To go on, make the channel private again "
            "or open a new one, and ask the person who runs allybot to enrol the circle again.",
            circle=circle,
        )
    else:
        what = say(
            "The circle *{circle}* rests: its channel was shared with another organisation, whose people can "
            "read along now. Members who take part are told, too. Talk it over with the members, decide "
            "whether the sharing stays, and ask the person who runs allybot to enrol the circle again.",
            circle=circle,
        )
    return covered(say, what)


def circle_goes_on(say: Say, circle_name: str) -> Message:
    """Tell a member or a lead that a circle goes on: its channel is no longer shared."""
    return covered(
        say,
        say(
            "The circle *{circle}* goes on: its channel is shared again only with whom its members know of. "
            "The next scenario comes as usual.",
            circle=blocks.escape(circle_name),
        ),
    )


def why_parked(say: Say, reason: str) -> tuple[str, str]:
    """For the operator: what a reason means and what to do, one sentence each.

    Args:
        reason: Slack's code or ours, as the outbox keeps it.
    """
    meaning, remedy = _FAULT if reason.startswith(FAULT) else _REASONS.get(reason, _UNKNOWN)
    return say(meaning, reason=reason.removeprefix(FAULT)), say(remedy)


FAULT = "fault:"
"""Prefix of the name of an unexpected error."""


_MENDED_OURSELVES = marked(
    "This is a fault in allybot: please report the reason, and retry after the next update."
)
_UNKNOWN = (
    marked("Slack refused with {reason}."),
    marked("Look the code up in Slack's documentation, mend it, then retry."),
)
_RESTRICTED = (
    marked("The workspace does not allow the bot to post there."),
    marked("Ask a workspace administrator to allow it, then retry."),
)
_BROKEN = (marked("Slack could not read the message."), _MENDED_OURSELVES)
_AWAY = (
    marked("Slack could not be reached many times in a row."),
    marked("Check the network and status.slack.com, then retry."),
)
_FAULT = (
    marked("allybot failed at it ({reason})."),
    marked("The worker's log says where. Correct the row, or report the fault and update, then retry."),
)
_REASONS = {
    "undecipherable": (
        marked("A stored key or text cannot be opened with ALLYBOT_SECRET_KEY, or is damaged."),
        marked("Check ALLYBOT_SECRET_KEY and ALLYBOT_VAULT_URL, or restore it from a backup, then retry."),
    ),
    "unknown_zone": (
        marked("It needs a time zone that this computer does not know."),
        marked("Install the newest tzdata, or correct the zone in its row, then retry."),
    ),
    "cannot_render": (
        marked("The message could not be written: its words cannot be decrypted, or its content is gone."),
        marked("Check ALLYBOT_SECRET_KEY, the vault and the files in config/, then retry."),
    ),
    "look_up_refused": (
        marked("It may or may not have arrived, and Slack does not let the bot look."),
        marked(
            "Check that the app still has the scope im:history, then retry: it is looked up once more first."
        ),
    ),
    "lease_ran_out": (
        marked("Several workers stopped while they had this message."),
        marked("Look into the worker's log for what stopped it, then retry."),
    ),
    "nobody_to_ask": (
        marked("It may or may not stand in its circle, and there is no facilitator or lead to ask."),
        marked("Look into the channel; retry only if it is missing. `allybot program lead` appoints a lead."),
    ),
    "messages_tab_disabled": (
        marked("The app's Messages tab is switched off."),
        marked("Switch it on in the app's settings under App Home, then retry."),
    ),
    "restricted_action": _RESTRICTED,
    "restricted_action_read_only_channel": _RESTRICTED,
    "restricted_action_thread_only_channel": _RESTRICTED,
    "restricted_action_non_threadable_channel": _RESTRICTED,
    "ekm_access_denied": _RESTRICTED,
    "app_access_restricted": _RESTRICTED,
    "invalid_blocks": _BROKEN,
    "invalid_blocks_format": _BROKEN,
    "msg_blocks_too_long": _BROKEN,
    "msg_too_long": _BROKEN,
    "no_text": _BROKEN,
    "metadata_too_large": _BROKEN,
    "invalid_metadata_format": _BROKEN,
    "invalid_metadata_schema": _BROKEN,
    "no_connection": _AWAY,
    "time_out": _AWAY,
    "dropped": _AWAY,
    "service_unavailable": _AWAY,
    "fatal_error": _AWAY,
    "internal_error": _AWAY,
    "message_limit_exceeded": (
        marked("The workspace has used up its plan's message limit."),
        marked("Ask the workspace's owner about the plan, then retry."),
    ),
    "team_access_not_granted": (
        marked("allybot is installed for the organisation, and was not added to that workspace."),
        marked("Ask an administrator of the organisation to add it there, then retry."),
    ),
    "team_added_to_org": (
        marked("The workspace is being moved into an organisation."),
        marked("Wait until the move is over, then retry."),
    ),
}
