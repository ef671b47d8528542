"""`tutor schema`: the exercise format for editors."""

from __future__ import annotations

import json

import click


@click.command("schema")
def command() -> None:
    """Print the JSON Schema of exercise files.

    The line `# yaml-language-server: $schema=PATH` at the top of a file makes an editor with the YAML
    language server complete and check it; the schema is also shipped as a file (`tutor locate`).
    """
    from tutor.exercise.model import schema

    click.echo(json.dumps(schema(), indent=2, ensure_ascii=False))
