"""What every page of the site and every reader of declarations must do."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import pytest

from tracker.protocols.site_page import Answering

if TYPE_CHECKING:
    from tracker.model import Change, Release, Run, Sighting, Verdict
    from tracker.protocols import DeclaredEvidence, SitePage

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What pages and readers of declarations may look at; everything is empty that a test does not give."""

    releases: tuple[Release, ...] = ()
    changes: tuple[Change, ...] = ()
    runs: tuple[Run, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    sightings: tuple[Sighting, ...] = ()


class SitePageContract:
    """Derive from it, and say:

    - ``page``: the object that the plugin registers;
    - fixture ``view``: something that the page has something to tell of.
    """  # noqa: D415 - a list follows

    page: ClassVar[SitePage]

    @pytest.fixture
    def view(self) -> View:
        """Return what there is to tell."""
        raise NotImplementedError

    def test_its_name_can_stand_in_an_address(self) -> None:
        assert _NAME.fullmatch(self.page.name)
        assert self.page.title.strip()

    def test_before_anything_is_known_it_is_a_page_already(self) -> None:
        assert self.page.markdown(View()).startswith("# ")
        if isinstance(self.page, Answering):
            assert isinstance(self.page.answer(View()), str)

    def test_the_same_knowledge_gives_the_same_bytes(self, view: View) -> None:
        told = self.page.markdown(view)

        assert told == self.page.markdown(view)
        assert told != self.page.markdown(View()), "it tells nothing of what is known"


class DeclaredEvidenceContract:
    """Derive from it, and say:

    - ``reader``: the object that the plugin registers;
    - fixture ``view``: something that it reads declarations from; by default nothing.
    """  # noqa: D415 - a list follows

    reader: ClassVar[DeclaredEvidence]

    @pytest.fixture
    def view(self) -> View:
        """Return what is observed."""
        return View()

    def test_it_reads_nothing_out_of_nothing_without_an_error(self) -> None:
        list(self.reader.declare(View()))

    def test_each_declaration_has_an_id_of_its_own_and_says_where_it_comes_from(self, view: View) -> None:
        declared = list(self.reader.declare(view))

        assert len({one.id for one in declared}) == len(declared)
        for one in declared:
            assert one.provenance.strip()
            assert one.sentence.strip()

    def test_the_same_observations_are_read_the_same_way(self, view: View) -> None:
        assert list(self.reader.declare(view)) == list(self.reader.declare(view))
