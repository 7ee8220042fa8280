"""The vocabulary of the tests, and readings in few words."""

from __future__ import annotations

from tracker.pins import FoundPin, Reading, Term, UnresolvedPin, Vocabulary, read_pins

VOCABULARY = Vocabulary(
    terms=(
        Term(
            name="containerd-windows",
            factor="containerd",
            repositories=("containerd/containerd",),
            versions=("2.3.4", "2.0.1", "1.7.14"),
        ),
        Term(
            name="nerdctl",
            factor="nerdctl",
            repositories=("https://github.com/containerd/nerdctl.git",),
            aliases=("nerdctl-full",),
            versions=("2.0.0", "1.7.4"),
        ),
        Term(
            name="windows-container-networking",
            factor="cni",
            repositories=("microsoft/windows-container-networking",),
            aliases=("win-cni",),
            versions=("0.3.1", "0.3.0"),
        ),
        Term(
            name="containernetworking-plugins",
            factor="cni",
            repositories=("containernetworking/plugins",),
            aliases=("cni-plugins",),
            versions=("1.9.1", "1.0.0"),
        ),
        Term(
            name="nanoserver",
            factor="image",
            images=("mcr.microsoft.com/windows/nanoserver",),
            versions=("ltsc2025", "ltsc2022", "ltsc2019"),
        ),
        Term(name="busybox", factor="image", images=("docker.io/library/busybox",), versions=("1.36.1",)),
        Term(name="runc", factor="runtime", repositories=("opencontainers/runc",), versions=("1.1.5",)),
        Term(name="crun", factor="runtime", repositories=("containers/crun",), versions=("1.8.1",)),
        Term(name="setup-thing", repositories=("example/setup-thing",)),
    ),
    variants={"cni-spec": ("1.0.0", "0.3.0"), "isolation": ("process", "hyperv")},
)


def reading(text: str, path: str = "script.sh") -> Reading:
    """Read ``text`` with the vocabulary of the tests."""
    return read_pins(text, path=path, vocabulary=VOCABULARY)


def pins(text: str, path: str = "script.sh") -> list[str]:
    """Return the pins of ``text`` as ``LINE NAME VERSION``, and that nothing in it was unresolved."""
    read = reading(text, path)
    assert read.unresolved == ()
    return [f"{pin.line} {pin.name} {pin.version}" for pin in read.pins]


def pin(text: str, path: str = "script.sh") -> FoundPin:
    """Return the only pin of ``text``, in which nothing else is."""
    read = reading(text, path)
    assert read.unresolved == ()
    (only,) = read.pins
    return only


def unresolved(text: str, path: str = "script.sh") -> UnresolvedPin:
    """Return the only unresolved pin of ``text``, in which nothing else is."""
    read = reading(text, path)
    assert read.pins == ()
    (only,) = read.unresolved
    return only
