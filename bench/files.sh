#!/bin/sh
# files.sh WHO WHAT: one run of the rows of files, in a process of its own, with
# the time on the wall, start included. The input, a log of 1 GB in lines of 108
# bytes, is made once; what is written is compared with what grep and cp write.
set -eu
dir=build/bench
in=$dir/lines.log
text=' 500 '
mkdir -p "$dir"
if ! [ -e "$in" ]; then
  awk 'BEGIN {
    srand(1)
    for (i = 0; i < 40000; i++) {
      printf "10.%d.%d.%d - - [25/Nov/2026:%02d:%02d:%02d +0000] ", rand() * 256,
        rand() * 256, rand() * 256, rand() * 24, rand() * 60, rand() * 60
      printf "\"GET /download/file-%d HTTP/1.1\" %d %d \"-\" \"curl/7.88.1\"\n",
        rand() * 100000, rand() < 0.04 ? 500 : 200, rand() * 100000
    }
  }' >"$in.part"
  i=0
  while [ $i -lt 256 ]; do
    cat "$in.part"
    i=$((i + 1))
  done >"$in.all"
  LC_ALL=C grep -F "$text" "$in.all" >"$dir/lines.found"
  rm "$in.part"
  mv "$in.all" "$in"
fi
out=$dir/lines.out
rm -f "$out"
start=$(date +%s%N)
case $1-$2 in
ours-filter) build/kam bench/ours/files_filter.lua "$in" "$text" "$out" ;;
luajit-filter) luajit bench/peers/luajit/files_filter.lua "$in" "$text" "$out" ;;
grep-filter) LC_ALL=C grep -F "$text" "$in" >"$out" ;;
ours-copy) build/kam bench/ours/files_copy.lua "$in" "$out" ;;
cp-copy) cp "$in" "$out" ;;
esac
end=$(date +%s%N)
case $2 in
filter) cmp "$dir/lines.found" "$out" ;;
copy) cmp "$in" "$out" ;;
esac
echo "RESULT wall_ns=$((end - start)) ops=$(stat -c %s "$in")"
rm -f "$out"
