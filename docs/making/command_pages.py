"""A page of all commands, as `--help` of each shows them."""

from collections.abc import Iterator

import click

from hashmatch.cli.app import group


def pages() -> dict[str, str]:
    """The page by file name."""
    with click.Context(group, info_name="hashmatch", terminal_width=88) as context:
        sections = list(_sections(group, context, 1))
    return {"commands.md": "# Command line\n\n" + "\n".join(sections)}


def _sections(command: click.Command, context: click.Context, level: int) -> Iterator[str]:
    heading = f"{'#' * level} {context.command_path}\n\n" if level > 1 else ""
    yield f"{heading}```text\n{command.get_help(context)}\n```\n"
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            if inner is not None and not inner.hidden:
                with click.Context(
                    inner, parent=context, info_name=name, terminal_width=88
                ) as inside:
                    yield from _sections(inner, inside, level + 1)
