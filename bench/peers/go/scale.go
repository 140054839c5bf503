package main

import "runtime"

// A chain of 1,000 relays, n messages.
func scaleAlone(n int) {
	relay(1000, n/10, same, same)
	measure(1001*n, func() bool { return relay(1000, n, same, same) == sum(n) })
}

// The same among 100,000 that are idle.
func scaleAmong(n int) {
	boxes := idle(100000)
	scaleAlone(n)
	runtime.KeepAlive(boxes)
}
