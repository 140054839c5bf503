#!/bin/bash
# spec/clean_root.sh DIR: the README's two commands in a bare Debian 12, which
# is made in DIR and removed afterwards. Wants root, debootstrap and git on a
# Debian 12 whose apt works; takes some minutes.
set -eu

if [ $# != 1 ] || [ -e "$1" ]; then
  echo "usage: $0 DIR, which must not exist yet" >&2
  exit 2
fi
root=$(realpath -m -- "$1")
checkout=$(realpath -- "$(dirname "$0")/..")
[ "$(id -u)" = 0 ] || {
  echo "$0: only root can make a root" >&2
  exit 2
}

clean_up()
{
  if mountpoint -q "$root/proc"; then umount "$root/proc"; fi
  rm -rf --one-file-system "$root"
}
trap clean_up EXIT
trap 'exit 1' INT TERM HUP

fail()
{
  echo "clean_root: $*" >&2
  exit 1
}

# The host's mirror, asked of apt itself.
make_root()
{
  local mirror
  # shellcheck disable=SC2016 # apt's own variable
  mirror=$(apt-get indextargets --format '$(REPO_URI)' \
    'Created-By: Packages' 'Codename: bookworm' 'Component: main' | head -n 1)
  [ "$mirror" ] || fail "apt knows no mirror of bookworm; apt-get update?"
  mkdir -p "$root"
  debootstrap --variant=minbase bookworm "$root" "$mirror" \
    >"$root/debootstrap.log" 2>&1 || {
    tail "$root/debootstrap.log" >&2
    fail "debootstrap failed"
  }
  mount -t proc proc "$root/proc"
}

# As on a machine just installed: sources, but no lists yet.
give_apt()
{
  rm -rf "$root"/etc/apt/sources.list* "$root"/var/lib/apt/lists/*
  cp -r /etc/apt/sources.list* "$root/etc/apt/"
  cp -rn /usr/share/keyrings "$root/usr/share/"
  apt-config dump Acquire::http::Proxy >"$root/etc/apt/apt.conf.d/proxy"
  cp -L /etc/resolv.conf "$root/etc/resolv.conf"
}

copy_checkout()
{
  local file
  cd "$checkout"
  git ls-files -coz --exclude-standard | while IFS= read -r -d '' file; do
    [ ! -e "$file" ] || cp -p --parents -t "$root/kamaelua" -- "$file"
  done
}

# run COMMAND: in the checkout of the root; what it writes goes to $output
run()
{
  local start=$SECONDS status=0
  echo "\$ $1"
  chroot "$root" env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin \
    sh -c "cd /kamaelua && $1" >"$output" </dev/null || status=$?
  cat "$output"
  echo "-- $((SECONDS - start)) s, exit $status"
  return "$status"
}

make_root
give_apt
mkdir "$root/kamaelua"
copy_checkout
output=$root/output

hello="printf 'hello\nworld\n' | ./kam docs/tutorial/hello.lua"
for try in first second; do
  run "$hello" || fail "the $try run of hello.lua failed"
  printf 'hello\nworld\n' | cmp - "$output" ||
    fail "the $try run of hello.lua wrote something else"
done
run './kam test' || fail "kam test failed"
tail -n 1 "$output" | grep -Eqx '[1-9][0-9]* passed, 0 failed(, [0-9]+ skipped)?' ||
  fail "kam test ended with another line"
echo "all is well"
