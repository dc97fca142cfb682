"""Warning words: stated ones are found in any writing, denied ones are not."""

import pytest

from consultations.rules.red_flags import stated

WORDS = ("胸痛", "呼吸困难", "不想活", "昏迷", "chest pain", "shortness of breath", "seizure")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("胸痛两天", ["胸痛"]),
        ("胸 痛，呼吸困難", ["胸痛", "呼吸困难"]),
        ("ＣＨＥＳＴ　ｐａｉｎ", ["chest pain"]),
        ("Seizures since May", ["seizure"]),
        ("chest\npain", ["chest pain"]),
        ("不想活了", ["不想活"]),
        ("没有发烧，有胸痛", ["胸痛"]),
        ("没吃药胸痛", ["胸痛"]),
        ("无缘无故胸痛", ["胸痛"]),
        ("胸痛没有缓解", ["胸痛"]),
        ("有没有胸痛说不清", ["胸痛"]),
        ("不是没有胸痛", ["胸痛"]),
        ("无胸痛，呼吸困难", ["呼吸困难"]),
        ("胸痛：无，昏迷：有", ["昏迷"]),
        ("no fever but chest pain", ["chest pain"]),
        ("no fever, chest pain and sweating", ["chest pain"]),
        ("I can't stand the chest pain", ["chest pain"]),
        ("not without chest pain", ["chest pain"]),
        ("无胸痛。后来胸痛", ["胸痛"]),
    ],
)
def test_what_is_stated_is_found(text: str, found: list[str]) -> None:
    assert stated(text, WORDS) == found


@pytest.mark.parametrize(
    "text",
    [
        "无胸痛",
        "無胸痛",
        "没有胸痛",
        "没有明显胸痛",
        "从来没有过胸痛",
        "无发热、胸痛、呼吸困难",
        "没有胸痛和呼吸困难",
        "否认胸痛",
        "胸痛（-）",
        "胸痛：无",
        "no chest pain",
        "No chest pain, shortness of breath or fever",
        "I don't have any chest pain",
        "denies shortness of breath",
        "Chest pain: no.",
        "chestpains",
        "",
    ],
)
def test_what_is_denied_is_not_found(text: str) -> None:
    assert stated(text, WORDS) == []


FEVER = ("38度", "39度", "40度", "高烧")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("39.5度", "39度"),
        ("39.5 ℃", "39度"),
        ("39,5", "39度"),
        ("３９．５", "39度"),
        ("发烧３９，５天了", "39度"),
        ("烧到39", "39度"),
        ("三十九度五", "39度"),
        ("38度5", "38度"),
        ("39度半", "39度"),
        ("宝宝40.2两天", "40度"),
        ("不止39度", "39度"),
        ("fever of 39", "39度"),
        ("102.2 °F", "39度"),
    ],
)
def test_a_temperature_is_understood_in_any_writing(text: str, found: str) -> None:
    assert stated(text, FEVER) == [found]


@pytest.mark.parametrize(
    "text",
    [
        "39.5kg",
        "３９．５公斤",
        "体重39.5",
        "头围39,5",
        "孕39.5周生的",
        "139.5",
        "2039.5",
        "39.5cm",
        "39天",
        "房间39号",
        "13900001111",
        "37度9",
        "不到39度",
        "没有发烧到39度",
        "低于38度",
        "no fever above 38 C",
    ],
)
def test_other_numbers_and_denied_temperatures_are_no_fever(text: str) -> None:
    assert stated(text, FEVER) == []


def test_without_words_nothing_is_found() -> None:
    assert stated("胸痛", ()) == []
