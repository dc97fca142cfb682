"""Warning words to begin with, in Chinese and English; staff keep the table in the console.

Emergencies that the platform must not treat online and must send to a hospital at once: heart,
breath, stroke, bleeding, consciousness, fits, suicide, poison, the unborn, small children.
"""

from django.db import migrations

URGENT = {
    "zh": "您描述的情况可能危及生命，请立即拨打 120 或前往最近医院的急诊科，不要等待线上回复。",
    "en": "What you describe may be life-threatening. Call 120 or go to the nearest emergency"
    " department now; do not wait for an answer online.",
}
STROKE = {
    "zh": "可能是脑卒中，越早救治越好：请立即拨打 120，记下发病时间，不要自行服药或进食。",
    "en": "This may be a stroke and every minute counts: call 120 now, note when it began, take no"
    " drugs and do not eat.",
}
DESPAIR = {
    "zh": "您不必独自承受。请马上告诉身边的人陪着您，拨打全国统一心理援助热线 12356；有危险时请拨打 120 或 110。",
    "en": "You need not bear this alone. Tell somebody near you now and call the mental health line"
    " 12356; in danger call 120 or 110.",
}
BLEEDING = {
    "zh": "出血可能很危险，请立即前往最近医院的急诊科；出血不止、头晕或出冷汗时请拨打 120。",
    "en": "Bleeding can be dangerous. Go to the nearest emergency department now; call 120 when it"
    " does not stop, or with dizziness or cold sweat.",
}
POISON = {
    "zh": "请立即拨打 120，带上误服物品或药品的包装前往急诊，不要自行催吐。",
    "en": "Call 120 now and take the package to the emergency department. Do not make yourself sick.",
}
PREGNANT = {
    "zh": "孕期出现这种情况请立即前往有产科的医院急诊，途中保持平卧，必要时拨打 120。",
    "en": "During pregnancy this needs a hospital with obstetrics now. Lie down on the way; call 120"
    " if needed.",
}
INFANT = {
    "zh": "小婴儿和幼儿发热变化快，请尽快带孩子到医院儿科急诊，不要等待线上回复。",
    "en": "Fever in small children changes fast. Take the child to a children's emergency"
    " department now; do not wait for an answer online.",
}
# (advice, Chinese words, English words, below months, only for the pregnant)
WORDS = (
    (
        URGENT,
        (
            "胸痛", "胸口痛", "胸口疼", "胸部疼痛", "心口痛", "心绞痛", "心前区疼", "胸口压榨", "呼吸困难",
            "喘不上气", "喘不过气", "憋得喘不", "窒息", "昏迷", "晕倒", "昏倒", "晕厥", "失去意识", "意识不清",
            "意识模糊", "神志不清", "叫不醒", "抽搐", "惊厥", "癫痫发作", "抽风", "休克", "喉头水肿", "剧烈腹痛",
            "撕裂样疼",
        ),
        (
            "chest pain", "chest pressure", "pressure in my chest", "shortness of breath",
            "short of breath", "difficulty breathing", "trouble breathing", "cannot breathe",
            "can't breathe", "unconscious", "passed out", "fainted", "fainting",
            "lost consciousness", "loss of consciousness", "seizure", "convulsion", "anaphylaxis",
            "severe abdominal pain",
        ),
        None,
        False,
    ),
    (
        STROKE,
        (
            "口角歪斜", "嘴歪", "口眼歪斜", "半身不遂", "偏瘫", "一侧肢体无力", "半边身子麻", "半身麻木", "言语不清",
            "说话不清", "突然失明", "剧烈头痛", "突发头痛",
        ),
        (
            "slurred speech", "drooping face", "face is drooping", "facial droop",
            "weakness on one side", "one-sided weakness", "numb on one side", "paralysis",
            "sudden loss of vision", "worst headache", "thunderclap headache",
        ),
        None,
        False,
    ),
    (
        DESPAIR,
        ("自杀", "自残", "轻生", "不想活", "想死", "结束生命", "活不下去"),
        (
            "suicide", "suicidal", "kill myself", "end my life", "want to die", "self-harm",
            "harm myself",
        ),
        None,
        False,
    ),
    (
        BLEEDING,
        (
            "大出血", "大量出血", "出血不止", "血流不止", "吐血", "呕血", "咯血", "咳血", "便血", "黑便", "柏油样便",
        ),
        (
            "heavy bleeding", "bleeding heavily", "bleeding won't stop", "vomiting blood",
            "coughing up blood", "blood in my stool", "blood in stool", "black stool",
        ),
        None,
        False,
    ),
    (
        POISON,
        ("中毒", "误服", "喝农药", "服农药", "过量服药"),
        ("poisoned", "poisoning", "overdose", "swallowed a battery"),
        None,
        False,
    ),
    (
        PREGNANT,
        ("出血", "见红", "破水", "腹痛", "肚子痛", "胎动减少", "胎动消失", "没有胎动"),
        ("bleeding", "water broke", "abdominal pain", "less fetal movement", "no fetal movement"),
        None,
        True,
    ),
    (INFANT, ("高烧", "高热", "39度", "40度"), ("high fever",), 36, False),
    (INFANT, ("发烧", "发热"), ("fever",), 3, False),
)  # fmt: skip


def load(apps, schema_editor):
    model = apps.get_model("consultations", "RedFlag")
    model.objects.bulk_create(
        [
            model(
                word=word,
                language=language,
                advice=advice[language],
                below_months=months,
                only_pregnant=pregnant,
            )
            for advice, chinese, english, months, pregnant in WORDS
            for language, words in (("zh", chinese), ("en", english))
            for word in words
        ],
        ignore_conflicts=True,
    )


class Migration(migrations.Migration):
    dependencies = [("consultations", "0001_initial")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
