package main

import "fmt"

const bound = 256

func pass[T any](in <-chan T, out chan<- T) {
	for m := range in {
		out <- m
	}
	close(out)
}

// relay sends n messages from a source through relays in a row to a sink, and adds up their values.
func relay[T any](depth, n int, message func(int) T, value func(T) int) int {
	source := make(chan T, bound)
	go func() {
		for i := 1; i <= n; i++ {
			source <- message(i)
		}
		close(source)
	}()
	last := source
	for i := 0; i < depth; i++ {
		next := make(chan T, bound)
		go pass(last, next)
		last = next
	}
	total := 0
	for m := range last {
		total += value(m)
	}
	return total
}

func same(i int) int { return i }

func relayInts(n int) {
	relay(10, n/10, same, same)
	measure(11*n, func() bool { return relay(10, n, same, same) == sum(n) })
}

func relayStrings(n int) {
	var words [256]string
	for i := range words {
		words[i] = fmt.Sprintf("%016d", i)
	}
	word := func(i int) string { return words[i%256] }
	size := func(s string) int { return len(s) }
	relay(10, n/10, word, size)
	measure(11*n, func() bool { return relay(10, n, word, size) == 16*n })
}

func relayTables(n int) {
	type item struct{ number int }
	fresh := func(i int) *item { return &item{i} }
	number := func(m *item) int { return m.number }
	relay(10, n/10, fresh, number)
	measure(11*n, func() bool { return relay(10, n, fresh, number) == sum(n) })
}
