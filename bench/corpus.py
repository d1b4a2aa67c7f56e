"""Texts to search in: two in English for each in Chinese, drawn by chance from the sample's words and sentences."""

import itertools
import random
import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace

from cantonsite import clock
from cantonsite.models.news import Section
from cantonsite.services.sample import read_all

INVENTED_WORDS = 20_000
WORDS, SENTENCES = 450, 20  # of a text: between the sample and the long news of the fair, which have 650
RARE = "zeppelin"  # in five texts of a thousand, of ten thousand and of a hundred thousand
SYLLABLES = re.findall("..", "babecodaelfigohuinjokalimonaorperasotiunvewixayoze")
NEWEST = clock.now()


def articles(first: int, last: int) -> Iterator[tuple[SimpleNamespace, SimpleNamespace]]:
    """The articles first to last, each an hour older than the one before, and the one text of each."""
    chance = random.Random(first)
    words, chances, sentences = _vocabulary()
    for each in range(first, last):
        if each % 3 == 2:
            language, title = "zh", "广交会" + chance.choice(sentences)[:20]
            body = "".join(chance.choices(sentences, k=SENTENCES))
        else:
            drawn = chance.choices(words, cum_weights=chances, k=WORDS)
            language, title = "en", " ".join(drawn[:8]).capitalize()
            body = " ".join(drawn) + " and the opening of the Canton Fair." + (f" A {RARE}." if _is_rare(each) else "")
        article = SimpleNamespace(
            id=each + 1,
            number=each + 1,
            section=list(Section)[each % 4],
            edition_id=None,
            published_at=NEWEST - timedelta(hours=each),
        )
        text = {"language": language, "title": title, "body": body, "slug": f"text-{each}"}
        yield article, SimpleNamespace(**text, standfirst="", source="", author="", sign_off="")


def _is_rare(each: int) -> bool:
    return each in {10, 160, 310, 460, 610}


def _vocabulary() -> tuple[list[str], list[float], list[str]]:
    """Words of the sample and invented ones, with chances as words have them; and the sample's Chinese sentences."""
    texts = list(read_all())
    counted: Counter[str] = Counter()
    sentences: list[str] = []
    for text in texts:
        if text.language == "en":
            counted.update(re.findall(r"[a-z]{2,}", text.body.lower()))
        elif text.language == "zh":
            sentences += [part for part in re.split(r"(?<=。)", re.sub(r"[\s#*-]+", "", text.body)) if len(part) > 5]
    chance = random.Random(1)
    invented: dict[str, None] = {}
    while len(invented) < INVENTED_WORDS:
        invented["".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))) + chance.choice(["", "s", "ing", "er"])] = (
            None
        )
    words = [word for word, _ in counted.most_common(2000)] + list(invented)
    return words, list(itertools.accumulate(1 / (rank + 3) for rank in range(len(words)))), sentences
