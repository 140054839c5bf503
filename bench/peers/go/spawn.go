package main

import (
	"sync"
	"sync/atomic"
)

// alive makes n goroutines, then feeds each one message, and waits for all.
func alive(n int) int {
	var total atomic.Int64
	var all sync.WaitGroup
	all.Add(n)
	boxes := make([]chan int, n)
	for i := range boxes {
		box := make(chan int, 1)
		boxes[i] = box
		go func() {
			total.Add(int64(<-box))
			all.Done()
		}()
	}
	for i, box := range boxes {
		box <- i + 1
	}
	all.Wait()
	return int(total.Load())
}

// sequence makes a goroutine, feeds it, and waits for its end, n times.
func sequence(n int) int {
	total := 0
	end := make(chan int)
	for i := 1; i <= n; i++ {
		box := make(chan int, 1)
		go func() { end <- <-box }()
		box <- i
		total += <-end
	}
	return total
}

func spawnAlive(n int) {
	alive(n / 10)
	measure(n, func() bool { return alive(n) == sum(n) })
}

func spawnSequence(n int) {
	sequence(n / 10)
	measure(n, func() bool { return sequence(n) == sum(n) })
}
