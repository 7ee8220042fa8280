"""The JSON of repositories, people and releases, in the shape of GitHub's REST answers.

``Links`` knows the origins and the API version of the request; every shape takes it first.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from datetime import datetime

    from .records import Asset, Release
    from .repository import Repository

Json = dict[str, Any]

_SUFFIXES = {
    ".zip": "application/zip",
    ".tar.gz": "application/gzip",
    ".tgz": "application/gzip",
    ".sha256": "text/plain",
    ".sha256sum": "text/plain",
    "SHA256SUMS": "text/plain",
}
_PERSON_URLS = {
    "followers": "",
    "following": "{/other_user}",
    "gists": "{/gist_id}",
    "starred": "{/owner}{/repo}",
    "subscriptions": "",
    "organizations": "",
    "repos": "",
    "events": "{/privacy}",
    "received_events": "",
}
_REPOSITORY_URLS = {
    "archive": "/{archive_format}{/ref}",
    "assignees": "/assignees{/user}",
    "blobs": "/git/blobs{/sha}",
    "branches": "/branches{/branch}",
    "collaborators": "/collaborators{/collaborator}",
    "comments": "/comments{/number}",
    "commits": "/commits{/sha}",
    "compare": "/compare/{base}...{head}",
    "contents": "/contents/{+path}",
    "contributors": "/contributors",
    "deployments": "/deployments",
    "downloads": "/downloads",
    "events": "/events",
    "forks": "/forks",
    "git_commits": "/git/commits{/sha}",
    "git_refs": "/git/refs{/sha}",
    "git_tags": "/git/tags{/sha}",
    "hooks": "/hooks",
    "issue_comment": "/issues/comments{/number}",
    "issue_events": "/issues/events{/number}",
    "issues": "/issues{/number}",
    "keys": "/keys{/key_id}",
    "labels": "/labels{/name}",
    "languages": "/languages",
    "merges": "/merges",
    "milestones": "/milestones{/number}",
    "notifications": "/notifications{?since,all,participating}",
    "pulls": "/pulls{/number}",
    "releases": "/releases{/id}",
    "stargazers": "/stargazers",
    "statuses": "/statuses/{sha}",
    "subscribers": "/subscribers",
    "subscription": "/subscription",
    "tags": "/tags",
    "teams": "/teams",
    "trees": "/git/trees{/sha}",
}


@dataclass(frozen=True, slots=True)
class Links:
    """Where the answers say that things are; no trailing slashes."""

    api_url: str
    web_url: str
    api_version: str = "2022-11-28"

    def repository(self, repository: Repository) -> str:
        """Return the API address of a repository."""
        return f"{self.api_url}/repos/{repository.full_name}"

    def page(self, repository: Repository) -> str:
        """Return the address of a repository's page."""
        return f"{self.web_url}/{repository.full_name}"

    @property
    def is_newer(self) -> bool:
        """Whether the answers have the shape of 2026-03-10."""
        return self.api_version >= "2026-03-10"


def stamp(when: datetime | None) -> str | None:
    """Return a time as GitHub writes it, in whole seconds of UTC."""
    return None if when is None else when.strftime("%Y-%m-%dT%H:%M:%SZ")


def node_id(kind: str, number: object) -> str:
    """Return an identifier of the kind that GraphQL uses."""
    return f"{kind}_{base64.urlsafe_b64encode(str(number).encode()).decode().rstrip('=')}"


def person(links: Links, login: str) -> Json:
    """Return a simple user; the number is made of the name."""
    url = f"{links.api_url}/users/{quote(login)}"
    number = sum(ord(letter) * (place + 1) for place, letter in enumerate(login))
    return {
        "login": login,
        "id": number,
        "node_id": node_id("U", number),
        "avatar_url": f"{links.web_url}/avatars/u/{number}?v=4",
        "gravatar_id": "",
        "url": url,
        "html_url": f"{links.web_url}/{quote(login)}",
        **{f"{name}_url": f"{url}/{name}{rest}" for name, rest in _PERSON_URLS.items()},
        "type": "User",
        "user_view_type": "public",
        "site_admin": False,
    }


