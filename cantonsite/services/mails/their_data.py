"""Mails after an erasure. What they were about is gone, so they hold no more than they say."""

from typing import Any

from ..outbox import Mail, register


@register
class DataErased(Mail):
    """To the applicant: it is done. Nothing in it tells what was erased."""

    name = "data_erased"

    def context(self) -> dict[str, Any]:
        return {}


@register
class ApplicationErased(Mail):
    """To the press office: an invitation that was approved is void. It holds the reference and no identity data."""

    name = "application_erased"

    def context(self) -> dict[str, Any]:
        return {"reference": self.row.details["reference"]}
