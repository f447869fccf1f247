#!/usr/bin/env bash
# A Ceph of one monitor and one OSD in memory with its S3 gateway, on loopback, for tests: no containers, no systemd, nothing that outlives it.
#   ceph.sh install     from Debian
#   ceph.sh start DIR   in a new folder; prints what SMUGDL_TEST_CEPH holds for the tests, once it answers
#   ceph.sh stop DIR    ends what start started, and removes the folder
# Ports: PORT (S3), by default any, and up to a hundred after it.
# BYTES: what it has room for, in memory; 4 GiB by default.
set -euo pipefail
dir=${2:-}
port=${PORT:-$((20000 + RANDOM % 12000))}
conf=$dir/ceph.conf

fail() {
  echo "ceph.sh: $*" >&2
  exit 1
}

# In the background, in a session of its own; its number is what stop ends.
launch() {
  local name=$1
  shift
  setsid "$@" >"$dir/$name.out" 2>&1 </dev/null &
  echo $! >"$dir/$name.pid"
}

until_ready() {
  local what=$1 end=$((SECONDS + 90))
  shift
  until "$@" >/dev/null 2>&1; do
    [ "$SECONDS" -lt "$end" ] || fail "$what was not ready within 90 s: $(tail -n 5 "$dir"/*.out)"
    sleep 0.2
  done
}

# The gateway needs keys: with `auth = none` it does not get past the monitor. What is deleted is kept in memory for two hours unless told not to.
configure() {
  cat >"$conf" <<CONF
[global]
fsid = $(cat /proc/sys/kernel/random/uuid)
mon host = [v2:127.0.0.1:$((port + 1)),v1:127.0.0.1:$((port + 2))]
mon initial members = a
public addr = 127.0.0.1
cluster addr = 127.0.0.1
ms bind port min = $((port + 3))
ms bind port max = $((port + 99))
keyring = $dir/keyring
mon data = $dir/mon
mon data avail crit = 0
mon allow pool size one = true
osd data = $dir/osd
osd objectstore = memstore
memstore device bytes = ${BYTES:-4294967296}
osd pool default size = 1
osd pool default pg num = 8
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
osd max object name len = 2048
run dir = $dir
admin socket = $dir/\$name.asok
log file = $dir/\$name.log
crash dir = $dir
rgw data = $dir/rgw
rgw frontends = beast endpoint=127.0.0.1:$port
rgw relaxed region enforcement = true
rgw gc obj min wait = 5
rgw gc processor period = 10
CONF
  ceph-authtool "$dir/keyring" --create-keyring --gen-key -n mon. --cap mon 'allow *' >/dev/null
  for name in client.admin client.rgw osd.0; do
    ceph-authtool "$dir/keyring" --gen-key -n "$name" --cap mon 'allow *' --cap osd 'allow *' >/dev/null
  done
}

start() {
  [ -n "$dir" ] || fail 'name a folder'
  for program in ceph-mon ceph-osd radosgw radosgw-admin monmaptool ceph-authtool curl; do
    command -v "$program" >/dev/null || fail "$program is missing: ceph.sh install"
  done
  mkdir -p "$dir"
  [ -z "$(ls -A "$dir")" ] || fail "$dir is not empty"
  configure
  monmaptool --create --clobber --fsid "$(awk '/^fsid/{print $3}' "$conf")" \
    --addv a "[v2:127.0.0.1:$((port + 1)),v1:127.0.0.1:$((port + 2))]" "$dir/monmap" >/dev/null
  mkdir "$dir/mon" "$dir/osd"
  ceph-mon -c "$conf" -i a --mkfs --monmap "$dir/monmap" --keyring "$dir/keyring" >"$dir/mkfs.out" 2>&1
  launch mon ceph-mon -c "$conf" -i a -f
  until_ready 'the monitor' ceph -c "$conf" --connect-timeout 20 mon stat
  local uuid
  uuid=$(cat /proc/sys/kernel/random/uuid)
  ceph -c "$conf" osd new "$uuid" 0 >/dev/null
  ceph-osd -c "$conf" -i 0 --mkfs --osd-uuid "$uuid" >"$dir/osd-mkfs.out" 2>&1
  launch osd ceph-osd -c "$conf" -i 0 -f
  until_ready 'the OSD' sh -c "ceph -c '$conf' --connect-timeout 20 osd stat | grep -q '1 up'"
  launch radosgw radosgw -c "$conf" -n client.rgw -f
  until_ready 'the gateway' curl -fsS -o /dev/null "http://127.0.0.1:$port/"
  radosgw-admin -c "$conf" user create --uid test --display-name Test --access-key testkey --secret testsecret >"$dir/user.out" 2>&1
  printf '{"endpoint":"http://127.0.0.1:%s","accessKeyId":"testkey","secretAccessKey":"testsecret"}\n' "$port"
}

# A number may have been given to another process since: only what has this folder's configuration on its command line is ours.
stop() {
  [ -e "$conf" ] || fail "nothing was started in $dir"
  for name in radosgw osd mon; do
    [ -s "$dir/$name.pid" ] || continue
    local pid
    pid=$(cat "$dir/$name.pid")
    tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -qF -- "$conf" || continue
    kill "$pid" 2>/dev/null || true
    for _ in $(seq 100); do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
    kill -9 "$pid" 2>/dev/null || true
  done
  rm -rf "$dir"
}

case ${1:-} in
  install)
    apt-get update -q >/dev/null
    DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -yq --no-install-recommends \
      ceph-mon ceph-osd radosgw ceph-common curl rclone >/dev/null
    ;;
  start | stop) "$1" ;;
  *)
    sed -n '2,7s/^# \{0,1\}//p' "$0"
    exit 2
    ;;
esac
