"""The nodes of GraphQL as mappings; what is a function of arguments or leads further is a callable in them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from graphql import GraphQLError

from .graph_connections import connection
from .graph_pulls import GraphPulls, person_node
from .shapes import Json, content_type, node_id, stamp

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .records import Asset, PullRequest, Release, Tag
    from .repository import Repository
    from .shapes import Links
    from .world import World


class GraphNodes(GraphPulls):
    """Builds the nodes of a world for one query; ``can_see`` tells which repositories the asker sees."""

    def __init__(self, world: World, links: Links, can_see: Callable[[Repository], bool], token: str | None) -> None:
        super().__init__(links)
        self.world = world
        self._can_see = can_see
        self._token = token

    def find(self, _info: object, *, owner: str, name: str, followRenames: bool = True) -> Json:  # noqa: N803 - GitHub's name
        """Return the repository of a name, past its renaming too."""
        full_name = f"{owner}/{name}"
        found = self.world.moved(full_name) if followRenames else None
        for one in self.world:
            found = one if one.full_name.lower() == full_name.lower() else found
        if found is None or not self._can_see(found):
            message = f"Could not resolve to a Repository with the name '{full_name}'."
            raise GraphQLError(message, extensions={"type": "NOT_FOUND"})
        return self.repository(found)

    def by_id(self, _info: object, *, id: str) -> Json:  # noqa: A002 - GitHub's name
        """Return the repository, release, file or pull request of an identifier."""
        for known, build in self._all():
            if known == id:
                return build()
        message = f"Could not resolve to a node with the global id of '{id}'"
        raise GraphQLError(message, extensions={"type": "NOT_FOUND"})

    def _all(self) -> Iterator[tuple[str, Callable[[], Json]]]:
        """Go through all nodes that have an identifier of their own: identifier, and what builds the node."""
        for one in filter(self._can_see, self.world):
            yield node_id("R", one.id), partial(self.repository, one)
            for pull in one.pulls.values():
                yield node_id("PR", pull.id), partial(self.pull, one, pull)
            for release in one.releases:
                yield node_id("RE", release.id), partial(self.release, one, release)
                for asset in release.assets:
                    yield node_id("RA", asset.id), partial(self._asset, one, release, asset)

    def repository(self, repository: Repository) -> Json:
        """Return a repository."""
        pushed_at = stamp(max(commit.date for commit in repository.commits.values()))
        return {
            "__typename": "Repository",
            "id": node_id("R", repository.id),
            "databaseId": repository.id,
            "name": repository.name,
            "nameWithOwner": repository.full_name,
            "owner": person_node(self.links, repository.owner),
            "url": self.links.page(repository),
            "description": repository.description or None,
            "isArchived": repository.archived,
            "isFork": repository.fork_of is not None,
            "isPrivate": repository.private,
            "createdAt": stamp(repository.created_at),
            "updatedAt": pushed_at,
            "pushedAt": pushed_at,
            "defaultBranchRef": lambda _: self._branch(repository, repository.default_branch),
            "parent": lambda _: self._parent(repository),
            "object": lambda _, **how: self._object(repository, how.get("oid") or how.get("expression") or ""),
            "ref": lambda _, qualifiedName: self._ref(repository, qualifiedName),  # noqa: N803 - GitHub's name
            "refs": lambda _, **how: connection(self._refs(repository, how), how),
            "release": lambda _, tagName: next(  # noqa: N803 - GitHub's name
                (one for one in self._releases(repository) if one["tagName"] == tagName and not one["isDraft"]), None
            ),
            "releases": lambda _, **how: connection(_ordered(self._releases(repository), how, "createdAt"), how),
            "latestRelease": lambda _: self._latest(repository),
            "pullRequest": lambda _, number: self._find_pull(repository, number),
            "pullRequests": lambda _, **how: connection(self._pulls(repository, how), how),
        }

    def release(self, repository: Repository, release: Release) -> Json:
        """Return a release; the schema knows neither digests of files nor immutable releases."""
        tag = repository.tags.get(release.tag)
        return {
            "__typename": "Release",
            "id": node_id("RE", release.id),
            "databaseId": release.id,
            "name": release.name,
            "tagName": release.tag,
            "tag": lambda _: None if tag is None else self._tag_ref(repository, tag),
            "tagCommit": lambda _: None if tag is None else self.commit(repository, tag.sha),
            "description": release.body,
            "createdAt": stamp(release.created_at),
            "publishedAt": stamp(release.published_at),
            "updatedAt": stamp(release.updated_at),
            "isDraft": release.draft,
            "isPrerelease": release.prerelease,
            "isLatest": lambda _: (self._latest(repository) or {}).get("databaseId") == release.id,
            "author": person_node(self.links, release.author),
            "url": f"{self.links.page(repository)}/releases/tag/{quote(release.tag, safe='/')}",
            "repository": lambda _: self.repository(repository),
            "releaseAssets": lambda _, **how: connection(
                [
                    self._asset(repository, release, asset)
                    for asset in release.assets
                    if how.get("name") in {None, asset.name}
                ],
                how,
            ),
        }

    def _asset(self, repository: Repository, release: Release, asset: Asset) -> Json:
        page = self.links.page(repository)
        tag = quote(release.tag, safe="/")
        return {
            "__typename": "ReleaseAsset",
            "id": node_id("RA", asset.id),
            "name": asset.name,
            "contentType": content_type(asset.name),
            "createdAt": stamp(asset.created_at),
            "updatedAt": stamp(asset.updated_at),
            "downloadCount": asset.download_count,
            "downloadUrl": f"{page}/releases/download/{tag}/{quote(asset.name)}",
            "url": f"{page}/releases/download/{tag}/{quote(asset.name)}",
            "size": asset.size,
            "uploadedBy": person_node(self.links, release.author),
            "release": lambda _: self.release(repository, release),
        }

    def _releases(self, repository: Repository) -> list[Json]:
        may_write = self._token in repository.writers
        return [self.release(repository, one) for one in repository.releases if may_write or not one.draft]

    def _latest(self, repository: Repository) -> Json | None:
        finals = [one for one in repository.releases if not one.draft and not one.prerelease]
        return self.release(repository, max(finals, key=lambda one: (one.created_at, one.id))) if finals else None

    def _pulls(self, repository: Repository, how: Json) -> list[Json]:
        nodes = [
            node
            for node in (self.pull(repository, pull) for pull in repository.pulls.values())
            if node["state"] in (how.get("states") or [node["state"]])
            and how.get("headRefName") in {None, node["headRefName"]}
            and how.get("baseRefName") in {None, node["baseRefName"]}
        ]
        return _ordered(nodes, how, "createdAt")

    def _find_pull(self, repository: Repository, number: int) -> Json:
        pull: PullRequest | None = repository.pulls.get(number)
        if pull is None:
            message = f"Could not resolve to a PullRequest with the number of {number}."
            raise GraphQLError(message, extensions={"type": "NOT_FOUND"})
        return self.pull(repository, pull)

    def _refs(self, repository: Repository, how: Json) -> list[Json]:
        """Return the tags or branches, by name or by the date of the tagged commit."""
        prefix, part = how["refPrefix"], how.get("query") or ""
        if prefix.startswith("refs/tags/"):
            names = [name for name in repository.tags if ("refs/tags/" + name).startswith(prefix) and part in name]
            order = how.get("orderBy") or {"field": "ALPHABETICAL", "direction": how.get("direction") or "ASC"}
            names.sort(reverse=order["direction"] == "DESC")
            if order["field"] == "TAG_COMMIT_DATE":
                dates = {name: repository.commits[repository.tags[name].sha].date for name in names}
                names.sort(key=lambda name: dates[name], reverse=order["direction"] == "DESC")
            return [self._tag_ref(repository, repository.tags[name]) for name in names]
        names = sorted(
            name for name in repository.branches if ("refs/heads/" + name).startswith(prefix) and part in name
        )
        return [self._branch(repository, name) for name in names]

    def _ref(self, repository: Repository, name: str) -> Json | None:
        plain = name.removeprefix("refs/heads/").removeprefix("refs/tags/")
        if not name.startswith("refs/tags/") and plain in repository.branches:
            return self._branch(repository, plain)
        if not name.startswith("refs/heads/") and plain in repository.tags:
            return self._tag_ref(repository, repository.tags[plain])
        return None

    def _branch(self, repository: Repository, name: str) -> Json:
        target = self.commit(repository, repository.branches[name])
        return self._reference(repository, "refs/heads/", name, target)

    def _tag_ref(self, repository: Repository, tag: Tag) -> Json:
        return self._reference(repository, "refs/tags/", tag.name, self._tag_target(repository, tag))

    def _reference(self, repository: Repository, prefix: str, name: str, target: Json) -> Json:
        return {
            "__typename": "Ref",
            "id": node_id("REF", f"{repository.id}:{prefix}{name}"),
            "name": name,
            "prefix": prefix,
            "repository": lambda _: self.repository(repository),
            "target": target,
        }

    def _tag_target(self, repository: Repository, tag: Tag) -> Json:
        commit = self.commit(repository, tag.sha)
        if tag.object_sha is None:
            return commit
        return {
            "__typename": "Tag",
            "id": node_id("TA", tag.object_sha),
            "oid": tag.object_sha,
            "abbreviatedOid": tag.object_sha[:7],
            "commitUrl": f"{self.links.page(repository)}/commit/{tag.object_sha}",
            "message": tag.message,
            "name": tag.name,
            "tagger": {"name": "maintainer", "email": "maintainer@example.com", "date": stamp(tag.tagged_at)},
            "target": commit,
        }

    def _object(self, repository: Repository, expression: str) -> Json | None:
        sha = repository.resolve(expression)
        return None if sha is None else self.commit(repository, sha)

    def _parent(self, repository: Repository) -> Json | None:
        for one in self.world:
            if one.full_name == repository.fork_of:
                return self.repository(one)
        return None


def _ordered(nodes: list[Json], how: Json, default: str) -> list[Json]:
    """Return nodes in the order that was asked for; oldest first when none was."""
    order: Any = how.get("orderBy") or {"field": "CREATED_AT", "direction": "ASC"}
    key = {"NAME": "name", "UPDATED_AT": "updatedAt"}.get(order["field"], default)
    return sorted(nodes, key=lambda node: (node[key] or "", node["databaseId"]), reverse=order["direction"] == "DESC")