def repository_shape(links: Links, repository: Repository, *, is_full: bool = False) -> Json:
    """Return a repository as others contain it, or with all that only its own address tells."""
    url, page = links.repository(repository), links.page(repository)
    open_count = sum(pull.state == "open" for pull in repository.pulls.values())
    pushed_at = stamp(max(commit.date for commit in repository.commits.values()))
    shape: Json = {
        "id": repository.id,
        "node_id": node_id("R", repository.id),
        "name": repository.name,
        "full_name": repository.full_name,
        "private": repository.private,
        "owner": person(links, repository.owner),
        "html_url": page,
        "description": repository.description or None,
        "fork": repository.fork_of is not None,
        "url": url,
        **{f"{name}_url": url + rest for name, rest in _REPOSITORY_URLS.items()},
        "git_url": f"git:{page.split(':', 1)[1]}.git",
        "ssh_url": f"git@localhost:{repository.full_name}.git",
        "clone_url": f"{page}.git",
        "svn_url": page,
        "mirror_url": None,
        "homepage": None,
        "language": "Go",
        "license": None,
        "forks": 0,
        "forks_count": 0,
        "stargazers_count": 0,
        "watchers": 0,
        "watchers_count": 0,
        "open_issues": open_count,
        "open_issues_count": open_count,
        "size": 1,
        "default_branch": repository.default_branch,
        "has_issues": True,
        "has_projects": True,
        "has_wiki": False,
        "has_pages": False,
        "has_discussions": False,
        **({} if links.is_newer else {"has_downloads": True}),
        "archived": repository.archived,
        "disabled": False,
        "visibility": "private" if repository.private else "public",
        "allow_forking": True,
        "is_template": False,
        "web_commit_signoff_required": False,
        "topics": [],
        "pushed_at": pushed_at,
        "created_at": stamp(repository.created_at),
        "updated_at": pushed_at,
    }
    return {**shape, "network_count": 0, "subscribers_count": 0} if is_full else shape


def release_shape(links: Links, repository: Repository, release: Release) -> Json:
    """Return a release with its assets."""
    url, page, tag = links.repository(repository), links.page(repository), quote(release.tag, safe="/")
    return {
        "url": f"{url}/releases/{release.id}",
        "assets_url": f"{url}/releases/{release.id}/assets",
        "upload_url": f"{url}/releases/{release.id}/assets{{?name,label}}",
        "html_url": f"{page}/releases/tag/{tag}",
        "id": release.id,
        "author": person(links, release.author),
        "node_id": node_id("RE", release.id),
        "tag_name": release.tag,
        "target_commitish": release.target,
        "name": release.name,
        "draft": release.draft,
        "immutable": release.immutable,
        "prerelease": release.prerelease,
        "created_at": stamp(release.created_at),
        "updated_at": stamp(release.updated_at),
        "published_at": stamp(release.published_at),
        "assets": [asset_shape(links, repository, release, asset) for asset in release.assets],
        "tarball_url": f"{url}/tarball/{tag}",
        "zipball_url": f"{url}/zipball/{tag}",
        "body": release.body,
    }


def asset_shape(links: Links, repository: Repository, release: Release, asset: Asset) -> Json:
    """Return a file of a release; ``digest`` is always there, and null where GitHub would not know it."""
    download = f"{links.page(repository)}/releases/download/{quote(release.tag, safe='/')}/{quote(asset.name)}"
    return {
        "url": f"{links.repository(repository)}/releases/assets/{asset.id}",
        "id": asset.id,
        "node_id": node_id("RA", asset.id),
        "name": asset.name,
        "label": asset.label,
        "uploader": person(links, release.author),
        "content_type": content_type(asset.name),
        "state": asset.state,
        "size": asset.size,
        "digest": asset.digest if asset.state == "uploaded" else None,
        "download_count": asset.download_count,
        "created_at": stamp(asset.created_at),
        "updated_at": stamp(asset.updated_at),
        "browser_download_url": download,
    }


def content_type(name: str) -> str:
    """Return the media type that an uploader would have given a file of that name."""
    return next((kind for suffix, kind in _SUFFIXES.items() if name.endswith(suffix)), "application/octet-stream")
