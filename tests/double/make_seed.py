"""Makes ``seed/*.json`` from the folder of upstream facts that is the one argument.

Real: names of tags, their commits and dates, which are annotated, digests that public repositories pin, nerdctl's
sentence about containerd, the pull requests. Made up, because the facts do not hold it: when a release was published
(the date of its tag stands in), sizes, notes, names of files of which no digest is known (made by the pattern that the
project's releases of that time follow), and how the tagged commits lie to each other, but for
windows-container-networking.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from seed_pulls import COMMITS, FORK_HEADS, pulls

Json = dict[str, Any]

CONTAINERD, NERDCTL = "containerd/containerd", "containerd/nerdctl"
PLUGINS, RUNC = "containernetworking/plugins", "opencontainers/runc"
NETWORKING = "microsoft/windows-container-networking"
BRANCHES = {CONTAINERD: "main", NERDCTL: "main", PLUGINS: "main", RUNC: "main", NETWORKING: "master"}
ABOUT = (
    "Real values in a made-up shape: tags, commits, dates, digests, nerdctl's sentence on containerd and the pull "
    "requests are as upstream has them; published_at is the tag's date, notes are shortened, sizes are made up, and "
    "files without a digest are named by the pattern of their time. Made by make_seed.py."
)


def main() -> None:
    """Write one file for each repository."""
    upstream = Path(sys.argv[1])
    digests = _digests(upstream)
    sentences = {
        row["nerdctl_tag"]: row["statement"] for row in _read(upstream / "nerdctl_compat_statements.json")["rows"]
    }
    for repository, branch in BRANCHES.items():
        found = _read(upstream / f"tags_{repository.replace('/', '__')}.json")
        tags = [_tag(row) for row in found["tags"]]
        seed: Json = {"about": ABOUT, "full_name": repository, "default_branch": branch}
        seed["head"] = [found["snapshot"]["default_branch_head"], _utc(found["snapshot"]["head_commit_date"])]
        seed["releases"] = _releases(repository, tags, digests[repository], sentences)
        seed["tags"] = tags
        if repository == NETWORKING:
            _complete_networking(seed, upstream)
        _write(Path(__file__).parent / "seed" / f"{repository.replace('/', '__')}.json", seed)


def _complete_networking(seed: Json, upstream: Path) -> None:
    """Add what is known of this repository alone: its topology, pull requests, fork, and a release past the tags."""
    # Known from an installer that ships it; the tag is younger than the history that was read.
    made_up = hashlib.sha1(b"commit of v0.3.3", usedforsecurity=False).hexdigest()
    seed["tags"].append(["v0.3.3", made_up, "2025-11-24T00:00:00Z", None, None, "A commit that is made up"])
    seed["commits"], seed["fork_heads"] = COMMITS, FORK_HEADS
    seed["pulls"] = pulls(
        _read(upstream / "pr96.json"), _read(upstream / "prs_microsoft__windows-container-networking.json")["prs"]
    )
    for release in seed["releases"]:
        if release[0] == "v0.3.1":
            release[2] = "2024-08-16T00:00:00Z"


def _tag(row: Json) -> list[Any]:
    """Return [name, commit, commit date, tag object, tagger date, subject]."""
    is_annotated = row["tag_kind"] == "annotated"
    return [
        row["tag"],
        row["commit_sha"],
        _utc(row["commit_date"] or row["date"]),
        row["tag_object_sha"] if is_annotated else None,
        _utc(row["tagger_date"] or row["commit_date"]) if is_annotated else None,
        row["commit_subject"] or "",
    ]


def _releases(
    repository: str, tags: list[list[Any]], digests: dict[str, dict[str, str]], sentences: Json
) -> list[list[Any]]:
    """Return [tag, is pre-release, published, notes, {name: digest}] of the tags that upstream would have released."""
    dates = {tag[0]: tag[4] or tag[2] for tag in tags}
    if repository == NETWORKING:
        dates = {tag: dates.get(tag, "2025-11-24T00:00:00Z") for tag in ("v0.3.0", "v0.3.1", "v0.3.3")}
    releases = []
    for tag, date in dates.items():
        if repository == CONTAINERD and not re.match(r"v[1-9]", tag):
            continue
        known = digests.get(tag, {})
        names = dict.fromkeys([*known, *_names(repository, tag)])
        notes = f"{tag} of {repository}.\n"
        if sentences.get(tag) and repository == NERDCTL:
            notes += f"\n## Compatible containerd versions\n\n{sentences[tag]}\n"
        is_prerelease = bool(re.search(r"alpha|beta|rc", tag))
        releases.append([tag, is_prerelease, date, notes, {name: known.get(name) for name in sorted(names)}])
    return releases


def _names(repository: str, tag: str) -> list[str]:
    """Return the names of a release's files by the pattern of its time; none where no pattern is known."""
    plain = tag.removeprefix("v")
    number = tuple(int(part) for part in re.findall(r"\d+", plain)[:2])
    if repository == CONTAINERD and number >= (1, 4):
        sets = ["containerd"] if number >= (2, 0) else ["containerd", "cri-containerd", "cri-containerd-cni"]
        files = [f"{one}-{plain}-{system}-amd64.tar.gz" for one in sets for system in ("linux", "windows")]
        return [name for file in files for name in (file, f"{file}.sha256sum")]
    if repository == NERDCTL and number >= (0, 8):
        systems = ("linux-amd64", "linux-arm64", "windows-amd64")
        return [
            "SHA256SUMS",
            f"nerdctl-{plain}-go-mod-vendor.tar.gz",
            *(f"nerdctl-{plain}-{system}.tar.gz" for system in systems),
            *(f"nerdctl-full-{plain}-{system}.tar.gz" for system in systems[:2]),
        ]
    if repository == PLUGINS and number >= (1, 0):
        files = [f"cni-plugins-{system}-amd64-{tag}.tgz" for system in ("linux", "windows")]
        return [name for file in files for name in (file, f"{file}.sha256", f"{file}.sha512")]
    if repository == RUNC and number >= (1, 0):
        return ["runc.amd64", "runc.sha256sum"]
    if repository == NETWORKING and tag != "v0.3.0":
        file = f"windows-container-networking-cni-amd64-{tag}.zip"
        return [file, f"{file}.sha256", f"{file}.sha512"]
    return []


def _digests(upstream: Path) -> dict[str, dict[str, dict[str, str]]]:
    """Return repository -> tag -> name -> digest; architectures that nobody here tracks are left out."""
    found: dict[str, dict[str, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
    for row in _read(upstream / "asset_digests.json")["assets"]:
        is_former_name = row["name"] == "windows-container-networking-cni-amd64-0.3.1.zip"
        if row["arch"] in {"amd64", "arm64"} and not is_former_name:
            found[row["repo"]][row["tag"]][row["name"]] = row["digest"]
    return found


def _utc(text: str) -> str:
    return datetime.fromisoformat(text).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _read(path: Path) -> Json:
    found: Json = json.loads(path.read_text(encoding="utf-8"))
    return found


def _write(path: Path, seed: Json) -> None:
    """Write a seed with one line for each tag and release, so that a change of it can be read."""
    members = []
    for name, value in seed.items():
        if isinstance(value, list) and value and isinstance(value[0], list | dict):
            lines = ",\n".join("  " + json.dumps(line, ensure_ascii=False, separators=(",", ":")) for line in value)
            members.append(f'"{name}": [\n{lines}\n ]')
        else:
            members.append(f'"{name}": {json.dumps(value, ensure_ascii=False)}')
    path.parent.mkdir(exist_ok=True)
    path.write_text("{\n " + ",\n ".join(members) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
