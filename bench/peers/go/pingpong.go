package main

// rally passes one number to and fro, counting up, until it is n (even).
func rally(n int) int {
	to, fro := make(chan int), make(chan int)
	go func() {
		for i := range to {
			fro <- i + 1
		}
		close(fro)
	}()
	i := 0
	for i < n {
		to <- i + 1
		i = <-fro
	}
	close(to)
	return i
}

func pingpong(n int) {
	rally(n / 10 * 2)
	measure(n, func() bool { return rally(n) == n })
}
