"""``tracker changes``: what changed upstream."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.output import instant, moment, note, print_json, print_table, say
from tracker.cli.settings import JsonOption, LimitOption, workplace
from tracker.telling import tell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.model import Change, Story

EXAMPLE = "tracker changes --limit 20"


def command(
    context: typer.Context,
    component: Annotated[str | None, typer.Argument(help="Only this component.")] = None,
    limit: LimitOption = 50,
    history: Annotated[bool, typer.Option("--history", help="Also what was there at the first look.")] = False,
    json: JsonOption = False,
) -> None:
    """Tell how far awaited pull requests have come, then what changed upstream, newest first.

    What the first look found is history, not news.
    """
    from tracker.passes.stories import tell_stories
    from tracker.passes.workplace import check_component

    place = workplace(context)
    if component is not None:
        check_component(place, component)
    with place.open_store() as store:
        changes = store.changes(component, limit=limit, include_baseline=history)
        runs = store.runs(profile=place.profile.name) if place.profile.stories else ()
        stories = tell_stories(place, store.sightings(), store.releases(), runs) if place.profile.stories else ()
    stories = tuple(one for one in stories if component in {None, one.component})
    if json:
        documents = [_story_document(one) for one in stories]
        print_json("changes/2", {"stories": documents, "changes": [_document(one) for one in changes]})
        return
    for story in stories:
        _say_story(story)
    _say_changes(changes, history=history)


def _say_story(story: Story) -> None:
    say(f"{story.repository} {story.summary}")
    for one in story.chapters:
        say(f"  {one.happened_at.date().isoformat() if one.happened_at else '-':<10}  {one.sentence}")
    say("")


def _say_changes(changes: Sequence[Change], *, history: bool) -> None:
    rows = [
        [
            moment(one.observed_at),
            one.happened_at.date().isoformat() if one.happened_at else "-",
            one.component,
            tell(one),
        ]
        for one in changes
    ]
    print_table(["SEEN (UTC)", "HAPPENED", "COMPONENT", "CHANGE"], rows, empty="nothing changed since the first look")
    if not rows and not history:
        note("`tracker changes --history` lists what the first look found.")


def _document(one: Change) -> dict[str, object]:
    return {
        "observed_at": instant(one.observed_at),
        "happened_at": instant(one.happened_at),
        "kind": str(one.kind),
        "component": one.component,
        "version": one.version,
        "channel": one.channel,
        "subject": one.subject,
        "before": one.before,
        "after": one.after,
        "url": one.url,
        "told": tell(one),
        "is_baseline": one.is_baseline,
    }


def _story_document(story: Story) -> dict[str, object]:
    return {
        "component": story.component,
        "repository": story.repository,
        "number": story.number,
        "title": story.title,
        "stage": str(story.stage),
        "summary": story.summary,
        "chapters": [
            {
                "stage": str(one.stage),
                "sentence": one.sentence,
                "happened_at": instant(one.happened_at),
                "url": one.url,
                "basis": str(one.basis) if one.basis else None,
            }
            for one in story.chapters
        ],
    }
