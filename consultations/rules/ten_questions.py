"""The ten questions of Chinese medicine (十问), and two for some: choices and free words.

The order is that of the old verse: cold and heat, sweat, head and body, stools, food, chest and
belly, ears and eyes, thirst, old illness, cause; then women's courses and children.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise
NORMAL: Final[Mapping[str, Words]] = {"normal": _("Nothing unusual")}


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, the answers to choose from, and whom it does not concern."""

    title: Words
    choices: Mapping[str, Words]
    not_for_men: bool = False
    is_history: bool = False  # what was once raises no warning


TEN_QUESTIONS: Final[Mapping[str, Question]] = {
    "cold_heat": Question(
        _("Cold and heat"),
        {
            **NORMAL,
            "chilly": _("Afraid of cold"),
            "afraid_of_wind": _("Afraid of wind"),
            "fever": _("Fever"),
            "alternating": _("Cold and heat by turns"),
            "hot_palms": _("Hot palms and soles"),
            "afternoon_heat": _("Warm in the afternoon"),
        },
    ),
    "sweat": Question(
        _("Sweat"),
        {
            **NORMAL,
            "none": _("No sweat"),
            "by_day": _("Sweats easily by day"),
            "by_night": _("Night sweats"),
            "head": _("Sweats at the head"),
            "palms": _("Sweaty palms and soles"),
        },
    ),
    "head_body": Question(
        _("Head and body"),
        {
            **NORMAL,
            "headache": _("Headache"),
            "dizzy": _("Dizziness"),
            "heavy": _("Heavy limbs"),
            "aching": _("Aching body"),
            "lower_back": _("Sore lower back and knees"),
            "numb": _("Numb limbs"),
            "tired": _("Tiredness"),
        },
    ),
    "stool_urine": Question(
        _("Stools and urine"),
        {
            **NORMAL,
            "dry": _("Dry or rare stools"),
            "loose": _("Loose stools"),
            "sticky": _("Sticky stools"),
            "at_dawn": _("Diarrhoea at dawn"),
            "dark_urine": _("Dark urine"),
            "pale_urine": _("Pale, plentiful urine"),
            "often": _("Urine often or urgent"),
            "by_night": _("Urine by night"),
        },
    ),
    "appetite": Question(
        _("Food and appetite"),
        {
            **NORMAL,
            "poor": _("Poor appetite"),
            "great": _("Soon hungry"),
            "bloated": _("Bloated after meals"),
            "greasy": _("Aversion to greasy food"),
            "bitter": _("Bitter taste"),
            "no_taste": _("No taste"),
            "sour": _("Acid rising"),
        },
    ),
    "chest_abdomen": Question(
        _("Chest and belly"),
        {
            **NORMAL,
            "tight": _("Tight chest"),
            "chest_pain": _("Chest pain"),
            "palpitations": _("Palpitations"),
            "flanks": _("Swollen or aching flanks"),
            "stomach": _("Aching stomach"),
            "belly": _("Aching or swollen belly"),
        },
    ),
    "ears_eyes": Question(
        _("Ears and eyes"),
        {
            **NORMAL,
            "ringing": _("Ringing ears"),
            "deaf": _("Hears badly"),
            "blurred": _("Blurred sight"),
            "dry_eyes": _("Dry eyes"),
        },
    ),
    "thirst": Question(
        _("Thirst and drink"),
        {
            **NORMAL,
            "cold_drinks": _("Thirsty, likes cold drinks"),
            "hot_drinks": _("Thirsty, likes hot drinks"),
            "no_drinking": _("Dry mouth, does not want to drink"),
            "not_thirsty": _("Not thirsty"),
        },
    ),
    "past_illness": Question(
        _("Old illness"),
        {
            "none": _("No earlier illness"),
            "blood_pressure": _("High blood pressure"),
            "diabetes": _("Diabetes"),
            "heart": _("Heart disease"),
            "liver": _("Liver disease"),
            "kidney": _("Kidney disease"),
            "asthma": _("Asthma"),
            "operation": _("Had an operation"),
        },
        is_history=True,
    ),
    "cause": Question(
        _("Cause of the illness"),
        {
            "unknown": _("Cause not known"),
            "chill": _("Caught cold"),
            "food": _("Something eaten"),
            "strain": _("Overwork"),
            "mood": _("Mood and worry"),
            "injury": _("Injury"),
        },
    ),
    "sleep": Question(
        _("Sleep"),
        {
            **NORMAL,
            "falls_asleep_late": _("Falls asleep late"),
            "wakes_easily": _("Wakes easily"),
            "wakes_early": _("Wakes early"),
            "many_dreams": _("Many dreams"),
            "sleepy": _("Sleepy by day"),
        },
    ),
    "courses": Question(
        _("Women's courses"),
        {
            **NORMAL,
            "early": _("Come early"),
            "late": _("Come late"),
            "irregular": _("Come irregularly"),
            "plentiful": _("Plentiful courses"),
            "scanty": _("Scanty courses"),
            "painful": _("Painful courses"),
            "clots": _("With clots"),
            "missed": _("Stayed away"),
            "ended": _("Ended for good"),
            "discharge": _("Much discharge"),
        },
        not_for_men=True,
    ),
    "child": Question(
        _("For children"),
        {
            "vaccinated": _("Vaccinated as planned"),
            "not_vaccinated": _("Vaccines missing"),
            "breast_fed": _("Breast-fed"),
            "picky": _("Eats badly"),
            "cries_by_night": _("Cries by night"),
        },
    ),
}
Answers = Mapping[str, Mapping[str, Any]]


def in_words(answers: Answers) -> Iterator[tuple[str, str]]:
    """Yield (title, answer) in the order of the questions, in the active language."""
    for key, question in TEN_QUESTIONS.items():
        told = answers.get(key)
        if told is not None:
            chosen = [str(question.choices[code]) for code in told["choices"]]
            yield (
                str(question.title),
                "，".join([*chosen, *([told["text"]] if told["text"] else [])]),
            )


def complaints_of(answers: Answers) -> list[str]:
    """Return what the answers complain of now: choices in the active language and free words."""
    return [
        part
        for key, told in answers.items()
        if not TEN_QUESTIONS[key].is_history
        for part in (*(str(TEN_QUESTIONS[key].choices[c]) for c in told["choices"]), told["text"])
        if part
    ]
