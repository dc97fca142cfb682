"""Believable people and problems. All of them are invented."""

from dataclasses import dataclass
from typing import Final

SURNAMES: Final = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗"
GIVEN_NAMES: Final = (
    "子涵",
    "雨桐",
    "欣怡",
    "浩然",
    "梓萱",
    "宇轩",
    "思远",
    "佳宁",
    "明哲",
    "若曦",
    "建国",
    "秀兰",
    "志强",
    "丽华",
    "海燕",
    "国庆",
    "小梅",
    "文博",
    "晓东",
    "静怡",
)
DISTRICTS: Final = ("110101", "310101", "440103", "510104", "330102", "420102", "610102", "320102")
CITIES: Final = ("北京", "上海", "广州", "成都", "杭州", "武汉", "西安", "南京")

COMPLAINTS: Final = (
    "反复失眠三个月，入睡困难，多梦易醒，白天乏力，想调理一下。",
    "胃胀反酸半年，饭后加重，做过胃镜提示慢性浅表性胃炎。",
    "咳嗽两周，夜里明显，痰白黏，没有发烧，之前吃过止咳糖浆。",
    "月经推迟十天，小腹坠胀，最近工作压力大，手脚冰凉。",
    "腰酸背痛，久坐加重，腰椎片提示轻度退变，想问能否针灸。",
    "孩子五岁，最近总是积食，口气重，大便干，舌苔厚。",
    "过敏性鼻炎又犯了，早起打喷嚏流清涕，换季必发。",
    "头晕三天，血压 145/92，以前诊断过高血压，药没按时吃。",
    "脸上反复长痘，下巴和额头多，吃辣就加重，想用中药调理。",
    "产后两个月，出汗多，怕风，腰膝酸软，还在哺乳。",
    "湿疹反复，手背起红疹很痒，抓破流水，用过激素药膏。",
    "便秘一年多，三四天一次，腹胀，吃过番泻叶现在不管用。",
    "颈肩僵硬，右手发麻，长期伏案，颈椎片生理曲度变直。",
    "更年期潮热出汗，心烦，睡不好，四十九岁。",
    "慢性咽炎，咽部异物感，清嗓子多，讲课用嗓多。",
    "体检发现甲状腺结节 TI-RADS 3 类，平时爱生闷气，想咨询。",
    "掉头发厉害半年，头皮油，熬夜多。",
    "膝盖疼，上下楼明显，天气冷加重，六十二岁。",
    "口腔溃疡反复，一个月两三次，疼得吃不下饭。",
    "乏力气短，走几步就累，贫血复查血红蛋白 98。",
)
PATIENT_LINES: Final = (
    "大概晚上十一点躺下，要两个小时才能睡着。",
    "舌头边上有齿痕，舌苔有点白。",
    "平时手脚怕冷，喜欢喝热水。",
    "没有药物过敏，现在没在吃别的药。",
    "好的，那饮食上要注意什么？",
    "明白了，谢谢医生！",
)
DOCTOR_LINES: Final = (
    "您好，我看到您的描述了。这种情况多久了，最近有没有加重？",
    "大小便、食欲和睡眠怎么样？请说一下舌苔。",
    "有没有药物过敏，现在在吃什么药？",
    "考虑脾胃虚弱夹湿，先调饮食和作息，少吃生冷油腻。",
    "如果出现持续发热或者剧烈疼痛，请立即到线下医院就诊。",
)
DIAGNOSES: Final = (
    ("不寐（心脾两虚证）", "规律作息，睡前少看手机；归脾汤加减，七剂后复诊。"),
    ("胃痞（脾虚气滞证）", "少食多餐，忌生冷；可按揉足三里，两周后复诊。"),
    ("咳嗽（风寒袭肺证）", "注意保暖，多饮温水；若发热请线下就诊。"),
    ("湿疹（脾虚湿蕴证）", "避免热水烫洗，忌辛辣海鲜；保湿，一周后复诊。"),
    ("腰痛（肾虚寒湿证）", "避免久坐，腰部保暖；可配合针灸，两周后复诊。"),
)
REVIEW_TEXTS: Final = (
    "医生很耐心，讲得清楚。",
    "回复快，建议具体。",
    "态度好，问得仔细。",
    "还可以，等了一会儿。",
)


@dataclass(frozen=True, slots=True)
class DemoDoctor:
    """One doctor of the demo data; prices in fen, None = the clinic's price list."""

    name: str
    gender: str
    department: str
    level: str
    hospital: str
    description: str
    text_price_fen: int | None


DEPARTMENTS: Final = (
    ("tcm", "中医内科"),
    ("acupuncture", "针灸推拿科"),
    ("gynaecology", "中医妇科"),
    ("paediatrics", "中医儿科"),
    ("dermatology", "中医皮肤科"),
)
CHILDREN: Final = "paediatrics"  # the department that sees children under six
BRANCHES: Final = (
    ("1", "香草门诊（静安）", "上海市静安区南京西路 1000 号", "021-55550001"),
    ("2", "香草门诊（徐汇）", "上海市徐汇区淮海中路 800 号", "021-55550002"),
)
DOCTORS: Final = (
    DemoDoctor("沈一鸣", "male", "tcm", "attending", "香草中医院", "擅长失眠、脾胃病调理。", None),
    DemoDoctor(
        "吴清如", "female", "tcm", "chief", "香草中医院", "从医三十年，擅长疑难内科病。", 12000
    ),
    DemoDoctor("陆思齐", "male", "tcm", "associate_chief", "香草中医院", "擅长咳喘、鼻炎。", None),
    DemoDoctor(
        "周雅文",
        "female",
        "gynaecology",
        "attending",
        "香草中医院",
        "擅长月经病、更年期调理。",
        None,
    ),
    DemoDoctor(
        "郑伯安", "male", "acupuncture", "resident", "香草中医院", "颈肩腰腿痛，针灸推拿。", None
    ),
    DemoDoctor(
        "唐果", "female", "paediatrics", "attending", "香草中医院", "小儿积食、反复感冒。", None
    ),
    DemoDoctor(
        "叶知秋",
        "female",
        "dermatology",
        "associate_chief",
        "香草中医院",
        "湿疹、痤疮、脱发。",
        None,
    ),
    DemoDoctor(
        "贺长青", "male", "tcm", "attending", "香草中医院", "高血压、眩晕的中医调理。", None
    ),
)
PRICES_FEN: Final = (
    ("level", "resident", 1900),
    ("level", "attending", 2900),
    ("level", "associate_chief", 5900),
    ("level", "chief", 9900),
    ("global", "", 2900),
)
