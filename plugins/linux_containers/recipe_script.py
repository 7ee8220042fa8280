"""The text of the recipe, in POSIX shell; ``recipe`` fills in what stands between ``@`` signs."""

from __future__ import annotations

SCRIPT = r"""#!/bin/sh
# Redoes one combination by hand:
#   @COMBINATION@
# Usage, as root on Linux: sh recipe.sh [EMPTY-DIRECTORY]
# Needs: curl or wget; dpkg-deb, or ar, tar and xz; sha256sum; util-linux. To give programs their own libraries it
# takes patchelf from PATH, else from `apt-get download patchelf`, else the machine's libraries if they suffice.
# It installs nothing: everything lies in the directory, which is removed at the end unless KEEP=1 is set.
# Says one line for each capability. Exit: 0 all passed, 1 one failed, 3 it could not be told.
set -u

die() { echo "error: $*" >&2; exit 3; }

fetch() { # URL SHA256 FILE
  [ -f "$3" ] || {
    if command -v curl >/dev/null; then curl -fsSL -o "$3" -- "$1"; else wget -qO "$3" -- "$1"; fi
  } || die "$1 cannot be fetched"
  echo "$2  $3" | sha256sum -c - >/dev/null 2>&1 || die "$3 does not have the digest $2"
}

unpack() { # FILE DIRECTORY
  mkdir -p "$2"
  if command -v dpkg-deb >/dev/null; then dpkg-deb -x "$1" "$2" && return; fi
  (cd "$2" && ar p "$1" data.tar.xz | tar -xJ) || die "$1 cannot be unpacked"
}

first() { # FILE...: the first one that exists
  for candidate; do [ -f "$candidate" ] && { echo "$candidate"; return; }; done
  return 1
}

# Programs that execute themselves again find libraries by an absolute RPATH only.
own_libraries() { # DIRECTORY PROGRAM
  dirs=$(find "$1" -name '*.so*' -exec dirname {} \; | sort -u | paste -sd: -)
  [ -n "$dirs" ] || return 0
  patchelf=$(command -v patchelf) || {
    (cd "$W" && apt-get -q download patchelf >/dev/null 2>&1 && dpkg-deb -x patchelf_*.deb patchelf)
    patchelf=$(first "$W/patchelf/usr/bin/patchelf") || {
      ldd "$2" 2>/dev/null | grep -q 'not found' && die "patchelf is needed: apt-get install patchelf"
      return 0
    }
  }
  "$patchelf" --force-rpath --set-rpath "$dirs" "$2" || die "patchelf failed on $2"
}

inside() { # runs in namespaces of its own
  for dir in @FRESH_DIRS@; do mount -t tmpfs -o mode=755 tmpfs "$dir" || die "cannot mount over $dir"; done
  "$BUSYBOX" ip link set lo up || die "no loopback interface"

  cat >"$W/containerd.toml" <<EOF
@CONTAINERD_CONFIG@EOF
  PATH="$(dirname "$CONTAINERD"):/usr/sbin:/usr/bin:/sbin:/bin" "$CONTAINERD" --config "$W/containerd.toml" \
    >"$W/containerd.log" 2>&1 &
  daemon=$!
  tries=0
  until "$CTR" --address @SOCKET@ version >/dev/null 2>&1; do
    tries=$((tries + 1))
    { [ $tries -lt 200 ] && kill -0 $daemon 2>/dev/null; } || { failed starts "$W/containerd.log"; return; }
    sleep 0.1
  done
  echo "starts: PASS"

  "$CTR" --address @SOCKET@ image import "$W/image.tar" >"$W/runs.log" 2>&1 &&
    contain hello echo @TOKEN@ >>"$W/runs.log" 2>&1 && grep -q '^@TOKEN@$' "$W/runs.log" ||
    { failed runs "$W/runs.log"; return; }
  echo "runs: PASS"

  mkdir -p @CONFIGURATION_DIR@
  cat >@CONFIGURATION_DIR@/@FILE_NAME@ <<'EOF'
@CONFLIST@
EOF
  ln -s "$W/cni-plugins/usr/lib/cni" @PLUGIN_DIR@
  OPTIONS=--cni
  contain net ping -c 1 -W 2 @GATEWAY@ >"$W/networks.log" 2>&1 || { failed networks "$W/networks.log"; return; }
  echo "networks: PASS"
}

OPTIONS=
contain() { # NAME COMMAND...
  name=$1; shift
  "$CTR" --address @SOCKET@ run --rm --runc-binary "$RUNTIME" --cgroup "/$GROUP/$name" $OPTIONS \
    @REFERENCE@ "$name" /bin/busybox "$@"
}

failed() { # CAPABILITY LOG
  echo "$1: FAIL"
  tail -n 5 "$2" | sed 's/^/  /'
  RESULT=1
}

image() { # an OCI image of one layer, made of busybox alone
  mkdir -p "$W/layer/bin" "$W/oci/blobs/sha256"
  cp "$BUSYBOX" "$W/layer/bin/busybox"
  tar -C "$W/layer" -cf "$W/layer.tar" bin
  layer=$(blob "$W/layer.tar"); layer_size=$(wc -c <"$W/layer.tar")
  printf '{"architecture":"@ARCHITECTURE@","os":"linux","config":{"Env":["PATH=/bin"]},"rootfs":{"type":"layers",'`
    `'"diff_ids":["sha256:%s"]}}' "$layer" >"$W/config.json"
  config=$(blob "$W/config.json")
  printf '{"schemaVersion":2,"mediaType":"@OCI@.manifest.v1+json","config":{"mediaType":"@OCI@.config.v1+json",'`
    `'"digest":"sha256:%s","size":%d},"layers":[{"mediaType":"@OCI@.layer.v1.tar","digest":"sha256:%s","size":%d}]}' \
    "$config" "$(wc -c <"$W/config.json")" "$layer" "$layer_size" >"$W/manifest.json"
  manifest=$(blob "$W/manifest.json")
  printf '{"schemaVersion":2,"manifests":[{"mediaType":"@OCI@.manifest.v1+json","digest":"sha256:%s","size":%d,'`
    `'"annotations":{"io.containerd.image.name":"@REFERENCE@"}}]}' \
    "$manifest" "$(wc -c <"$W/manifest.json")" >"$W/oci/index.json"
  printf '{"imageLayoutVersion":"1.0.0"}' >"$W/oci/oci-layout"
  tar -C "$W/oci" -cf "$W/image.tar" oci-layout index.json blobs
}

blob() { # FILE: copies it into the image and says its digest
  digest=$(sha256sum "$1" | cut -d' ' -f1)
  cp "$1" "$W/oci/blobs/sha256/$digest"
  echo "$digest"
}

installs() {
  { "$CONTAINERD" --version && "$RUNTIME" --version; } >"$W/installs.log" 2>&1 &&
    for plugin in bridge host-local; do
      echo '{"cniVersion":"0.4.0"}' |
        CNI_COMMAND=VERSION "$W/cni-plugins/usr/lib/cni/$plugin" >>"$W/installs.log" 2>&1 || return 1
    done
}

if [ "${1-}" = --inside ]; then
  W=$2 GROUP=$3 CONTAINERD=$4 CTR=$5 RUNTIME=$6 BUSYBOX=$7 RESULT=0
  inside
  kill "$daemon" && wait "$daemon" 2>/dev/null
  exit $RESULT
fi

W=${1-$(mktemp -d)}
mkdir -p "$W" && W=$(realpath "$W") && [ -z "$(ls -A "$W")" ] || die "$W is not an empty directory"
GROUP=recipe-$$
MADE=
tidy() {
  find /sys/fs/cgroup -depth -type d -path "*/$GROUP*" -exec rmdir {} \; 2>/dev/null
  for dir in $MADE; do rmdir "$dir" 2>/dev/null; done
  [ "${KEEP-}" ] || rm -rf "$W"
}
trap tidy EXIT

@FETCHES@

CONTAINERD=$(first @CONTAINERD@) && CTR=$(first @CTR@) && RUNTIME=$(first @RUNTIME@) && BUSYBOX=$(first @BUSYBOX@) ||
  die "a package does not hold what it should"
own_libraries "$W/containerd" "$CONTAINERD"
own_libraries "$W/runtime" "$RUNTIME"

installs || { failed installs "$W/installs.log"; exit 1; }
echo "installs: PASS"
[ "$(id -u)" = 0 ] || die "starts, runs and networks need root"
image
for dir in @FRESH_DIRS@; do [ -d "$dir" ] || { mkdir -p "$dir" && MADE="$MADE $dir"; }; done
unshare --mount --pid --net --ipc --uts --fork --kill-child=KILL --mount-proc --propagation private \
  sh "$0" --inside "$W" "$GROUP" "$CONTAINERD" "$CTR" "$RUNTIME" "$BUSYBOX"
"""
