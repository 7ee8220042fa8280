"""A double of GitHub on loopback, for tests and for trying things by hand.

    from githubdouble import GitHubDouble, World

    with GitHubDouble(World()) as github:
        repository = github.world.add_repository("owner/name")
        repository.publish("v1.0.0", files={"name-1.0.0.zip": b"bytes"})
        ...                                     # ask github.api_url, github.web_url, github.graphql_url
        assert github.requests[-1].headers["user-agent"]

``World`` holds repositories; ``Repository`` has the methods that change one between two looks (publish, retag,
replace_asset, merge_pull ...); ``github.limits`` and ``github.faults`` script what goes wrong; ``github.requests``
holds all that arrived. The README beside this package lists them all.
"""

from .asked import Asked
from .builds import build_tar_gz, build_zip, checksum_lines
from .faults import Faults
from .git_repository import GitRepository
from .history import build_history
from .limits import Limits
from .records import Asset, PullRequest, Release, Tag, digest_of
from .repository import Repository
from .server import GOOD_TOKEN, GitHubDouble
from .world import World

__all__ = [
    "GOOD_TOKEN",
    "Asked",
    "Asset",
    "Faults",
    "GitHubDouble",
    "GitRepository",
    "Limits",
    "PullRequest",
    "Release",
    "Repository",
    "Tag",
    "World",
    "build_history",
    "build_tar_gz",
    "build_zip",
    "checksum_lines",
    "digest_of",
]
