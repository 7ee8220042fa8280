"""Pushes the site to a branch of a git repository: one commit on top of what is there, never by force.

It is made by git's plumbing in a repository of its own that is thrown away, so nothing of a checkout is touched. Who
pushes and with what right is git's own affair: its configuration, its credential helpers, its SSH agent. Nothing asks
on a terminal.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.network.proxies import proxy_for
from tracker.network.trusted import write_trusted
from tracker.outlets.program import OutletError, run, shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tracker.protocols import NetworkSettings

_MARK = "matrix.json"
_NO_JEKYLL = ".nojekyll"
"""Tells GitHub Pages to publish the files as they are."""
_QUIET = {
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ALLOW_PROTOCOL": "file:git:http:https:ssh",
    "LC_ALL": "C",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """A branch that holds the site and nothing else.

    Attributes:
        remote: address or path of the repository.
        name: the branch; made when it is missing.
        seconds: how long each step may take.
        network: proxy, hosts without one, and certificates, where they are set; mirrors are for reading.
    """

    remote: str
    name: str
    seconds: float
    network: NetworkSettings

    def push(self, site: Path) -> str:
        """Push what ``site`` holds; return the commit, or an empty text when the branch holds the same already.

        Raises:
            OutletError: git is missing or failed, or the branch holds something else than a site.
            ConfigError: the proxy's login or the certificates cannot be used.
        """
        with tempfile.TemporaryDirectory(prefix="tracker-push-", ignore_cleanup_errors=True) as directory:
            repository = _Repository(self, Path(directory))
            return repository.push(site)


class _Repository:
    def __init__(self, branch: Branch, directory: Path) -> None:
        self._branch = branch
        self._directory = directory
        self._env = {**_environment(branch, directory / "trusted.pem"), "GIT_DIR": str(directory / "git")}
        self._git("init", "--quiet", "--bare")
        self._git("config", "remote.site.url", branch.remote)

    def push(self, site: Path) -> str:
        before = self._fetch()
        tree = self._tree(site)
        if before and self._git("rev-parse", f"{before}^{{tree}}").strip() == tree:
            return ""
        parents = ["-p", before] if before else []
        commit = self._git("commit-tree", tree, *parents, "-m", "Publish the site").strip()
        self._git("push", "--quiet", "site", f"{commit}:refs/heads/{self._branch.name}")
        return commit

    def _fetch(self) -> str:
        """Return the commit that the branch is at; empty when there is no such branch."""
        ref = f"refs/heads/{self._branch.name}"
        if not self._git("ls-remote", "site", ref).strip():
            return ""
        self._git("fetch", "--quiet", "--depth=1", "--no-tags", "site", f"+{ref}:refs/heads/before")
        before = self._git("rev-parse", "refs/heads/before").strip()
        held = self._git("ls-tree", "--name-only", before).splitlines()
        if held and _MARK not in held:
            message = f"the branch {self._branch.name} of {shown(self._branch.remote)} holds something else than a site"
            raise OutletError(message, hint="Name a branch of its own for the site: [site.publish] branch.")
        return before

    def _tree(self, site: Path) -> str:
        """Store all files of the site, less the hidden ones, and return their tree."""
        names = sorted(path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file())
        names = [name for name in names if not any(part.startswith(".") for part in name.split("/"))]
        if any("\n" in name for name in names):
            message = f"{site}: a file's name holds a line feed"
            raise OutletError(message)
        listed = "".join(f"{site / name}\n" for name in names)
        ids = self._git("hash-object", "-w", "--no-filters", "--stdin-paths", stdin=listed).split()
        if len(ids) != len(names):
            message = f"{site}: changed while it was read"
            raise OutletError(message, hint="The next pass publishes it.")
        empty = self._git("hash-object", "-w", "--no-filters", "--stdin").strip()
        entries = [*zip(names, ids, strict=True), (_NO_JEKYLL, empty)]
        index = "".join(f"100644 {blob} 0\t{name}\0" for name, blob in entries)
        self._git("update-index", "-z", "--index-info", stdin=index)
        return self._git("write-tree").strip()

    def _git(self, *arguments: str, stdin: str = "") -> str:
        return run(
            ["git", *arguments],
            directory=self._directory,
            seconds=self._branch.seconds,
            env=self._env,
            stdin=stdin,
        )


def _environment(branch: Branch, trusted: Path) -> Mapping[str, str]:
    """Return what git is told of the network, and who commits where its own configuration names nobody.

    Args:
        branch: where it goes.
        trusted: where the certificates are written that git trusts, if there are any besides the system's.
    """
    settings = {"core.longpaths": "true", "gc.auto": "0"}
    if branch.network.proxy and branch.remote.startswith(("http:", "https:")):
        settings["http.proxy"] = proxy_for(branch.remote, branch.network)
    trust = {}
    if branch.network.ca_file:
        bundle = str(write_trusted(branch.network.ca_file, trusted))
        # As variables: those that a shell sets for all its programs win over every setting of git's.
        trust = {"GIT_SSL_CAINFO": bundle, "GIT_PROXY_SSL_CAINFO": bundle}
        if os.name == "nt":
            # Windows' own TLS knows no file of certificates.
            settings["http.sslBackend"] = "openssl"
    variables = {"GIT_CONFIG_COUNT": str(len(settings))}
    for number, (name, value) in enumerate(settings.items()):
        variables |= {f"GIT_CONFIG_KEY_{number}": name, f"GIT_CONFIG_VALUE_{number}": value}
    people = {
        f"GIT_{who}_{what}": os.environ.get(f"GIT_{who}_{what}", value)
        for who in ("AUTHOR", "COMMITTER")
        for what, value in (("NAME", "tracker"), ("EMAIL", "tracker@localhost"))
    }
    ssh = (
        {} if "GIT_SSH_COMMAND" in os.environ or "GIT_SSH" in os.environ else {"GIT_SSH_COMMAND": "ssh -oBatchMode=yes"}
    )
    return {**_QUIET, **variables, **trust, **people, **ssh}
