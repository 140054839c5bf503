package main

import "sync"

type buffer [4096]byte

// 4 KiB buffers from a pool go through ten relays; the sink gives them back.
func buffers(n int) {
	pool := sync.Pool{New: func() any { return new(buffer) }}
	fill := func(i int) *buffer {
		b := pool.Get().(*buffer)
		b[0], b[4095] = byte(i), 1
		return b
	}
	read := func(b *buffer) int {
		value := int(b[0]) + int(b[4095])
		pool.Put(b)
		return value
	}
	want := n
	for i := 1; i <= n; i++ {
		want += int(byte(i))
	}
	relay(10, n/10, fill, read)
	measure(11*n, func() bool { return relay(10, n, fill, read) == want })
}
