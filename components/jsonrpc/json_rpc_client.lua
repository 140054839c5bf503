local kam = require "kam"

return kam.component "JSONRPCClient" {
  summary = "Calls the methods of a JSON-RPC 2.0 server, over what carries bytes.",
  doc = "`peer` is a component that carries bytes to the server and back: a TCPClient, a UnixClient, a "
    .. "UnixProcess. Each request is a line, and each answer one of the peer's. Calls and their answers are as "
    .. "JSONRPCCaller has them: { method =, params = } as a message, or as a question that is asked with "
    .. "self:ask and gets { result = } or { error = }. Who still waits when the peer has ended gets nil and "
    .. '"receiverGone". A line of the peer\'s that is too long, or no answer, fails the component.',
  ends = "When its inbox has ended, and all is answered; or when the peer has ended.",
  effects = true,
  inboxes = { inbox = "calls: { method =, params =, notify = }, and questions" },
  outboxes = {
    outbox = { "answers: { result = } or { error = }, with call =", optional = true },
    notices = { "notifications of the peer: { method =, params = }", optional = true },
  },
  options = {
    peer = { type = "component", "what carries bytes to the server and back" },
    timeout = { 60.0, "seconds to wait for an answer; 0: for ever", min = 0 },
    calls = { 1000, "calls that may be without an answer", min = 1 },
    limit = { 8 << 20, "bytes in a line of the peer's", min = 1 },
    empty = { "array", "what an empty table is in a request", oneOf = { "array", "object" } },
  },
  first = "peer",
  init = function(self)
    local caller = kam.JSONRPCCaller { timeout = self.timeout, calls = self.calls }
    local calls, read = kam.PassThrough(), kam.JSONDecode { limit = self.limit }
    self:addChildren(kam.Graphline {
      CALLS = calls, CALLER = caller, PEER = self.peer, READ = read,
      WRITE = kam.JSONEncode { empty = self.empty },
      JOIN = kam.LineJoin(),
      LINES = kam.LineSplit(self.limit),
      TEXTS = kam.filter(function(line) return line:find "[^ \t\r]" end),
      linkages = { "CALLER.requests -> WRITE -> JOIN -> PEER -> LINES -> TEXTS -> READ -> CALLER.answers",
        "READ.error -> CALLER.wrong", "CALLS -> CALLER" },
    })
    caller:follow(calls, read)
    self:link({ self, "inbox" }, calls)
    self:link({ caller, "outbox" }, { self, "outbox" })
    self:link({ caller, "notices" }, { self, "notices" })
  end,
  example = [[
kam.ServerCore { path = "socket", protocol = function()
  return kam.JSONRPCSession { methods = {
    add = function(params) return params[1] + params[2] end,
  } }
end }:activate()

kam.main(function(self)
  local server = self:addChildren(kam.JSONRPCClient(kam.UnixClient "socket"))
  print(self:ask(server, { method = "add", params = { 2, 3 } }).result)
  print(self:ask(server, { method = "sub" }).error.message)
  kam.stop()
end):run()
--> 5
--> there is no such method
]],
}
