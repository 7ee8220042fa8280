"""What every order of versions must do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from tracker.protocols import VersionScheme

_SETTINGS = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
# What versions are made of, so that mutations of real ones stay near them.
_PIECES = st.text(alphabet="0123456789abcrv.-+~:_ \n", max_size=4)


class VersionSchemeContract:
    """Derive from it, and say:

    - ``scheme``: the object that the plugin registers;
    - ``ascending``: at least four versions as the upstream writes them, oldest first, no two of them equal;
    - ``no_versions``: texts that are none, if there are any.
    """  # noqa: D415 - a list follows

    scheme: ClassVar[VersionScheme]
    ascending: ClassVar[tuple[str, ...]]
    no_versions: ClassVar[tuple[str, ...]] = ()

    def test_it_orders_versions_as_their_author_does(self) -> None:
        assert len(self.ascending) >= 4, "too few versions to show an order"  # noqa: PLR2004 - as documented
        assert sorted(self.ascending, key=self.scheme.key) == list(self.ascending)
        for older, newer in zip(self.ascending, self.ascending[1:], strict=False):
            assert self.scheme.key(older) < self.scheme.key(newer)
            assert not self.scheme.key(newer) < self.scheme.key(older)

    def test_a_text_that_is_no_version_is_refused(self) -> None:
        taken = [text for text in self.no_versions if _key(self.scheme, text) is not None]

        assert taken == []

    @_SETTINGS
    @given(picks=st.data())
    def test_the_order_is_total(self, picks: st.DataObject) -> None:
        texts = [picks.draw(self._texts(), label="version") for _ in range(3)]
        one, two, three = (_key(self.scheme, text) for text in texts)
        if one is None or two is None or three is None:
            return
        assert not one < one  # noqa: PLR0124 - nothing is before itself
        assert not (one < two < one)
        if one < two < three:
            assert one < three
        if not (one < two or two < one or two < three or three < two):
            assert not one < three
            assert not three < one

    @_SETTINGS
    @given(picks=st.data())
    def test_any_text_has_a_key_or_is_refused_with_a_value_error(self, picks: st.DataObject) -> None:
        text = picks.draw(st.one_of(self._texts(), st.text(max_size=12)), label="text")

        if _key(self.scheme, text) is not None:
            assert isinstance(self.scheme.upstream(text), str)

    def test_what_people_say_of_a_version_is_not_empty(self) -> None:
        assert all(self.scheme.upstream(version) for version in self.ascending)

    def _texts(self) -> st.SearchStrategy[str]:
        """Return versions that were given, and what is near them."""
        known = st.sampled_from(self.ascending)
        cut = st.builds(lambda text, at, piece: text[:at] + piece + text[at:], known, st.integers(0, 12), _PIECES)
        return st.one_of(known, cut)


def _key(scheme: VersionScheme, text: str) -> Any:  # noqa: ANN401 - each scheme has keys of its own
    try:
        return scheme.key(text)
    except ValueError:
        return None
