"""What happens to a repository's releases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .records import Asset, Release, digest_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from .records import Commit, Tag
    from .world import World


class Releases:
    """The part of a repository that publishes; tags are made where they are missing, as GitHub does."""

    world: World
    releases: list[Release]
    tags: dict[str, Tag]
    commits: dict[str, Commit]
    default_branch: str
    immutable_releases: bool = False

    def tag(self, name: str, sha: str | None = None, *, annotated: bool = False, message: str | None = None) -> Tag:
        """Put a tag on a commit; the repository knows how."""
        raise NotImplementedError

    def release(self, tag: str) -> Release:
        """Return the release of a tag, a draft or not; KeyError when there is none."""
        for release in self.releases:
            if release.tag == tag:
                return release
        raise KeyError(tag)

    def draft(
        self,
        tag: str,
        *,
        name: str | None = None,
        body: str | None = "",
        prerelease: bool = False,
        files: Mapping[str, bytes | None] | None = None,
    ) -> Release:
        """Return a new draft: only writers see it, and it makes no tag."""
        now = self.world.clock()
        made = Release(
            self.world.next_id(),
            tag,
            tag if name is None else name,
            body,
            now,
            None,
            now,
            draft=True,
            prerelease=prerelease,
        )
        made.target = self.default_branch
        self.releases.append(made)
        for file_name, content in (files or {}).items():
            self.add_asset(made, file_name, content)
        return made

    def publish(
        self,
        release: Release | str,
        *,
        name: str | None = None,
        body: str | None = "",
        prerelease: bool = False,
        files: Mapping[str, bytes | None] | None = None,
    ) -> Release:
        """Publish a draft, or make and publish a release of a tag at once; its tag is made when there is none.

        Args:
            release: a draft, or the tag (of a draft, or of a release that is to be made).
            name: the release's title; the tag by default. This and the rest is for a release that is made here.
            body: its notes.
            prerelease: whether it is marked as one.
            files: asset name -> bytes; None instead of bytes: the file is listed and cannot be downloaded.
        """
        if isinstance(release, str):
            drafts = [one for one in self.releases if one.tag == release and one.draft]
            made = (
                drafts[0] if drafts else self.draft(release, name=name, body=body, prerelease=prerelease, files=files)
            )
        else:
            made = release
        if made.tag not in self.tags:
            self.tag(made.tag)
        made.draft = False
        made.immutable = self.immutable_releases
        made.created_at = self.commits[self.tags[made.tag].sha].date
        made.published_at = made.updated_at = self.world.clock()
        return made

    def delete_release(self, release: Release | str) -> None:
        """Take a release away; its tag stays."""
        self.releases.remove(self._release(release))

    def edit_notes(self, release: Release | str, body: str, *, name: str | None = None) -> Release:
        """Change a release's notes, and its title when one is given."""
        found = self._release(release)
        found.body = body
        found.name = found.name if name is None else name
        return self._touch(found)

    def promote(self, release: Release | str) -> Release:
        """Take the pre-release mark away."""
        return self.mark_prerelease(release, value=False)

    def mark_prerelease(self, release: Release | str, *, value: bool = True) -> Release:
        """Mark a release as a pre-release, or not."""
        found = self._release(release)
        found.prerelease = value
        return self._touch(found)

    def add_asset(  # noqa: PLR0913 - what is rare goes by name
        self,
        release: Release | str,
        name: str,
        content: bytes | None = None,
        *,
        digest: str | None = None,
        size: int | None = None,
        state: str = "uploaded",
        at: datetime | None = None,
    ) -> Asset:
        """Upload a file to a release.

        Args:
            release: the release or its tag.
            name: the file's name, which must be free.
            content: its bytes; None: only digest and size are known, and a download is 404.
            digest: what the answers say; that of the bytes by default, none when there are no bytes.
            size: likewise.
            state: "open" is a file whose upload has not ended.
            at: when; now by default.
        """
        found = self._unlocked(release)
        if any(asset.name == name for asset in found.assets):
            message = f"{found.tag} has a file {name} already: use replace_asset"
            raise ValueError(message)
        when = at or self.world.clock()
        true_digest = None if content is None else digest_of(content)
        true_size = 0 if content is None else len(content)
        made = Asset(
            self.world.next_id(),
            name,
            true_size if size is None else size,
            when,
            when,
            digest or true_digest,
            content,
            state,
        )
        found.assets.append(made)
        return made

    def delete_asset(self, release: Release | str, name: str) -> None:
        """Take a file away."""
        found = self._unlocked(release)
        found.assets.remove(found.asset(name))

    def replace_asset(
        self, release: Release | str, name: str, content: bytes | None = None, *, digest: str | None = None
    ) -> Asset:
        """Put other bytes under the same name: a new asset with a new identifier, which is how GitHub does it."""
        self.delete_asset(release, name)
        return self.add_asset(release, name, content, digest=digest)

    def rename_asset(self, release: Release | str, name: str, new_name: str) -> Asset:
        """Give a file another name; identifier and bytes stay."""
        asset = self._unlocked(release).asset(name)
        asset.name = new_name
        asset.updated_at = self.world.clock()
        return asset

    def finish_upload(self, release: Release | str, name: str) -> Asset:
        """End the upload of a file whose state is open."""
        asset = self._release(release).asset(name)
        asset.state = "uploaded"
        asset.updated_at = self.world.clock()
        return asset

    def _release(self, release: Release | str) -> Release:
        return self.release(release) if isinstance(release, str) else release

    def _unlocked(self, release: Release | str) -> Release:
        found = self._release(release)
        if found.immutable:
            message = f"{found.tag} is an immutable release: its files are locked"
            raise ValueError(message)
        return found

    def _touch(self, release: Release) -> Release:
        release.updated_at = self.world.clock()
        return release
