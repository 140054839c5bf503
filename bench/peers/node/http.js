// http.js PORT: Node's http, as one writes it by hand.
require("http").createServer((request, response) => {
  response.setHeader("Content-Type", "text/plain")
  response.end("hello\n")
}).listen(Number(process.argv[2]), "127.0.0.1")
