"""Every word that the scripts of the desk and of the board show, in the reader's language.

``{name}`` stands for what a script fills in.
"""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

Words = dict[str, str]
Choices = list[tuple[str, str]]
Sentences = list[str]


def desk_words() -> Words:
    """Return the words of the desk."""
    return (
        _list_words()
        | _chat_words()
        | _composer_words()
        | _dialog_words()
        | _context_words()
        | _link_words()
        | _alert_words()
        | _shared_words()
    )


def board_words() -> Words:
    """Return the words of the board of supervisors."""
    return (
        _shared_words()
        | _link_words()
        | {
            "nobodyWaits": _("Nobody waits."),
            "noAgents": _("No agent works here yet."),
            "noChats": _("There are no open chats."),
            "nothingLate": _("Nothing is late."),
            "setStatusOf": _("Status of {name}"),
            "moveTo": _("Move to…"),
            "moveChat": _("Move the chat of {name}"),
            "moved": _("The chat was moved."),
            "statusSet": _("{name}: {status}"),
            "updated": _("Updated {time}"),
            "stale": _("No connection: the figures are old."),
            "supervisorMoved": _("Moved by a supervisor"),
            "supervisor": _("Supervisor"),
            "waitsSince": _("Waits since"),
            "priority": _("Priority"),
            "onlineOf": _("{number} online"),
            "colleagues": _("Colleagues"),
            "teams": _("Teams"),
            "queue": _("Queue"),
            "backToQueue": _("Back to the head of the queue"),
            "figure_waiting": _("Waiting"),
            "figure_longest_s": _("Longest wait now"),
            "figure_active": _("In progress"),
            "figure_online": _("Agents online"),
            "figure_busy": _("Agents busy"),
            "figure_wait_p50_s": _("Median wait today"),
            "figure_wait_p90_s": _("90% waited less than"),
            "figure_reply_p50_s": _("Median first reply"),
            "figure_first_reply_kept_percent": _("First reply in time"),
            "figure_resolution_kept_percent": _("Solved in time"),
            "figure_ended_today": _("Ended today"),
            "figure_abandoned_today": _("Gave up today"),
            "figure_abandoned_percent": _("Share that gave up"),
            "figure_stars_today": _("Stars today"),
        }
    )


def _list_words() -> Words:
    return {
        "tab_mine": pgettext("chats", "Mine"),
        "tab_waiting": pgettext("chats", "Waiting"),
        "tab_all": pgettext("chats", "All"),
        "tab_ended": pgettext("chats", "Ended"),
        "tab_left": _("Inbox"),
        "allTeams": _("All teams"),
        "allTags": _("All tags"),
        "allLanguages": _("All languages"),
        "only_unread": _("Unread"),
        "only_due": _("Due"),
        "empty_mine": _("You have no chats. Press A to take the next customer."),
        "empty_waiting": _("Nobody waits."),
        "empty_all": _("There are no open chats."),
        "empty_ended": _("No chat has ended yet."),
        "empty_left": _("No messages were left."),
        "nothingFound": _("Nothing found."),
        "loadMore": _("Show more"),
        "unread": _("Unread"),
        "noMessages": _("No messages yet"),
        "isTyping": _("is typing"),
        "waitsSince": _("Waits since"),
        "endsIn": _("Ends in"),
        "onHold": _("On hold"),
        "priority": _("Priority"),
        "broken": _("missed"),
        "answerLeft": _("Answer"),
        "dismissLeft": _("No answer needed"),
        "dismissAsk": _("Close this message without an answer?"),
        "dismissYes": _("Close it"),
    }


def _chat_words() -> Words:
    return {
        "take": _("Take this chat"),
        "takeNext": _("Take next"),
        "onlineToTake": _("Go online to take chats."),
        "fullToTake": _("You have as many chats as you can take."),
        "takeOver": _("Take over"),
        "transfer": pgettext("chat", "Transfer"),
        "hold": _("Hold"),
        "unhold": _("Go on with it"),
        "endChat": _("End chat"),
        "withAgent": _("With {name}"),
        "isViewing": _("{name} is looking at this chat"),
        "isReplying": _("{name} is writing a reply"),
        "loadOlder": _("Show earlier messages"),
        "internalNote": _("Internal note"),
        "recalled": _("This message was recalled."),
        "edited": _("Edited"),
        "sending": _("Sending…"),
        "sent": pgettext("state of a message", "Sent"),
        "delivered": pgettext("state of a message", "Delivered"),
        "read": pgettext("state of a message", "Read"),
        "edit": _("Edit"),
        "recall": _("Recall"),
        "sendAgain": _("Send again"),
        "discard": _("Discard"),
        "takenOver": _("You serve this chat now."),
        "transferred": _("The chat was transferred."),
        "chatEnded": _("The chat has ended."),
        "held": _("The chat is on hold: it will not end by silence."),
        "today": _("Today"),
        "yesterday": _("Yesterday"),
        "load": _("{load} of {max}"),
    }


def _composer_words() -> Words:
    return {
        "reply": _("Reply"),
        "send": _("Send"),
        "saveEdit": _("Save"),
        "writeReply": _("Write a reply, / for canned ones"),
        "writeNote": _("Write an internal note, @ for colleagues. The customer never sees it."),
        "noCanned": _("No canned reply fits."),
        "noFilesInNotes": _("Notes hold text only. Switch to a reply to send a file."),
        "takeFirst": _("Take the chat before you send a file."),
        "fileTooBig": _("{name} is too big."),
        "uploading": _("Sending {name}…"),
        "macroEnds": _("ends the chat"),
        "macroTransfers": _("transfers to {team}"),
    }


