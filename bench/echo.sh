#!/bin/sh
# echo.sh WHO CONNECTIONSxTOGETHER COUNT: one run of the rows of echoes: the server
# WHO on one processor, the load on another.
set -eu
connections=${2%x*} together=${2#*x} count=$3
port=$((10000 + $$ % 20000))
ulimit -n "$(ulimit -H -n)"
case $1 in
c | lua) set -- build/kam bench/ours/echo.lua $port "$1" ;;
libuv) set -- build/bench/echo $port ;;
esac
taskset -c 0 "$@" &
pid=$!
trap 'kill $pid 2>/dev/null' EXIT
taskset -c 1 build/bench/echo_load $port $pid "$connections" "$together" "$count"
