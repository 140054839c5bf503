package main

import (
	"fmt"
	"runtime"
)

// idle makes n goroutines that wait on a channel of their own.
func idle(n int) []chan int {
	boxes := make([]chan int, n)
	for i := range boxes {
		box := make(chan int)
		boxes[i] = box
		go func() {
			for range box {
			}
		}()
	}
	runtime.Gosched()
	return boxes
}

func idleMemory(n int) {
	idle(100)
	before, start := rss(), cpu()
	boxes := idle(n)
	spent, after := cpu()-start, rss()
	if runtime.NumGoroutine() < n {
		fail("some have ended")
	}
	fmt.Printf("RESULT cpu_ns=%d ops=%d rss=%d\n", spent, n, after-before)
	runtime.KeepAlive(boxes)
}
