#!/bin/sh
# net.sh WHO WHAT CONNECTIONS COUNT: one run of a row of the network: the server WHO on one
# processor, build/bench/net_load on another.
set -eu
who=$1 what=$2 connections=$3 count=$4
port=$((10000 + $$ % 20000))
ulimit -n "$(ulimit -H -n)"
case $who-$what in
ours-broadcast) set -- build/kam bench/ours/broadcast.lua $port ;;
ours-relay_tcp) set -- build/kam bench/ours/tcp_relay.lua $port ;;
ours-*) set -- build/kam bench/ours/echo.lua $port lua ;;
ws-*) set -- env NODE_PATH=/usr/share/nodejs node bench/peers/node/broadcast.js $port ;;
haproxy-*)
  sed "s|@PORT@|$port|; s|@TO@|$((port + 1))|" bench/peers/haproxy/relay.conf \
    >build/bench/haproxy.$$
  set -- haproxy -db -q -f build/bench/haproxy.$$
  ;;
esac
taskset -c 0 "$@" >build/bench/server.$$ 2>&1 &
pid=$!
trap 'kill $pid 2>/dev/null; wait; rm -f build/bench/*.$$' EXIT
taskset -c 1 build/bench/net_load "$what" $port $pid "$connections" "$count"
