"""The program `modelcollapse`: its commands, and what an error looks like."""

from __future__ import annotations

import os
import sys
from importlib import import_module

import click

from modelcollapse import __version__
from modelcollapse.errors import InputError, ModelCollapseError

FAILED, WRONG_INPUT, INTERRUPTED = 1, 2, 130

# Name -> module and one line of help: a command's module is imported only when it is used, so that `--help` is quick.
COMMANDS = {
    "forecast": ("modelcollapse.cli.forecast", "Which words of a corpus are forgotten, and when."),
    "rate": ("modelcollapse.cli.rate", "How fast one recursion collapses: exact law, bounds, simulation."),
    "plan": ("modelcollapse.cli.plan", "How much data is enough: sample size, fresh share, growth."),
    "fit": ("modelcollapse.cli.fit", "From observed generations to fresh share and effective sample size."),
    "reproduce": ("modelcollapse.cli.reproduce", "The paper's figures and numbers, ours beside theirs."),
    "run": ("modelcollapse.cli.run", "A sweep of many recursions: parallel, resumable."),
    "status": ("modelcollapse.cli.status", "How far a sweep is."),
    "compact": ("modelcollapse.cli.compact", "Fewer, larger files for a sweep."),
    "export": ("modelcollapse.cli.export", "All results of a sweep in one file: Parquet, CSV, NetCDF."),
    "check-learner": ("modelcollapse.cli.check_learner", "Whether a model of your own can be used in the loop."),
    "catalogue": ("modelcollapse.cli.catalogue", "What covers what: families, laws, bounds, with references."),
}


class _Commands(click.Group):
    """The commands, imported when used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*COMMANDS, *super().list_commands(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return super().get_command(ctx, cmd_name)
        command = import_module(COMMANDS[cmd_name][0]).command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Start with:  modelcollapse forecast",
)
@click.version_option(__version__, prog_name="modelcollapse")
def program() -> None:
    """When models are trained on what earlier models generated, how fast do they forget?

    Exact answers where mathematics has them, published bounds beside them, simulation everywhere else.
    """


def main(arguments: list[str] | None = None) -> None:
    """Run the program and leave with its exit status: 0 done, 1 failed, 2 wrong usage or input, 130 interrupted."""
    try:
        status = program.main(arguments, prog_name="modelcollapse", standalone_mode=False)
        if sys.stdout is not None:
            sys.stdout.flush()
        sys.exit(status if isinstance(status, int) else 0)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        _leave("interrupted", INTERRUPTED)
    except InputError as error:
        _leave(str(error), WRONG_INPUT)
    except ModelCollapseError as error:
        _leave(str(error), FAILED)
    except MemoryError:
        _leave("out of memory; ask for fewer words, generations or processes", FAILED)
    except BrokenPipeError:
        # The reader of a pipe has left; nothing more can or need be said.
        _close_output()
        sys.exit(0)
    except OSError as error:
        _close_output()
        _leave(f"cannot write to standard output: {error.strerror or error}", FAILED)


def _close_output() -> None:
    """Let what is still to be written go nowhere, so that Python's own last flush does not fail again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _leave(text: str, status: int) -> None:
    click.echo(f"modelcollapse: {text}", err=True)
    sys.exit(status)
