local kam = require "kam"

return kam.component "JSONRPCSession" {
  summary = "Serves JSON-RPC 2.0 over a stream of bytes: the handler of a server.",
  doc = "A request, or a batch of them, is a line of the peer's, and an answer one of ours; how requests are "
    .. "answered, JSONRPCHandler says. As the protocol of a ServerCore it serves a port or a path; between the "
    .. "two ends of standard input and output, a program. A line that is no JSON gets the error -32700, one "
    .. "that is too long -32600, and the peer may go on. Empty lines mean nothing.",
  ends = "When its inbox has ended, and all is answered.",
  inboxes = { inbox = { "bytes from the peer, in any cut", kind = "bytes" } },
  outboxes = { outbox = { "bytes for the peer", kind = "bytes" } },
  options = {
    methods = { type = "functions", "functions by the names of methods" },
    limit = { 1 << 20, "bytes in a line", min = 1 },
    calls = { 64, "requests that may be worked on at once", min = 1 },
    batch = { 100, "requests that a batch may have", min = 1 },
    empty = { "array", "what an empty table is in an answer", oneOf = { "array", "object" } },
  },
  init = function(self)
    local graph = self:addChildren(kam.Graphline {
      LINES = kam.LineSplit(self.limit),
      LONG = kam.map(function(wrong) return { code = -32600, error = wrong.error } end),
      TEXTS = kam.filter(function(line) return line:find "[^ \t\r]" end),
      READ = kam.JSONDecode { limit = self.limit },
      HANDLER = kam.JSONRPCHandler { methods = self.methods, calls = self.calls, batch = self.batch },
      WRITE = kam.JSONEncode { empty = self.empty },
      JOIN = kam.LineJoin(),
      linkages = { "self -> LINES -> TEXTS -> READ -> HANDLER -> WRITE -> JOIN -> self",
        "LINES.error -> LONG", "LONG, READ.error -> HANDLER.wrong" },
    })
    self:lend(graph)
  end,
  example = [[
kam.Pipeline {
  kam.OneShot '{"jsonrpc": "2.0", "id": 1, "method": "greet", "params": {"name": "Ann"}}\n',
  kam.JSONRPCSession { methods = {
    greet = function(params) return "hello, " .. params.name end,
  } },
  kam.ConsoleEchoer { eol = "" },
}:run()
--> {"id":1,"jsonrpc":"2.0","result":"hello, Ann"}
]],
}
