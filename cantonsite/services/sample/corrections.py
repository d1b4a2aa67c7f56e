"""The sample's correction: an article of the spring of 2018 that named a wrong hour, put right a day later."""

from datetime import timedelta

from sqlalchemy import exists, select

from ...database import db, transaction
from ...models import Article, ArticleText, Correction

NUMBER = 48205
LATER = timedelta(days=1, hours=2, minutes=15)
SENTENCES = {
    "en": "An earlier version said that the doors opened at nine. They opened at half past nine.",
    "zh": "此前版本误写为上午9时开馆，实际开馆时间为上午9时30分。",
}


def fill() -> int:
    """Say it in both languages, unless something was corrected already. Returns how many lines were added."""
    article = db.session.scalar(select(Article).where(Article.number == NUMBER))
    if article is None or db.session.scalar(select(exists().where(Correction.id > 0))):
        return 0
    with transaction() as session:
        at = article.published_at + LATER  # and not now: nobody is to be mailed about it
        article.corrected_at = at
        for language, sentence in SENTENCES.items():
            session.get_one(ArticleText, (article.id, language)).modified_at = at
            session.add(Correction(article_id=article.id, language=language, at=at, sentence=sentence))
    return len(SENTENCES)
