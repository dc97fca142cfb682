"""Every word that the scripts of the front desk show, in the reader's language.

``{name}`` stands for what a script fills in.
"""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from doctors.enums import DayKind

Words = dict[str, str]


def desk_words() -> Words:
    """Return the words of the front desk."""
    return _book_words() | _visit_words() | _move_words() | _counter_words() | _shared_words()


def _book_words() -> Words:
    return {
        "frontDesk": _("Front desk"),
        "allDoctors": _("All doctors"),
        "anyDoctor": _("Any doctor"),
        "onlineVisits": _("Online visits"),
        "online": _("online"),
        "book": pgettext("verb", "Book"),
        "closed": pgettext("day", "Closed"),
        "leave": _("On leave"),
        "hoursOf": _("{booked} of {open} h"),
        "visits": _("{number} booked"),
        "elsewhereAt": _("Elsewhere: {place}"),
        "nobodyWorks": _("Nobody sees people here on these days."),
        "updated": _("Updated {time}"),
        "badDate": _("There is no date {date} here. This is today."),
        "stale": _("No connection: the book is old."),
        "waitingList": _("Waiting list"),
        "nobodyWaits": _("Nobody waits."),
        "waitsSince": _("waits since {time}"),
        "likelyWait": _("likely {minutes} more minutes"),
        "priority": _("Priority {number}"),
        "first": _("Forward"),
        "back": pgettext("queue", "Back"),
        "open": pgettext("verb", "Open"),
        "found": _("{number} found"),
        "nothingFound": _("Nothing found."),
    }


def _visit_words() -> Words:
    return {
        "checkedIn": _("Checked in"),
        "accept": _("Accept"),
        "checkIn": _("Check in"),
        "start": _("Start the visit"),
        "finish": _("Finish the visit"),
        "noShow": _("Did not come"),
        "takeOffer": _("Take the offered place"),
        "leaveOffer": _("Leave it to the next"),
        "done": _("{name} is now: {state}"),
        "code": pgettext("appointment", "Code"),
        "when": _("When"),
        "doctor": _("Doctor"),
        "type": _("Service"),
        "place": _("Place"),
        "patient": _("Patient"),
        "age": _("{number} years"),
        "phone": _("Phone"),
        "price": _("Price"),
        "free": _("free of charge"),
        "wishes": _("Wishes"),
        "reason": _("Reason"),
        "endsBy": _("Ends by itself at"),
        "log": _("Operation log"),
        "cancelVisit": _("Cancel the visit"),
        "cancelTitle": _("Cancel the visit of {name}?"),
        "cancelAbout": _("The patient is told at once."),
        "cancelPaid": _("{amount} goes back to the patient, who is told at once."),
        "cancelled": _("The visit of {name} is cancelled."),
        "reasonNeeded": _("Say why."),
    }


def _move_words() -> Words:
    return {
        "moveWord": _("Move…"),
        "move": pgettext("verb", "Move"),
        "moveTitle": _("Another time for {name}"),
        "movedTo": _("{name} is now at {time} with {doctor}."),
        "carriedTo": _("At {time}, {place}"),
        "undo": _("Undo"),
        "undone": _("Everything is as before."),
        "date": _("Date"),
        "time": _("Time"),
        "notPossible": _("This time cannot be given"),
        "nearest": _("Nearest free times"),
        "outsideTitle": _("Outside the working hours"),
        "outsideAnyway": _("Give it anyway"),
        "outsideChoose": _("Inside the hours only"),
    }


def _counter_words() -> Words:
    return {
        "walkInTitle": _("Somebody is at the desk"),
        "bookTitle": _("New appointment"),
        "wholePhone": _("Whole mobile number, then Enter"),
        "newPerson": _("Another person"),
        "newcomerAbout": _("Nobody is known under this number. Write down who comes."),
        "name": pgettext("person", "Name"),
        "genderWord": _("Gender"),
        "birthday": _("Birthday"),
        "fromDate": _("From"),
        "nowWord": pgettext("time", "Now"),
        "firstFree": _("whoever is free"),
        "minutesLong": _("{number} min"),
        "noTypes": _("Nothing can be booked here. Set up appointment types first."),
        "whoFirst": _("Say first who comes."),
        "booked": _("{name} is booked for {time}. Code {code}"),
        "letWait": _("To the waiting list"),
        "waits": _("{name} waits for a place on {day}. Code {code}"),
        "takeMoney": _("Take money"),
        "payTitle": _("{amount} to pay"),
        "howPaid": _("How it was paid"),
        "receipt": _("Receipt number"),
        "receiptNeeded": _("Write the number of the receipt."),
        "take": _("Paid"),
        "paid": _("Paid: the appointment is confirmed."),
        "waitsForSecond": _("Written down. Another member of staff must confirm it."),
    }


def _shared_words() -> Words:
    return {
        "close": _("Close"),
        "cancelWord": _("Cancel"),
        "keys": _("Keys"),
        "today": _("Today"),
        "yesterday": _("Yesterday"),
        "days": _("{number} days"),
        "overdue": _("overdue"),
        "failed": _("This did not work. Load the page again."),
        "unreachable": _("The server does not answer. Check the connection."),
    }


def desk_keys() -> list[tuple[str, str]]:
    """Return the keys of the front desk with what they do."""
    return [
        ("N", _("Somebody is at the desk")),
        ("/", _("Search by code or phone")),
        ("D W", _("Day or week")),
        ("T J K", _("Today, later, earlier")),
        ("← ↑ ↓ →", _("From visit to visit")),
        ("Enter", _("Open the visit")),
        ("M", _("Carry the visit: arrows, then Enter")),
        ("Shift", _("Carry by five minutes")),
        ("U", _("Undo the last move")),
        ("Esc", _("Close, or put back")),
        ("?", _("Keys")),
    ]


def sides() -> Words:
    """Return who acts, as steps name him."""
    return {
        "patient": _("Patient"),
        "doctor": _("Doctor"),
        "staff": _("Clinic"),
        "system": _("System"),
    }


def unusual_days() -> Words:
    """Return how a day differs from its week."""
    return {str(value): str(name) for value, name in DayKind.choices}
