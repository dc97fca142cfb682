"""The measured facts of a complaint as sentences, with what they say about its kind."""

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic.complaints.enums import Kind
from clinic.complaints.models import Complaint
from clinic.complaints.rules import Measures
from clinic.complaints.selectors.measures import Facts
from clinic.settings import rules

Line = tuple[str, str, str]


def fact_lines(complaint: Complaint, facts: Facts) -> list[Line]:
    """Return (sentence, what it says about this kind of complaint or "", tone of that)."""
    if facts.began_late is not None:
        late = _("The visit began %(time)s late.") % {"time": _minutes(facts.began_late)}
        on_time = facts.began_late < timedelta(minutes=1)
        return [(_("The visit began on time.") if on_time else late, "", "")]
    if facts.measures is None:
        return []
    measures = facts.measures
    lines = [*_delays(measures), *_lengths(measures), *_topic(measures)]
    return [(text, *_verdict(complaint, measures, kind)) for kind, text in lines]


def _delays(measures: Measures) -> list[tuple[str, str]]:
    lines = []
    if measures.first_reply is not None:
        lines.append(
            ("", _("First reply after %(time)s.") % {"time": _minutes(measures.first_reply)})
        )
    if measures.longest_reply is not None:
        shown = {"time": _minutes(measures.longest_reply)}
        lines.append((Kind.LATE, _("Longest wait for a reply: %(time)s.") % shown))
    if measures.open_for is not None:
        shown = {"time": _minutes(measures.open_for)}
        kind = "" if measures.longest_reply is not None else Kind.LATE
        lines.append((kind, _("A word of the patient's was unanswered for %(time)s.") % shown))
    return lines


def _lengths(measures: Measures) -> list[tuple[str, str]]:
    if not measures.reply_count:
        return [("", _("No reply by the doctor."))]
    told = ngettext(
        "%(count)s reply with %(chars)s characters, %(short)s of them shorter than %(limit)s.",
        "%(count)s replies with %(chars)s characters, %(short)s of them shorter than %(limit)s.",
        measures.reply_count,
    )
    figures = {
        "count": measures.reply_count,
        "chars": measures.reply_chars,
        "short": measures.short_replies,
        "limit": rules.QUALITY_REPLY_SHORT_CHARS,
    }
    return [(Kind.TOO_SHORT, told % figures)]


def _topic(measures: Measures) -> list[tuple[str, str]]:
    if measures.on_topic_percent is None:
        return []
    told = _("%(percent)s%% of the written replies take up a word of the patient's.")
    return [(Kind.OFF_TOPIC, told % {"percent": measures.on_topic_percent})]


def _verdict(complaint: Complaint, measures: Measures, kind: str) -> tuple[str, str]:
    if not kind or complaint.kind != kind:
        return "", ""
    borne_out = measures.supports(kind)
    if borne_out is None:
        return "", ""
    return (_("bears it out"), "danger") if borne_out else (_("does not bear it out"), "success")


def _minutes(wait: timedelta) -> str:
    minutes = int(wait.total_seconds() // 60)
    if minutes < 120:
        return _("%(minutes)s min") % {"minutes": minutes}
    return _("%(hours)s h") % {"hours": minutes // 60}
