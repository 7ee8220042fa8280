"""``tracker recipe``: a script that redoes a combination by hand."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.output import print_json, say
from tracker.cli.settings import JsonOption, workplace
from tracker.cli.why import whole_combination

if TYPE_CHECKING:
    from tracker.model import Combination

EXAMPLE = "tracker recipe containerd=2.1.9 runtime=runc@1.1.5 cni-plugins=1.9.1 cni-spec=1.1.0 > redo.sh"


class Form(StrEnum):
    """How a recipe is told."""

    SCRIPT = "script"
    MARKDOWN = "markdown"


def command(
    context: typer.Context,
    pins: Annotated[list[str], typer.Argument(metavar="FACTOR=VALUE...", help="One value for each factor.")],
    form: Annotated[
        Form, typer.Option("--format", help="A script that does it, or a text that tells it.")
    ] = Form.SCRIPT,
    json: JsonOption = False,
) -> None:
    """Print how a person redoes exactly this combination by hand, with nothing of tracker in it.

    As a text it tells of a combination that fails also which one passes, and in what the two differ.
    """
    from tracker.passes.judging import installable_values, oldest_tools
    from tracker.passes.recipes import recipe, recipe_files
    from tracker.passes.reproduction import reproduction
    from tracker.protocols.scenario import Reproducing
    from tracker.snapshot.file import read_snapshot

    place = workplace(context)
    scenario = place.registry.scenarios[place.require_scenario()]
    snapshot = read_snapshot(place.config.verdicts_path)
    combination = whole_combination(pins, snapshot)
    with place.open_store() as store:
        releases = store.releases()
    installable, tools = installable_values(place, releases), oldest_tools(place, releases)

    def told(one: Combination) -> str:
        return recipe(place, one, installable, tools, form=form)

    def shortest(failing: Combination, capability: str, twin: Combination | None) -> str:
        values = {*failing, *(twin or ())}
        files = {value: recipe_files(installable[value]) for value in values if value in installable}
        return scenario.reproduction(failing, capability, twin, files) if isinstance(scenario, Reproducing) else ""

    text = told(combination)
    if form is Form.MARKDOWN:
        text += reproduction(combination, snapshot, told, shortest if isinstance(scenario, Reproducing) else None)
    if json:
        named = {value.factor: value.text for value in combination}
        print_json("recipe/1", {"combination": named, "form": form.value, "script": text})
    else:
        say(text.rstrip("\n"))
