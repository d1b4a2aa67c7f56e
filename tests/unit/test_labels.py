"""The words of enumerations: each member has its own."""

from itertools import combinations

import pytest

from cantonsite.models.invitation import LABELS, ApplicantRole, OfApplications


@pytest.mark.parametrize("kind", OfApplications.__subclasses__(), ids=lambda kind: kind.__name__)
def test_every_member_has_words_that_no_other_of_its_kind_has(kind):
    assert set(LABELS[kind]) == set(kind)
    words = [LABELS[kind][member]._args[0] for member in kind]
    assert len(set(words)) == len(words)


def test_two_kinds_that_share_a_value_keep_their_own_words():
    kinds = OfApplications.__subclasses__()
    shared = [(one, other, value) for one, other in combinations(kinds, 2) for value in set(one) & set(other)]
    assert (ApplicantRole, "editor") in [(one, value) for one, _, value in shared]
    for one, other, value in shared:
        assert one(value).label._args[0] != other(value).label._args[0]
