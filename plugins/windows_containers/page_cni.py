"""The page that tells which released plugin speaks which CNI version, as the plugins themselves answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.api import Outcome, SitePage, hookimpl

from .names import CNI_PLUGINS, CNI_SPEC, WCN
from .network_config import NERDCTL_WRITES, NERDCTL_WRITES_SINCE
from .speaks import CLIENT_PLUGIN, VERSION_STEP

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tracker.api import Run, SiteView

_COMPONENTS = (WCN, CNI_PLUGINS)
_SOURCE = "its own code, pkg/netutil/cni_plugin_windows.go"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """What the newest run says of one plugin release and one CNI version."""

    speaks: bool
    run: int


class CniVersions:
    """Which plugin release speaks which version of the CNI specification."""

    name = "cni-versions"
    title = "Which network plugin speaks which CNI version"
    profiles = ("windows-containers",)

    def answer(self, view: SiteView) -> str:
        """Return which releases speak the version that nerdctl writes, by runs; empty before the first one."""
        answers = _answers(view.runs)
        asked = {key[:2]: one for key, one in answers.items() if key[2] == NERDCTL_WRITES}
        if not asked:
            return ""
        yes, no = (
            _named(view, {key for key, one in asked.items() if one.speaks is wanted}) for wanted in (True, False)
        )
        fitting = _named(view, {key for key, one in asked.items() if one.speaks and key[0] == WCN})
        sentences = [f"nerdctl writes CNI **{NERDCTL_WRITES}** since its {NERDCTL_WRITES_SINCE} ({_SOURCE})."]
        sentences.append(f"Asked here, **{yes}** spoke it." if yes else "No release that was asked here speaks it.")
        if no:
            sentences.append(f"**{no}** refused it.")
        needed = f"nerdctl needs the plugin `{CLIENT_PLUGIN}`, which {WCN} alone brings"
        sentences.append(f"{needed}: for nerdctl that is **{fitting or 'none of them'}**.")
        return " ".join(sentences)

    def markdown(self, view: SiteView) -> str:
        """Return the answer, and the table of all releases and versions."""
        answers = _answers(view.runs)
        specs = sorted({spec for _, _, spec in answers}, key=_numbers, reverse=True)
        lines = [
            self.answer(view) or "No plugin has been asked yet.",
            "",
            "A plugin that is called with `CNI_COMMAND=VERSION` lists what it speaks; it refuses all other versions.",
            "Its own release number says nothing of it: `windows-container-networking` 0.3.1 refuses CNI 0.3.1.",
            "",
        ]
        if specs:
            lines += [f"| release | {' | '.join(f'CNI {spec}' for spec in specs)} |", f"|---{'|---' * len(specs)}|"]
            lines += [_row(component, version, specs, answers) for component, version in _releases(view, answers)]
            lines += ["", "*yes* and *no* lead to the run that asked; an empty cell was not asked."]
        return "\n".join(lines) + "\n"


def _answers(runs: Sequence[Run]) -> dict[tuple[str, str, str], _Answer]:
    """Return the newest answer by component, version and CNI version; what a client needs is another question."""
    found: dict[tuple[str, str, str], _Answer] = {}
    for run in runs:
        factors = {value.factor: value for value in run.combination}
        for step in run.steps:
            if step.name == VERSION_STEP and step.outcome in {Outcome.PASS, Outcome.FAIL} and "cni" in factors:
                cni = factors["cni"]
                if not cni.is_absent:
                    key = (cni.component, cni.version, factors[CNI_SPEC].version)
                    found.setdefault(key, _Answer(speaks=step.outcome is Outcome.PASS, run=run.id))
    return found


def _releases(view: SiteView, answers: Mapping[tuple[str, str, str], _Answer]) -> list[tuple[str, str]]:
    """Return the releases that were asked, newest first, one component after the other."""
    asked = {key[:2] for key in answers}
    known = [(one.component, one.version) for one in view.releases if (one.component, one.version) in asked]
    return sorted(dict.fromkeys(known), key=lambda one: _COMPONENTS.index(one[0]))


def _named(view: SiteView, wanted: set[tuple[str, str]]) -> str:
    found = [(one.component, one.version) for one in view.releases if (one.component, one.version) in wanted]
    return ", ".join(f"{component} {version}" for component, version in dict.fromkeys(found))


def _row(component: str, version: str, specs: Sequence[str], answers: Mapping[tuple[str, str, str], _Answer]) -> str:
    cells = []
    for spec in specs:
        one = answers.get((component, version, spec))
        cells.append(f"[{'yes' if one.speaks else '**no**'}](runs/{one.run}.md)" if one else "")
    return f"| {component} {version} | {' | '.join(cells)} |"


def _numbers(spec: str) -> tuple[int, ...]:
    return tuple(int(part) for part in spec.split("."))


@hookimpl
def tracker_site_pages() -> tuple[SitePage, ...]:
    """Return the page ``cni-versions``."""
    return (CniVersions(),)
