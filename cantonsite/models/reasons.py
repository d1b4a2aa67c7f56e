"""The published rules of the invitation, by number: what the start page prints, and what a refusal cites."""

from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from .labelled import Labelled


class Reason(Labelled):
    """A rule that may stand against an application; the value is its anchor on the start page."""

    RULE_1 = "rule-1"
    RULE_2 = "rule-2"
    RULE_3 = "rule-3"
    RULE_4 = "rule-4"
    RULE_5 = "rule-5"

    @property
    def number(self) -> int:
        return list(Reason).index(self) + 1

    @property
    def label(self) -> LazyString:
        return _l("Rule %(number)s: %(text)s", number=self.number, text=RULES[self].text)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as it is published, and what somebody is told against whom it stands, unless the desk words it anew."""

    text: LazyString
    wording: LazyString


RULES: dict[Reason, Rule] = {
    Reason.RULE_1: Rule(
        _l("We invite people who report for the public."),
        _l("Your application does not show that you report for the public."),
    ),
    Reason.RULE_2: Rule(
        _l("The outlet publishes regularly and is not run by an exhibitor."),
        _l("We could not see that your outlet publishes regularly, or an exhibitor runs it."),
    ),
    Reason.RULE_3: Rule(
        _l("You show one proof from the list above."),
        _l("What you sent does not prove that you are a journalist."),
    ),
    Reason.RULE_4: Rule(
        _l("An invitation is for one person and one edition, and cannot be lent."),
        _l("An invitation that you had was used by somebody else, or you applied for somebody else."),
    ),
    Reason.RULE_5: Rule(
        _l("Stands may be filmed when the exhibitor agrees."),
        _l("Exhibitors told us that they were filmed against their will."),
    ),
}
