"""``tracker check``: may I use these versions together?"""

from __future__ import annotations

from inspect import Parameter, Signature
from pathlib import Path
from typing import Annotated, Any, cast

import typer

from tracker.cli.check_options import OPTIONS, WHAT_HELP, WHAT_METAVAR, Given, Option
from tracker.cli.check_run import run

EXAMPLE = "tracker check containerd=1.7.24 runtime=runc@1.1.5 --need networks"


def command(context: typer.Context, **given: Any) -> None:  # noqa: ANN401 - as the options have them
    """Say whether these versions work together: 0 works, 1 broken, 2 usage, 3 cannot answer, 4 unknown, 5 stale.

    Without arguments it asks about [pins] of tracker.toml. A factor that is not named means some tested value.
    `host=KEY` says which host is meant, and `-` reads a text from standard input.
    """
    raise typer.Exit(int(run(cast("Path | None", context.obj), Given(**given))))


def _parameter(option: Option) -> Parameter:
    kind: Any = list[str] if option.kind is list else option.kind
    told = typer.Option(option.flag, help=option.help, metavar=option.metavar or None)
    if option.kind is float:
        told.min = 0
    annotated: Any = Annotated
    annotation = annotated[kind | None if option.default is None else kind, told]
    return Parameter(option.name, Parameter.KEYWORD_ONLY, default=option.default, annotation=annotation)


_WHAT = Parameter(
    "what",
    Parameter.KEYWORD_ONLY,
    default=None,
    annotation=Annotated[list[str] | None, typer.Argument(metavar=WHAT_METAVAR, help=WHAT_HELP)],
)
# The application reads the options of a command from its signature.
command.__signature__ = Signature(  # type: ignore[attr-defined]
    [
        Parameter("context", Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context),
        _WHAT,
        *map(_parameter, OPTIONS),
    ]
)
