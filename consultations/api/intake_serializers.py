"""Shapes of intakes."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from clinic.core.api.fields import OneLineField
from clinic.files.services.binding import facts_of
from clinic.patients.rules import HEIGHT_CM, WEIGHT_KG
from clinic.settings import rules
from consultations.api.shapes import FlagOutput
from consultations.enums import Allergy, DurationUnit, IntakeSource, IntakeUse, Pregnancy
from consultations.models import IntakeFile, IntakeSheet
from consultations.rules.ten_questions import TEN_QUESTIONS
from consultations.services.intake import Form


def _text() -> serializers.CharField:
    most = rules.INTAKE_TEXT_MAX_CHARS
    return serializers.CharField(max_length=most, allow_blank=True, default="")


def _answer(key: str) -> serializers.Serializer[Any]:
    codes = serializers.ChoiceField(choices=list(TEN_QUESTIONS[key].choices.items()))
    most = len(TEN_QUESTIONS[key].choices)
    text = serializers.CharField(max_length=rules.ANSWER_MAX_CHARS, allow_blank=True, default="")
    parts = {"choices": serializers.ListField(child=codes, max_length=most), "text": text}
    name = f"Answer{key.title().replace('_', '')}"
    made: type[serializers.Serializer[Any]] = type(name, (serializers.Serializer,), parts)
    return made(required=False)


# One field for each question: a document names all choices, and other questions are refused.
TenQuestionsIn: type[serializers.Serializer[Any]] = type(
    "TenQuestionsIn", (serializers.Serializer,), {key: _answer(key) for key in TEN_QUESTIONS}
)


class DurationIn(serializers.Serializer[Any]):
    """How long the complaint has lasted."""

    value = serializers.IntegerField(min_value=1, max_value=rules.DURATION_MOST)
    unit = serializers.ChoiceField(choices=DurationUnit.choices)


class IntakeFileIn(serializers.Serializer[Any]):
    """An uploaded file and what it shows.

    Photos of tongue and face are uploaded for ``intake_photo``, papers for ``earlier_diagnosis``.
    """

    use = serializers.ChoiceField(choices=IntakeUse.choices)
    id = serializers.UUIDField()


class IntakeIn(serializers.Serializer[Any]):
    """The whole form; what is left out was not told. An empty complaint keeps the description."""

    complaint = serializers.CharField(
        max_length=rules.COMPLAINT_MAX_CHARS, allow_blank=True, default=""
    )
    duration = DurationIn(required=False, allow_null=True, default=None)
    allergy = serializers.ChoiceField(choices=Allergy.choices, allow_blank=True, default="")
    allergies = _text()
    pregnancy = serializers.ChoiceField(choices=Pregnancy.choices, allow_blank=True, default="")
    drugs = _text()
    ten_questions = TenQuestionsIn(required=False, default=dict)
    height_cm = serializers.DecimalField(
        max_digits=4, decimal_places=1, min_value=HEIGHT_CM[0], max_value=HEIGHT_CM[1],
        allow_null=True, default=None,
    )  # fmt: skip
    weight_kg = serializers.DecimalField(
        max_digits=5, decimal_places=2, min_value=WEIGHT_KG[0], max_value=WEIGHT_KG[1],
        allow_null=True, default=None,
    )  # fmt: skip
    earlier_diagnosis = _text()
    earlier_record_id = serializers.UUIDField(
        allow_null=True, default=None, help_text="One of the visit person's own signed records."
    )
    files = serializers.ListField(
        child=IntakeFileIn(), max_length=rules.INTAKE_FILES_MOST, required=False, default=list
    )
    guardian_name = OneLineField(max_length=60, allow_blank=True, default="")
    guardian_relation = OneLineField(max_length=30, allow_blank=True, default="")


class OrderIn(serializers.Serializer[Any]):
    """The intake may come with the order."""

    intake = IntakeIn(required=False, allow_null=True, default=None)


class RevisitIn(serializers.Serializer[Any]):
    """Whether the doctor finds that the case is a re-visit."""

    fits_revisit = serializers.BooleanField(required=False, allow_null=True, default=None)


class CheckIn(serializers.Serializer[Any]):
    """What the doctor found."""

    fits = serializers.BooleanField()


class VersionQuery(serializers.Serializer[Any]):
    """Which version is wanted; the newest without a number."""

    version = serializers.IntegerField(min_value=1, max_value=10_000, required=False)


def form_of(told: dict[str, Any]) -> Form:
    """Return the form that a valid body holds."""
    told = dict(told)
    duration = told.pop("duration") or {"value": None, "unit": ""}
    files = told.pop("files")
    return Form(
        duration_value=duration["value"],
        duration_unit=duration["unit"],
        files=tuple((IntakeUse(one["use"]), one["id"]) for one in files),
        **told,
    )


class ChoiceOut(serializers.Serializer[Any]):
    """A code and its words in the reader's language."""

    code = serializers.CharField()
    words = serializers.CharField()


