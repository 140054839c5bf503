// http PORT: Go's net/http, as one writes it by hand.
package main

import (
	"io"
	"net/http"
	"os"
)

func main() {
	http.HandleFunc("/hello", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		io.WriteString(w, "hello\n")
	})
	panic(http.ListenAndServe("127.0.0.1:"+os.Args[1], nil))
}
