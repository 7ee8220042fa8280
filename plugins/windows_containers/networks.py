"""The steps of ``networks`` and ``internet``: a container on a NAT network that nerdctl makes."""

from __future__ import annotations

import ipaddress
import re
import socket
import urllib.request
from contextlib import ExitStack
from typing import TYPE_CHECKING, cast

from tracker.api import Step, StepSaid

from .containers import TOKEN, nerdctl_container
from .daemon import cni_conf_dir
from .host_networks import HostNetworks
from .names import CNI_CONFIG, CNI_SPEC, ISOLATION
from .network_config import GATEWAY, SUBNET, network_file
from .processes import last_line
from .token_server import TokenServer

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracker.api import Bench, Completed

_HELD = "host networks"
_ADDRESS = re.compile(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])")
_INTERNET = "http://www.msftconnecttest.com/connecttest.txt"
"""Microsoft's own address for the question whether there is an Internet (Windows' NCSI asks it)."""
_INTERNET_SAYS = "Microsoft Connect Test"
_HOST_SECONDS = 10


def release_networks(bench: Bench) -> None:
    """Remove what the run made of host networks and let other runs have them."""
    held = bench.state.pop(_HELD, None)
    if held is not None:
        cast("ExitStack", held).close()


def _address(bench: Bench) -> StepSaid:
    if bench.combination["nerdctl"].is_absent:
        return StepSaid.skipped(
            "ctr reads network configurations below Program Files alone, which no run touches: "
            "networks are tried through nerdctl"
        )
    if bench.combination["cni"].is_absent:
        return StepSaid.skipped("there are no network plugins in this combination")
    held = ExitStack()
    bench.state[_HELD] = held
    held.enter_context(bench.exclusive("hns"))
    networks = HostNetworks(bench)
    networks.remove_leftovers()
    if found := networks.existing_nat():
        return StepSaid.skipped(f"this machine has the host network '{found.name}' ({found.id}), which is left alone")
    networks.begin()
    held.callback(networks.remove_made)
    written = network_file(bench.combination[CNI_CONFIG].version, bench.combination[CNI_SPEC].version)
    if written is not None:
        name, text = written
        (cni_conf_dir(bench) / name).write_text(text, encoding="utf-8")
    return _configured(nerdctl_container(bench, "nat", ["ipconfig"]))


def _configured(done: Completed) -> StepSaid:
    """Return whether a container's own words on its network name an address and the gateway of the configuration."""
    if done.exit_code != 0:
        return StepSaid.failed(f"the container has no network: {last_line(done)}")
    found = _ADDRESS.findall(done.stdout)
    told = ", ".join(found) or "none"
    own = next((one for one in found if _is_own(one)), "")
    if not own:
        return StepSaid.failed(f"the container has no address in {SUBNET} (it has {told})")
    if GATEWAY not in found:
        return StepSaid.failed(f"the container's gateway is not {GATEWAY} (it names {told})")
    return StepSaid.passed(f"the container has the address {own} and the gateway {GATEWAY}")


def _fetch(bench: Bench) -> StepSaid:
    with TokenServer(GATEWAY, TOKEN) as server:
        HostNetworks(bench).allow(GATEWAY, server.port)
        done = nerdctl_container(bench, "nat", ["curl.exe", "-sS", "-m", "20", f"http://{GATEWAY}:{server.port}/"])
    if done.exit_code != 0 or TOKEN not in done.stdout:
        return StepSaid.failed(f"the container does not reach a server on its host: {last_line(done)}")
    return StepSaid.passed("the container fetched from a server on its host")


def _resolve(bench: Bench) -> StepSaid:
    name = socket.gethostname()
    done = nerdctl_container(bench, "nat", ["ping", "-n", "1", "-w", "2000", "-4", name])
    if not _ADDRESS.search(done.stdout):
        return StepSaid.failed(f"the container does not resolve the name of its host ({name}): {last_line(done)}")
    return StepSaid.passed(f"the container resolved {name}")


def _internet(bench: Bench) -> StepSaid:
    if reason := _host_is_cut_off():
        return StepSaid.skipped(f"this host itself does not reach {_INTERNET}: {reason}")
    done = nerdctl_container(bench, "nat", ["curl.exe", "-sS", "-m", "20", _INTERNET])
    if done.exit_code != 0 or _INTERNET_SAYS not in done.stdout:
        return StepSaid.failed(f"the container does not reach the Internet: {last_line(done)}")
    return StepSaid.passed(f"the container fetched {_INTERNET}")


def _host_is_cut_off() -> str:
    """Return why this host has no direct way to the Internet; empty when it has one."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # a container has no proxy either
    try:
        with opener.open(_INTERNET, timeout=_HOST_SECONDS) as answer:
            said = answer.read(200).decode("utf-8", "replace")
    except OSError as error:
        return str(error)
    return "" if _INTERNET_SAYS in said else f"it answered '{said[:80]}'"


def _is_own(address: str) -> bool:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    return found in ipaddress.ip_network(SUBNET) and address != GATEWAY


def _step(name: str, capability: str, run: Callable[[Bench], StepSaid]) -> Step:
    return Step(
        name=name,
        capability=capability,
        exercises=frozenset({"containerd", "nerdctl", "cni", CNI_SPEC, CNI_CONFIG, "image", ISOLATION}),
        time_limit_seconds=180.0,
        run=run,
        needs_root=True,
    )


NETWORK_STEPS = (
    _step("network-address", "networks", _address),
    _step("network-fetch", "networks", _fetch),
    _step("network-name", "networks", _resolve),
    _step("reach-internet", "internet", _internet),
)
