"""Changing a world by hand: POST /double/COMMAND?..., for a person who watches what a tracker makes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .asked import Answer, Asked, Refused, json_answer
from .builds import build_file

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .faults import Faults
    from .limits import Limits
    from .repository import Repository
    from .world import World

PREFIX = "/double/"

COMMANDS = {
    "publish": "repository= tag= [notes=] [files=NAME,NAME] [prerelease=1]   publish a release, or a draft of that tag",
    "draft": "repository= tag= [files=NAME,NAME]                           make a draft",
    "delete-release": "repository= tag=",
    "edit-notes": "repository= tag= notes=",
    "promote": "repository= tag=                                            take the pre-release mark away",
    "add-asset": "repository= tag= name= [text=]",
    "replace-asset": "repository= tag= name= [text=]                              other bytes under the same name",
    "rename-asset": "repository= tag= name= to=",
    "tag": "repository= tag=                                            tag the default branch, without a release",
    "retag": "repository= tag=                                            move a tag to the default branch",
    "push": "repository= [branch=] [message=]",
    "rename": "repository= to=OWNER/NAME",
    "open-pull": "repository= title= [branch=]",
    "close-pull": "repository= number= [comment=]",
    "reopen-pull": "repository= number=",
    "merge-pull": "repository= number= [method=squash]",
    "comment": "repository= number= text=",
    "push-pull": "repository= number=",
    "limit": "[remaining=0] [reset=SECONDS-SINCE-1970]                   what is left; remaining=all: everything",
    "secondary": "[retry_after=30] [times=1]",
    "fault": "path=REGEX kind= [times=1] [status=502]",
    "calm": "                                                            end all limits and faults",
}


class Control:
    """Carries out commands, each under the lock that the server holds."""

    def __init__(self, world: World, limits: Limits, faults: Faults) -> None:
        self._world = world
        self._limits = limits
        self._faults = faults

    def answer(self, asked: Asked) -> Answer:
        """Carry out the command in the path, and tell what became of it."""
        name = asked.path.removeprefix(PREFIX)
        if name not in COMMANDS:
            raise Refused(404, f"no command {name!r}; there are {', '.join(COMMANDS)}")
        if asked.method != "POST":
            raise Refused(405, f"POST {PREFIX}{name}?{COMMANDS[name].split('   ')[0]}")
        try:
            return json_answer({"done": self._carry_out(name, asked.query)})
        except KeyError as error:
            raise Refused(
                400, f"{name} needs, or does not know, {error.args[0]!r}: {COMMANDS[name].strip()}"
            ) from error
        except ValueError as error:
            raise Refused(400, str(error)) from error

    def _carry_out(self, name: str, query: Mapping[str, str]) -> str:
        for_all = {"limit": self._limit, "secondary": self._secondary, "fault": self._fault, "calm": self._calm}
        if name in for_all:
            return for_all[name](query)
        repository = self._world[query["repository"]]
        if "pull" in name or name == "comment":
            return _pull(repository, name, query)
        if name in {"push", "tag", "retag", "rename"}:
            return self._refs(repository, name, query)
        return _release(repository, name, query)

    def _refs(self, repository: Repository, name: str, query: Mapping[str, str]) -> str:
        if name == "rename":
            return self._world.rename_repository(repository.full_name, query["to"]).full_name
        if name == "push":
            return repository.push(query.get("branch"), query.get("message", "Work")).sha
        return (repository.tag if name == "tag" else repository.retag)(query["tag"]).sha

    def _limit(self, query: Mapping[str, str]) -> str:
        if query.get("remaining") == "all":
            self._limits.none()
            return "full"
        self._limits.primary(
            int(query.get("remaining", "0")), reset=float(query["reset"]) if "reset" in query else None
        )
        return "spent"

    def _secondary(self, query: Mapping[str, str]) -> str:
        self._limits.secondary(retry_after=int(query.get("retry_after", "30")), times=int(query.get("times", "1")))
        return "the next requests are too many"

    def _fault(self, query: Mapping[str, str]) -> str:
        self._faults.add(
            query["path"], query["kind"], int(query.get("times", "1")), status=int(query.get("status", "502"))
        )
        return "scripted"

    def _calm(self, _: Mapping[str, str]) -> str:
        self._limits.none()
        self._faults.clear()
        return "calm"


def _release(repository: Repository, name: str, query: Mapping[str, str]) -> str:
    tag = query["tag"]
    if name in {"publish", "draft"}:
        files = {file: build_file(file, tag) for file in query.get("files", "").split(",") if file}
        make = repository.publish if name == "publish" else repository.draft
        is_prerelease = query.get("prerelease", "") not in {"", "0"}
        release = make(tag, body=query.get("notes", ""), prerelease=is_prerelease, files=files)
        return f"release {release.id} of {tag}"
    if "asset" in name:
        return _asset(repository, name, query)
    if name == "delete-release":
        repository.delete_release(tag)
        return "deleted"
    changed = repository.promote(tag) if name == "promote" else repository.edit_notes(tag, query["notes"])
    return f"release {changed.id} of {tag}"


def _asset(repository: Repository, name: str, query: Mapping[str, str]) -> str:
    tag, file = query["tag"], query["name"]
    if name == "rename-asset":
        return f"asset {repository.rename_asset(tag, file, query['to']).id}"
    content = query["text"].encode() if "text" in query else build_file(file, f"{tag}, {repository.world.clock()}")
    change = repository.add_asset if name == "add-asset" else repository.replace_asset
    asset = change(tag, file, content)
    return f"asset {asset.id}, {asset.digest}"


def _pull(repository: Repository, name: str, query: Mapping[str, str]) -> str:
    if name == "open-pull":
        return f"#{repository.open_pull(query['title'], head_ref=query.get('branch', 'topic')).number}"
    number = int(query["number"])
    change: dict[str, Callable[[], object]] = {
        "close-pull": lambda: repository.close_pull(number, comment=query.get("comment", "")),
        "reopen-pull": lambda: repository.reopen_pull(number),
        "merge-pull": lambda: repository.merge_pull(number, method=query.get("method", "merge")),
        "push-pull": lambda: repository.push_to_pull(number),
        "comment": lambda: repository.comment(number, query["text"]),
    }
    change[name]()
    pull = repository.pulls[number]
    return f"#{number} is {'merged' if pull.merged_at else pull.state}, head {pull.head}"