def _dialog_words() -> Words:
    return {
        "cancel": _("Cancel"),
        "close": _("Close"),
        "noteDeed": _("Write an internal note"),
        "reason": _("Reason"),
        "receiver": _("To"),
        "transferTo": _("Transfer the chat"),
        "noteForNext": _("Note for whoever goes on (the customer does not see it)"),
        "colleagues": _("Colleagues"),
        "teams": _("Teams"),
        "queue": _("Queue"),
        "backToQueue": _("Back to the head of the queue"),
        "endTitle": _("End the chat with {name}?"),
        "endAbout": _("The customer can rate it afterwards. Nothing can be written any more."),
        "holdTitle": _("Put the chat on hold"),
        "holdAbout": _("It does not end by silence meanwhile."),
        "minutes": _("{number} minutes"),
        "takeOverAbout": _("{name} serves this chat. Take it over?"),
        "conflictTitle": _("A colleague was quicker"),
        "conflictAbout": _("A colleague has answered while you wrote. Does your reply still fit?"),
        "backToEditing": _("Back to the text"),
        "sendAnyway": _("Send anyway"),
        "keys": _("Keys"),
        "becomeStatus": _("Status: {status}"),
        "goTo": _("Show: {tab}"),
    }


def _context_words() -> Words:
    return {
        "card_phone": _("Phone"),
        "card_person": _("Person"),
        "card_language": _("Language"),
        "card_since": _("Customer since"),
        "card_persons": _("Visit persons"),
        "card_chats": _("Earlier chats"),
        "tags": _("Tags"),
        "none": _("Nothing here"),
        "consultations": _("Consultations"),
        "appointments": _("Appointments"),
        "orders": _("Orders"),
        "pastChats": _("Earlier chats"),
        "leftMessages": _("Left messages"),
        "ratings": _("Ratings"),
        "reviews": _("Reviews of services"),
        "openChat": _("Open this chat"),
        "years": _("{number} years"),
        "stars": _("{number} of 5 stars"),
    }


def _link_words() -> Words:
    return {
        "linkLost": _("No connection. Next try in {seconds} s; what you write is kept."),
        "linkConnecting": _("Connecting…"),
        "linkRefused": _("The server refused the connection. Load the page again."),
        "loggedOut": _("You are logged out. Load the page to log in; what you wrote is kept."),
        "catchingUp": _("Connected. Catching up on what you missed…"),
        "tryNow": _("Try now"),
        "reload": _("Load again"),
    }


def _alert_words() -> Words:
    return {
        "soundOn": _("Sound is on"),
        "soundOff": _("Sound is off"),
        "mentioned": _("{name} names you in a note about {customer}."),
        "notice_message": _("A customer has written."),
        "notice_assigned": _("You have a new chat."),
        "notice_alarm": _("A chat needs attention."),
        "alarm_agent_silent": _("{name} waits for your answer."),
        "alarm_sla_first_reply": _("{name} has waited too long for a first reply."),
        "alarm_sla_resolution": _("The chat with {name} takes longer than promised."),
        "alarm_waiting_long": _("{name} has waited long in the queue."),
    }


def _shared_words() -> Words:
    return {
        "failed": _("This did not work. Load the page again."),
        "unreachable": _("The server cannot be reached. Try again in a moment."),
        "loading": _("Loading…"),
        "overdue": _("overdue"),
        "days": _("{number} days"),
        "nobodyWaits": _("Nobody waits."),
    }


def message_words() -> dict[str, Words]:
    """Return what stands for messages without words."""
    return {
        "kind": {
            "text": _("[Recalled]"),  # a text without words
            "image": _("[Picture]"),
            "voice": _("[Voice]"),
            "file": _("[File]"),
            "card": _("[Card]"),
            "link": _("[Link]"),
            "system": _("[Notice]"),
        }
    }


def transfer_reasons() -> Sentences:
    """Return why a chat is transferred; the words are kept as the agent's remark."""
    return [
        _("Another team knows more"),
        _("Language"),
        _("End of the shift"),
        _("Too many chats"),
        _("Complaint"),
        _("Other"),
    ]


def end_reasons() -> Sentences:
    """Return why an agent ends a chat; the words are kept as his remark."""
    return [
        _("Solved"),
        _("Answered, nothing to solve"),
        _("Goes on elsewhere"),
        _("The customer is silent"),
        _("Abuse"),
        _("Other"),
    ]


def desk_keys() -> Choices:
    """Return the keys and what they do."""
    return [
        ("J K", _("Next, previous chat")),
        ("Enter", _("Open the chat")),
        ("Ctrl+Enter", _("Send")),
        ("Ctrl+Shift+N Alt+N N", _("Write an internal note")),
        ("R", _("Write a reply")),
        ("/", _("Canned replies")),
        ("@", _("Name a colleague in a note")),
        ("↑", _("Edit the last message (empty field)")),
        ("Ctrl+K", _("Command bar: deeds and chats")),
        ("A", _("Take next")),
        ("T", pgettext("chat", "Transfer")),
        ("E", _("End chat")),
        ("Esc", _("Back to the list")),
        ("?", _("This help")),
    ]
