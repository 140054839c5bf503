local kam = require "kam"

return kam.component "HTTPFiles" {
  summary = "Answers a request with the file below a folder that it asks for.",
  doc = "A function of HTTPServer gives it as its answer. The file is the one that `rest` of the request names: "
    .. "see HTTPFile. Methods other than GET and HEAD are answered with status 405.",
  ends = "When the response is sent, or when told.",
  inboxes = { inbox = false },
  outboxes = { outbox = "the response" },
  options = {
    root = { type = "string", "the folder" },
    request = { type = "table", "the request" },
    index = { "index.html", "the file that stands for a folder" },
    gzip = { false, "a file with .gz behind its name is sent in its place to a client that takes it" },
  },
  first = { "root", "request" },
  init = function(self)
    local request = self.request
    local headers = request.headers or {}
    local answer
    if request.method == "GET" or request.method == "HEAD" then
      answer = kam.HTTPFile { root = self.root, path = request.rest, index = self.index,
        head = request.method == "HEAD", match = headers["if-none-match"], since = headers["if-modified-since"],
        range = headers.range, gzip = self.gzip, accepts = headers["accept-encoding"] }
    else
      answer = kam.OneShot { { status = 405, headers = { Allow = "GET, HEAD" } } }
    end
    self:addChildren(answer)
    self:link({ answer, "outbox" }, { self, "outbox" })
  end,
  example = [[
kam.Pipeline { kam.OneShot "<h1>Hello</h1>\n", kam.FileWriter { "www/index.html", mkdir = true } }:run()

kam.main(function(self)
  local server = self:addChildren(kam.HTTPServer { function(request) return kam.HTTPFiles { "www", request } end,
    port = 0 })
  self:link({ server, "listening" }, { self, "inbox" })
  local curl = kam.UnixProcess { "curl", "-s", ("http://localhost:%d/"):format(self:recv().port) }
  local got = self:addInbox "got"
  self:link({ curl, "outbox" }, { self, got })
  self:addChildren(curl)
  print(self:recv(got))
  server:stop()
end):run()
--> <h1>Hello</h1>
-->
]],
}
