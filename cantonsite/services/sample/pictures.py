"""The sample's pictures: own drawings that say so, in the library and in some sample articles; and a file for a kit."""

from pathlib import Path

from sqlalchemy import exists, select

from ...database import db
from ...models import Article, Picture
from ...models.audit import Actor
from ...models.media import Licence, PictureKind
from .. import editions, kit_files, pictures

FOLDER = Path(__file__).parent.parent.parent / "sample" / "pictures"
CREDIT = "Canton Fair Press Office, sample drawing"
KIT_ARTICLE = 48401
KIT_FILE = "Sample file\n\nA press kit may hold files such as this one: a programme, a list, a recording.\n"

# Name of the file, focus, terms, what it shows in English and Chinese, its captions, and the articles it stands in
PICTURES: tuple[tuple[str, int, Licence, dict[str, str], dict[str, str], tuple[int, ...]], ...] = (
    (
        "complex-at-the-river",
        5,
        Licence.PRESS,
        {
            "en": "Drawing of four long halls with curved roofs at a river, one of them red",
            "zh": "示意图：江边四座弧形屋顶的长展馆，其中一座为红色",
        },
        {"en": "The halls at Pazhou, as a drawing.", "zh": "琶洲展馆示意图。"},
        (48401, 48408),
    ),
    (
        "hall-plan",
        5,
        Licence.CC_BY,
        {
            "en": "Plan of eight halls on both sides of a promenade, with blocks of stands in four colours",
            "zh": "平面图：步行街两侧八个展厅，展位以四种颜色区分",
        },
        {"en": "How the halls of an area lie to each other.", "zh": "展区内各展厅的位置关系。"},
        (48401, 48408),
    ),
    (
        "stands-by-group",
        5,
        Licence.CC_BY,
        {
            "en": "Bar chart with seven groups of goods; electronics has the highest bar",
            "zh": "柱状图：七大类商品的展位数，电子类最高",
        },
        {"en": "Invented numbers that show what a chart looks like.", "zh": "虚构数字，仅用于展示图表样式。"},
        (48405,),
    ),
    (
        "flasks-old-and-new",
        6,
        Licence.ASK,
        {
            "en": "Drawing of four vacuum flasks on a table, two of them dented",
            "zh": "示意图：桌上四个保温瓶，其中两个有凹痕",
        },
        {"en": "New flasks next to used ones.", "zh": "新旧保温瓶并排摆放。"},
        (48404,),
    ),
    (
        "press-pass",
        2,
        Licence.PRESS,
        {"en": "Drawing of a press pass with a sample name on a red ribbon", "zh": "示意图：红色挂带上的记者证样例"},
        {"en": "What a press pass looks like.", "zh": "记者证样例。"},
        (48407,),
    ),
)


def fill() -> int:
    """Put the sample's pictures into a library that has none. Returns how many were added."""
    if db.session.scalar(select(exists().where(Picture.id > 0))):
        return 0
    there = set(db.session.scalars(select(Article.number)))
    edition = editions.coming()
    for name, focus, licence, alts, captions, articles in PICTURES:
        picture_id = pictures.add(
            (FOLDER / f"{name}.png").read_bytes(),
            name=name,
            alts=alts,
            captions=captions,
            credit=CREDIT,
            licence=licence,
            kind=PictureKind.GRAPHIC,
            focus=focus,
            edition=edition.number if edition else None,
            in_library=True,
            actor=Actor.COMMAND,
        )
        for number in there.intersection(articles):
            pictures.attach(number, picture_id, actor=Actor.COMMAND)
    if KIT_ARTICLE in there:
        kit_files.add(
            KIT_FILE.encode(), name="sample.txt", title="Sample file", article=KIT_ARTICLE, actor=Actor.COMMAND
        )
    return len(PICTURES)
