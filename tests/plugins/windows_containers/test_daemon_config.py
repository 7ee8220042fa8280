"""The default configuration of every version of containerd is moved to the run's own places, and stays what it is."""

from __future__ import annotations

import tomllib

import pytest
from tracker.plugins.windows_containers.daemon_config import Places, adjusted, config_version

PLACES = Places(
    home=r"D:\runs\1\containerd",
    pipe=r"\\.\pipe\tracker-1",
    cni_bin=r"D:\prefixes\cni",
    cni_conf=r"D:\runs\1\cni\conf",
)
VERSION_2 = r"""
root = "C:\\ProgramData\\containerd\\root"
state = "C:\\ProgramData\\containerd\\state"
version = 2
[debug]
  address = "\\\\.\\pipe\\containerd-debug"
[grpc]
  address = "\\\\.\\pipe\\containerd-containerd"
[plugins."io.containerd.grpc.v1.cri".cni]
  bin_dir = "C:\\Program Files\\containerd\\cni\\bin"
  conf_dir = "C:\\Program Files\\containerd\\cni\\conf"
[plugins."io.containerd.internal.v1.opt"]
  path = "C:\\ProgramData\\containerd\\root\\opt"
[stream_processors.one]
  env = ["KEYS=C:\\Program Files\\containerd\\ocicrypt\\keys.conf"]
"""
VERSION_3 = r"""
version = 3
root = 'C:\ProgramData\containerd\root'
state = 'C:\ProgramData\containerd\state'
[grpc]
  address = '\\.\pipe\containerd-containerd'
[ttrpc]
  address = '\\.\pipe\containerd-containerd.ttrpc'
[plugins.'io.containerd.cri.v1.runtime'.cni]
  bin_dir = ''
  bin_dirs = ['C:\Program Files\containerd\cni\bin']
  conf_dir = 'C:\Program Files\containerd\cni\conf'
[plugins.'io.containerd.nri.v1.nri']
  socket_path = '/var/run/nri/nri.sock'
"""


def test_the_key_for_plugins_is_the_one_that_the_release_uses_and_never_both() -> None:
    old = tomllib.loads(adjusted(VERSION_2, PLACES))["plugins"]["io.containerd.grpc.v1.cri"]["cni"]
    new = tomllib.loads(adjusted(VERSION_3, PLACES))["plugins"]["io.containerd.cri.v1.runtime"]["cni"]

    assert old == {"bin_dir": PLACES.cni_bin, "conf_dir": PLACES.cni_conf}
    assert new == {"bin_dir": "", "bin_dirs": [PLACES.cni_bin], "conf_dir": PLACES.cni_conf}


@pytest.mark.parametrize("text", [VERSION_2, VERSION_3])
def test_no_place_of_the_machine_is_left(text: str) -> None:
    moved = adjusted(text, PLACES)

    assert "ProgramData" not in moved
    assert "Program Files" not in moved
    assert "containerd-containerd" not in moved
    assert "/var/run" not in moved
    document = tomllib.loads(moved)
    assert (document["root"], document["state"]) == (rf"{PLACES.home}\root", rf"{PLACES.home}\state")
    assert document["grpc"]["address"] == PLACES.pipe


def test_pipes_beside_the_daemons_own_get_names_of_the_run_as_well() -> None:
    assert tomllib.loads(adjusted(VERSION_2, PLACES))["debug"]["address"] == r"\\.\pipe\tracker-1-debug"
    assert tomllib.loads(adjusted(VERSION_3, PLACES))["ttrpc"]["address"] == r"\\.\pipe\tracker-1.ttrpc"


def test_a_place_inside_a_variable_is_moved_too() -> None:
    (env,) = tomllib.loads(adjusted(VERSION_2, PLACES))["stream_processors"]["one"]["env"]

    assert env == rf"KEYS={PLACES.home}\ocicrypt\keys.conf"


def test_the_version_stays_what_the_release_wrote() -> None:
    assert [config_version(adjusted(text, PLACES)) for text in (VERSION_2, VERSION_3)] == [2, 3]


@pytest.mark.parametrize("text", ["", "version = 3\n", "not toml at all ["])
def test_what_is_no_configuration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        adjusted(text, PLACES)
