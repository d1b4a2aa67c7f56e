"""What a reader asks, as terms; and the same question in the words of each database."""

import re
from dataclasses import dataclass

from ..folding import fold
from .index import IN_TITLE
from .words import BESIDE, known, pairs, parts, without_gaps

MOST_CHARACTERS = 200
MOST_WORDS = 8
SHORTEST_BEGINNING = 3  # letters of a last word that is taken for the beginning of one
MOST_ENDINGS = 400  # that are asked for one by one
QUOTES = re.compile('["“”„«»＂]')


@dataclass(frozen=True, slots=True)
class Term:
    """Tokens that stand next to each other; or one, of which the reader has perhaps typed only the `beginning`."""

    tokens: tuple[str, ...]
    beginning: str = ""

    @property
    def in_title(self) -> tuple[str, ...]:
        """What stands in a title that has it, when that is tokens with a space before and after each."""
        itself = f" {' '.join(self.tokens)} "
        return (itself, f" {self.beginning}", f" {BESIDE}{self.beginning}") if self.beginning else (itself,)


def terms(query: str) -> list[Term]:
    """The words and quoted phrases of a query; at most MOST_WORDS of its first MOST_CHARACTERS characters.

    No sign means anything but quotes: AND, NEAR, * and - are words or nothing.
    """
    return _all_terms(query)[:MOST_WORDS]


def has_more(query: str) -> bool:
    """Whether it has more words than are looked for."""
    return len(_all_terms(query)) > MOST_WORDS


def _all_terms(query: str) -> list[Term]:
    query = fold(QUOTES.sub('"', query)[:MOST_CHARACTERS])
    found = [(phrase or word, not phrase) for phrase, word in re.findall(r'"([^"]+)"|([^\s"]+)', query)]
    wanted: list[Term] = []
    for at, (words, is_word) in enumerate(found):
        wanted += _terms(words, may_go_on=is_word and at == len(found) - 1)
    return list(dict.fromkeys(wanted))


def without_quotes(query: str) -> str:
    """The words of a query that are read, none of them a phrase."""
    return " ".join(QUOTES.sub(" ", query[:MOST_CHARACTERS]).split())


def _terms(words: str, may_go_on: bool) -> list[Term]:
    """A phrase; a word with signs inside is one. The last character of a run may have others after it in a text."""
    found = parts(without_gaps(words))
    if not found:
        return []
    if may_go_on and len(found) == 1 and found[0][0] == "word":
        token, written = known(found[0][1])
        return [Term((token,), written if len(written) >= SHORTEST_BEGINNING else "")]
    *before, (kind, last) = found
    tokens = [token for each in before for token in _tokens(*each)]
    if kind != "run":
        return [Term((*tokens, *_tokens(kind, last)))]
    if len(last) > 1:
        return [Term((*tokens, *pairs(last)[:-1]))]
    return [*([Term(tuple(tokens))] if tokens else []), Term((BESIDE + last,))]


def _tokens(kind: str, text: str) -> list[str]:
    return pairs(text) if kind == "run" else [known(text)[0]]


def for_sqlite(wanted: list[Term], within: str, marks: list[str], endings: list[str]) -> str:
    """The question as FTS5 reads it. `endings` are the words that go on as the last one begins."""
    column = f"{within} : " if within else ""
    asked = [f"{column}({_fts5(term, endings)})" for term in wanted]
    return " AND ".join([*asked, *(f'marks : "{mark}"' for mark in marks)])


def _fts5(term: Term, endings: list[str]) -> str:
    itself = f'"{" ".join(term.tokens)}"'
    if not term.beginning:
        return itself
    if len(endings) > MOST_ENDINGS:
        return f'{itself} OR "{term.beginning}" * OR "{BESIDE}{term.beginning}" *'
    return " OR ".join([itself, *(f'"{word}"' for word in endings)])


def for_postgresql(wanted: list[Term], within: str, marks: list[str], blocks: range | None = None) -> str:
    """The question as a tsquery, narrowed to texts of these blocks of days."""
    asked = [_tsquery(term, within) for term in wanted]
    asked += [f"'{mark}'" for mark in marks]
    if blocks is not None:
        asked.append("(" + " | ".join(f"'~b{block}'" for block in blocks) + ")")
    return " & ".join(asked)


def _tsquery(term: Term, within: str) -> str:
    """In the title a token of its own says so; for the content the places are read."""
    weight, sign = {"title": ("A", IN_TITLE), "content": ("B", "")}.get(within, ("", ""))
    if len(term.tokens) > 1:
        phrase = " <-> ".join(f"'{token}':{weight}" if weight else f"'{token}'" for token in term.tokens)
        there = [f"'{sign}{token}'" for token in term.tokens] if sign else []
        return " & ".join([*there, f"({phrase})"])
    weight = "" if sign else weight
    either = [f"'{sign}{term.tokens[0]}'" + (f":{weight}" if weight else "")]
    if term.beginning:
        either += [f"'{sign}{start}{term.beginning}':*{weight}" for start in ("", BESIDE)]
    return "(" + " | ".join(either) + ")"
