#!/bin/sh
# mail.sh WHO WHAT CONNECTIONS COUNT: one run of a row of mail: the server WHO on one processor;
# build/bench/mail_load, and the sink behind the server, on another.
set -eu
who=$1 what=$2 connections=$3 count=$4
port=$((10000 + $$ % 20000))
sink=$((port + 1)) policy=$((port + 2))
dir=$PWD/build/bench/mail.$$
mkdir -p "$dir"
ulimit -n "$(ulimit -H -n)"

# fill FILE: its places, for this run
fill()
{
  sed "s|@DIR@|$dir|g; s|@PORT@|$port|g; s|@SINK@|$sink|g; s|@POLICY@|$policy|g" "$1"
}

# processes of a file with a number
of()
{
  i=0
  until [ -s "$1" ] || [ $((i += 1)) -gt 500 ]; do sleep 0.02; done
  tr -d ' \n' <"$1"
}

finish()
{
  [ "$who" != postfix ] || postfix -c "$dir/etc" stop >"$dir/stop" 2>&1 || true
  # shellcheck disable=SC2086 # several
  kill $ours 2>/dev/null || true
  wait
  rm -rf "$dir"
}

taskset -c 1 smtp-sink -u nobody 127.0.0.1:$sink 1000 &
ours=$!
trap finish EXIT
case $who in
postfix)
  mkdir -p "$dir/etc" "$dir/spool" "$dir/data" "$dir/grey"
  cp -r /etc/postfix/postfix-files* /etc/postfix/dynamicmaps.cf* "$dir/etc/"
  for f in main master; do fill bench/peers/postfix/$f.cf >"$dir/etc/$f.cf"; done
  chown postfix "$dir/data"
  chown postgrey "$dir/grey"
  chmod 755 "$dir"
  taskset -c 0 postgrey --inet=127.0.0.1:$policy --delay=1 --dbdir="$dir/grey" --daemonize \
    --pidfile="$dir/postgrey.pid" --user=postgrey 2>"$dir/said"
  taskset -c 0 postfix -c "$dir/etc" start 2>"$dir/said"
  ours="$ours $(of "$dir/postgrey.pid")"
  pids=$(of "$dir/postgrey.pid"),$(of "$dir/spool/pid/master.pid")
  ;;
haproxy)
  sed "s|@PORT@|$port|; s|@TO@|$sink|" bench/peers/haproxy/relay.conf >"$dir/haproxy.conf"
  taskset -c 0 haproxy -db -q -f "$dir/haproxy.conf" 2>"$dir/said" &
  ours="$ours $!"
  pids=$!
  ;;
ours)
  fill bench/ours/grey.conf >"$dir/grey.conf"
  taskset -c 0 build/kam grey -c "$dir/grey.conf" 2>"$dir/said" &
  ours="$ours $!"
  pids=$!
  ;;
esac
taskset -c 1 build/bench/mail_load "$what" $port $sink "$pids" "$connections" "$count"
