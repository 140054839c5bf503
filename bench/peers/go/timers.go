package main

import (
	"math/rand"
	"time"
)

const timers = 100000
const stride = 40503 // shares no divisor with timers: all get their turn, never two neighbours

var someTime [65536]time.Duration // 30 to 60 s

// rearm sets one of 100,000 live timers anew, n times.
func rearm(n int, delay func(i int) time.Duration) {
	for i := range someTime {
		someTime[i] = time.Duration(30000+rand.Intn(30000)) * time.Millisecond
	}
	var live [timers]*time.Timer
	for i := range live {
		live[i] = time.NewTimer(someTime[i%len(someTime)])
	}
	measure(n, func() bool {
		right := true
		k := 0
		for i := 0; i < n; i++ {
			wasLive := live[k].Reset(delay(i))
			right = right && wasLive
			k = (k + stride) % timers
		}
		return right
	})
}

func timersRandom(n int) {
	rearm(n, func(i int) time.Duration { return someTime[i%len(someTime)] })
}

// timersLater sets each 1 ms later at each turn.
func timersLater(n int) {
	rearm(n, func(i int) time.Duration { return time.Minute + time.Duration(i/timers)*time.Millisecond })
}
