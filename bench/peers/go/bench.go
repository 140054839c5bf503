// bench ROW VARIANT COUNT runs one row in Go and prints its RESULT line.
package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
)

var rows = map[string]func(n int){
	"relay ints":      relayInts,
	"relay strings":   relayStrings,
	"relay tables":    relayTables,
	"buffers counted": buffers,
	"pingpong ints":   pingpong,
	"spawn alive":     spawnAlive,
	"spawn sequence":  spawnSequence,
	"idle rss":        idleMemory,
	"scale alone":     scaleAlone,
	"scale among":     scaleAmong,
	"timers random":   timersRandom,
	"timers later":    timersLater,
}

func main() {
	if len(os.Args) != 4 {
		fail("usage: bench ROW VARIANT COUNT")
	}
	row := rows[os.Args[1]+" "+os.Args[2]]
	n, err := strconv.Atoi(os.Args[3])
	if row == nil || err != nil {
		fail("no such row or count")
	}
	row(n)
}

// measure prints the CPU time that work takes; work says whether its result is right.
func measure(ops int, work func() bool) {
	start := cpu()
	right := work()
	spent := cpu() - start
	if !right {
		fail("wrong result")
	}
	fmt.Printf("RESULT cpu_ns=%d ops=%d\n", spent, ops)
}

// cpu is the time in ns that all threads of the process took, user and system.
func cpu() int64 {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return u.Utime.Nano() + u.Stime.Nano()
}

func rss() int {
	statm, _ := os.ReadFile("/proc/self/statm")
	pages, _ := strconv.Atoi(strings.Fields(string(statm))[1])
	return pages * os.Getpagesize()
}

func fail(why string) {
	fmt.Fprintln(os.Stderr, why)
	os.Exit(1)
}

// sum of 1 to n
func sum(n int) int { return n * (n + 1) / 2 }