class QuestionOut(serializers.Serializer[Any]):
    """One of the ten questions as a form shows it."""

    key = serializers.CharField()
    title = serializers.CharField()
    not_for_men = serializers.BooleanField()
    choices = ChoiceOut(many=True)  # type: ignore[assignment]


class IntakeFormOut(serializers.Serializer[Any]):
    """Questions and limits of the form."""

    ten_questions = QuestionOut(many=True)
    files_most = serializers.IntegerField()
    guardian_below_years = serializers.IntegerField()


class AnswerOut(serializers.Serializer[Any]):
    """An answer in codes and in words."""

    key = serializers.CharField()
    title = serializers.CharField()
    choices = ChoiceOut(many=True)  # type: ignore[assignment]
    text = serializers.CharField(allow_blank=True)


class IntakeFileOut(serializers.Serializer[Any]):
    """A file of the intake; its bytes stand at ``consultations/{id}/intake-files/{file}``."""

    use = serializers.ChoiceField(choices=IntakeUse.choices)
    file = serializers.UUIDField()
    name = serializers.CharField()
    mime = serializers.CharField()
    size = serializers.IntegerField()
    width = serializers.IntegerField(required=False)
    height = serializers.IntegerField(required=False)


class EarlierRecordOut(serializers.Serializer[Any]):
    """An earlier record as far as the re-visit is concerned."""

    id = serializers.UUIDField(source="public_id")
    number = serializers.CharField()
    doctor = serializers.CharField(source="doctor.name")
    diagnosis = serializers.CharField()
    signed_at = serializers.DateTimeField()


class DurationOut(serializers.Serializer[Any]):
    """How long the complaint has lasted."""

    value = serializers.IntegerField(source="duration_value")
    unit = serializers.ChoiceField(choices=DurationUnit.choices, source="duration_unit")


class IntakeOut(serializers.ModelSerializer[IntakeSheet]):
    """A version of the intake. Without an earlier diagnosis the doctor must find out himself."""

    source = serializers.ChoiceField(choices=IntakeSource.choices)  # type: ignore[assignment]
    is_frozen = serializers.SerializerMethodField()
    duration = serializers.SerializerMethodField()
    allergy = serializers.ChoiceField(choices=Allergy.choices, allow_blank=True)
    pregnancy = serializers.ChoiceField(choices=Pregnancy.choices, allow_blank=True)
    ten_questions = serializers.SerializerMethodField()
    files = serializers.SerializerMethodField()
    has_earlier_diagnosis = serializers.BooleanField()
    earlier_record = EarlierRecordOut(allow_null=True)
    red_flags = FlagOutput(many=True)

    class Meta:
        model = IntakeSheet
        fields = (
            "version", "source", "given_at", "is_frozen", "complaint", "duration", "allergy",
            "allergies", "pregnancy", "drugs", "ten_questions", "height_cm", "weight_kg",
            "has_earlier_diagnosis", "earlier_diagnosis", "earlier_record", "files",
            "guardian_name", "guardian_relation", "red_flags",
        )  # fmt: skip

    def get_is_frozen(self, _sheet: IntakeSheet) -> bool:
        """Whether the patient can change it no more."""
        return bool(self.context["is_frozen"])

    @extend_schema_field(DurationOut(allow_null=True))
    def get_duration(self, sheet: IntakeSheet) -> Any:
        """Null when it was not told."""
        return None if sheet.duration_value is None else DurationOut(sheet).data

    @extend_schema_field(AnswerOut(many=True))
    def get_ten_questions(self, sheet: IntakeSheet) -> list[dict[str, Any]]:
        """The answers in the order of the questions."""
        return [
            {
                "key": key,
                "title": str(question.title),
                "choices": words_of(key, sheet.ten_questions[key]["choices"]),
                "text": sheet.ten_questions[key]["text"],
            }
            for key, question in TEN_QUESTIONS.items()
            if key in sheet.ten_questions
        ]

    @extend_schema_field(IntakeFileOut(many=True))
    def get_files(self, sheet: IntakeSheet) -> list[dict[str, Any]]:
        """Photos and papers in the order of the patient."""
        shown: list[IntakeFile] = sorted(sheet.files.all(), key=lambda one: one.position)
        return [{"use": one.use, **facts_of(one.file)} for one in shown]


def words_of(key: str, codes: Any) -> list[dict[str, str]]:
    """Return choices of a question with their words."""
    choices = TEN_QUESTIONS[key].choices
    return [{"code": code, "words": str(choices[code])} for code in codes]
