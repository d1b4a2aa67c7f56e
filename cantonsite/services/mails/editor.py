"""The mail that asks an editor whether somebody reports for them."""

from typing import Any

from ...models.link import Purpose
from .. import addresses, crews, links, site
from ..outbox import Mail, Overtaken, register
from .applicant import load


@register
class EditorAsked(Mail):
    """Who applies, for which edition, and the link behind which the editor says yes or no."""

    name = "editor_asked"

    def context(self) -> dict[str, Any]:
        link = links.issue(Purpose.EDITOR, load(self.row.application_id))
        language = site.spoken_or_default(self.row.language)
        address = addresses.absolute("editor.show", lang=language, token=links.token(link))
        application = load(self.row.application_id)  # anew: a link that had to be written ended the first reading
        if application.editor_says is not None or not crews.awaiting_editor(application):
            raise Overtaken("nobody waits for the answer")
        return {"application": application, "edition": application.edition, "address": address}
