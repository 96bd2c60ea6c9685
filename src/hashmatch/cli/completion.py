"""`hashmatch completion`: what makes a shell complete commands and options."""

import click
from click.shell_completion import get_completion_class

EPILOG = """\b
Examples:
  hashmatch completion bash >> ~/.bashrc
  hashmatch completion zsh >> ~/.zshrc
  hashmatch completion fish > ~/.config/fish/completions/hashmatch.fish
"""


@click.command("completion", epilog=EPILOG)
@click.argument("shell", type=click.Choice(("bash", "zsh", "fish")))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print the script that makes a shell complete hashmatch."""
    completion = get_completion_class(shell)
    if completion is None:
        raise click.BadParameter(f"no completion is known for {shell}")
    root = ctx.find_root().command
    click.echo(completion(root, {}, "hashmatch", "_HASHMATCH_COMPLETE").source())
