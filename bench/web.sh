#!/bin/sh
# web.sh WHO WHAT SECONDS: one run of the rows of HTTP: the server WHO on one processor, wrk
# with 64 connections on another. Prints the processor time of the server's processes.
set -eu
dir=$PWD/build/bench
port=$((10000 + $$ % 20000))
mkdir -p "$dir/www" "$dir/tmp"
[ -e "$dir/www/1m.bin" ] || head -c 1048576 /dev/urandom >"$dir/www/1m.bin"
ulimit -n "$(ulimit -H -n)"
case $1 in
ours) set -- "$@" build/kam bench/ours/http.lua $port "$2" ;;
nginx)
  sed "s|@PORT@|$port|; s|@DIR@|$dir|" bench/peers/nginx/http.conf >"$dir/nginx.conf"
  set -- "$@" nginx -e stderr -c "$dir/nginx.conf"
  ;;
node) set -- "$@" node bench/peers/node/http.js $port ;;
go) set -- "$@" build/bench/http_go $port ;;
esac
what=$2 seconds=$3
shift 3
case $what in
files | folder) url=http://127.0.0.1:$port/1m.bin ;;
*) url=http://127.0.0.1:$port/hello ;;
esac

# nanoseconds on a processor, of all threads of the server and its children
cpu()
{
  for p in $pid $(cat /proc/$pid/task/*/children); do
    cat "/proc/$p"/task/*/schedstat
  done | awk '{ n += $1 } END { printf "%d", n }'
}

taskset -c 0 "$@" >"$dir/server.$$" 2>&1 &
pid=$!
trap 'kill $pid 2>/dev/null; wait' EXIT
tries=0
until curl -m 5 -s -o /dev/null "$url" || [ $((tries += 1)) -gt 250 ]; do sleep 0.02; done
taskset -c 1 wrk -t 1 -c 64 -d 1 "$url" >/dev/null
before=$(cpu)
taskset -c 1 wrk -t 1 -c 64 -d "$seconds" "$url" >"$dir/wrk.$$"
after=$(cpu)
! grep -E 'Socket errors|Non-2xx' "$dir/wrk.$$" || exit 1
wall=$(awk '/requests in/ { sub("s,", "", $4); printf "%d", $4 * 1e9 }' "$dir/wrk.$$")
echo "RESULT cpu_ns=$((after - before)) ops=$(awk '/requests in/ { print $1 }' "$dir/wrk.$$") wall_ns=$wall"
rm "$dir/wrk.$$" "$dir/server.$$"
