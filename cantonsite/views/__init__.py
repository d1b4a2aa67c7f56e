"""What is shown: HTTP in, HTML out. One blueprint a file; `ALL` is what create_app() registers."""

from . import (
    desk,
    desk_editions,
    desk_mail,
    desk_sign_in,
    desk_staff,
    feeds,
    health,
    invitation,
    mailbox,
    news,
    old_site,
    pages,
    review,
    search,
    status,
    text_size,
)

ALL = (
    pages.bp,
    news.bp,
    search.bp,
    feeds.bp,
    old_site.bp,
    invitation.bp,
    status.bp,
    review.bp,
    text_size.bp,
    desk_sign_in.bp,
    desk.bp,
    desk_editions.bp,
    desk_staff.bp,
    desk_mail.bp,
    health.bp,
    mailbox.bp,
)
