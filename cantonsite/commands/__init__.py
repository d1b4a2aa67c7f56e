"""What is run from the command line. `ALL` is what create_app() adds to Flask's own commands."""

from . import backup, check, demo, documents, edition, mail, news, retention, staff

ALL = (
    *(backup.backup, check.check, demo.demo, documents.documents, edition.edition),
    *(mail.mail, news.news, retention.retention, staff.staff),
)
