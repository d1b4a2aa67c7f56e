"""flask staff: the roster."""

import click
from email_validator import EmailNotValidError, validate_email
from flask.cli import AppGroup

from ..languages import AT_THE_DESK
from ..models.audit import Actor
from ..models.staff import Role
from ..services import staff as roster

staff = AppGroup("staff", help="Who works at the desk.")


@staff.command("add")
@click.argument("email")
@click.option("--name", required=True, help="As it stands in the history.")
@click.option(
    "--role", type=click.Choice([role.value for role in Role]), default=Role.REVIEWER.value, show_default=True
)
@click.option("--language", type=click.Choice(list(AT_THE_DESK)), default="en", show_default=True)
def add(email: str, name: str, role: str, language: str) -> None:
    """Put somebody on the roster; a reviewer gets one mail that lists what waits."""
    try:
        validate_email(email, check_deliverability=False, allow_smtputf8=False, test_environment=True)
    except EmailNotValidError as error:
        raise click.ClickException(f"{email}: {error}") from error
    try:
        roster.add(email, name=name, role=Role(role), language=language, actor=Actor.COMMAND)
    except roster.AlreadyOnRoster as error:
        raise click.ClickException(f"{email} is on the roster already.") from error
    click.echo(f"{name} <{email}> is on the roster as {role}.")
