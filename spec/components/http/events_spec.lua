-- Server-sent events: written for curl, and read as WHATWG's standard says, in any cut.
local cuts = require "spec.components.cuts"
local kam = require "kam"
local kit = require "spec.lua.kit"

after_each(kit.settled)

-- The text that comes behind the head.
local function encoded(events, given)
  local out = kam.try(kam.ServerSentEventsEncode(given or {}), events)
  assert.equal("text/event-stream", out[1].type)
  assert.is_true(out[1].more)
  return table.concat(out, "", 2)
end

local function decoded(text)
  return cuts.same(text, kam.ServerSentEventsDecode)
end

local function event(data, name, id)
  return { event = name or "message", data = data, id = id or "" }
end

describe("ServerSentEventsEncode", function()
  it("writes events", function()
    assert.equal("data: one\n\ndata: two\ndata: lines\n\n", encoded { "one", "two\nlines" })
    assert.equal(": c\nevent: e\nid: 5\nretry: 100\ndata: d\n\n",
      encoded { { data = "d", event = "e", id = 5, retry = 100, comment = "c" } })
  end)

  it("lets nobody write another event in one", function()
    assert.equal("data: a\ndata: \ndata: event: b\ndata: c\ndata: d\n\n", encoded { "a\n\nevent: b\rc\r\nd" })
    for what, msg in pairs { event = { event = "a\ndata: b" }, id = { id = "a\rb" }, retry = { retry = "x" },
      dtaa = { dtaa = "x" }, string = 5 } do
      kit.has(cuts.fails(kam.ServerSentEventsEncode(), { msg }), what)
    end
  end)

  it("gives what ServerSentEventsDecode reads", function()
    assert.same({ event("a\nb\n"), event("x", "news", "7"), event(" y", nil, "7") },
      decoded(encoded { "a\nb\n", { data = "x", event = "news", id = 7 }, " y" }))
  end)

  it("says something when there is nothing to be said", function()
    local got = {}
    kit.runs(kam.Pipeline { kam.main(function(self) self:sleep(35) end), kam.ServerSentEventsEncode(), kit.into(got) })
    assert.same({ ":\n\n", ":\n\n" }, { got[2], got[3] })
  end)

  it("is what HTTPServer answers curl with, as it comes", function()
    local got = {}
    kit.runs(kam.main(function(self)
      local server = self:addChildren(kam.HTTPServer { function()
        return kam.Pipeline { kam.PeriodicTick(0.01), kam.FirstOnly(), kam.map(function() return "tick" end),
          kam.ServerSentEventsEncode() }
      end, port = 0 })
      self:link({ server, "listening" }, { self, "inbox" })
      local curl = kam.UnixProcess { "curl", "-sNi", ("http://localhost:%d/"):format(self:recv().port) }
      local box = self:addInbox "got"
      self:link({ curl, "outbox" }, { self, box })
      self:addChildren(curl)
      for bytes in self:messages(box) do got[#got + 1] = bytes end
      server:stop()
    end))
    kit.has(table.concat(got), "200 OK", "Content-Type: text/event-stream\r\n", "Cache-Control: no-store\r\n",
      "\r\n\r\ndata: tick\n\n")
  end)
end)

describe("ServerSentEventsDecode", function()
  for what, case in pairs {
    ["a line each"] = { "data: YHOO\ndata: +2\ndata: 10\n\n", event "YHOO\n+2\n10" },
    ["comments, names and an empty id"] = {
      ": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n",
      event("first event", nil, "1"), event "second event", event " third event" },
    ["empty data, and none at the end"] = { "data\n\ndata\ndata\n\ndata:", event "", event "\n" },
    ["with and without a blank"] = { "data:test\n\ndata: test\n\n", event "test", event "test" },
    ["carriage returns"] = { "data: a\rdata: b\r\revent: x\r\ndata: c\r\n\r\n", event "a\nb", event("c", "x") },
    ["a line end of both kinds in turn"] = { "data: a\n\rdata: b\r\n\n", event "a", event "b" },
    ["a mark of UTF-8 at the beginning, only"] = {
      "\239\187\191data: a\n\n\239\187\191data: b\n\ndata: c\n\n", event "a", event "c" },
    ["a colon in the data"] = { "data: a: b:c\n\n", event "a: b:c" },
    ["fields that it does not know"] = { "datas: x\n data: y\nDATA: z\ndata: a\n\n", event "a" },
    ["an event without data"] = { "event: x\n\ndata: a\n\n", event "a" },
    ["an id with a zero byte"] = { "id: 1\nid: 2\0\ndata: a\n\n", event("a", nil, "1") },
    ["nothing that is not whole"] = { "data: a\n\ndata: b\n", event "a" },
  } do
    it("reads " .. what, function()
      assert.same({ table.unpack(case, 2) }, decoded(case[1]))
    end)
  end

  it("tells how long to wait until it is asked again", function()
    local got = {}
    kit.runs(kam.Graphline { FROM = kam.DataSource { "retry: 1000\nretry: x\nretry:\nretry: 5s\n\n" },
      READ = kam.ServerSentEventsDecode(), WAIT = kit.into(got),
      linkages = { "FROM -> READ -> null", "READ.retry -> WAIT" } })
    assert.same({ 1000 }, got)
  end)

  it("fails when an event is too long", function()
    kit.has(cuts.fails(kam.ServerSentEventsDecode(10), { "data: 12345678901\n" }), "10 bytes")
    kit.has(cuts.fails(kam.ServerSentEventsDecode(10), cuts.pieces(("x"):rep(100), 5)), "10 bytes")
    kit.has(cuts.fails(kam.ServerSentEventsDecode(10), { "data: 123456\ndata: 123456\n\n" }), "10 bytes")
    assert.same({ event "1234567890" }, kam.try(kam.ServerSentEventsDecode(10), { "data: 1234567890\n\n" }))
  end)
end)

describe("EventSource", function()
  -- A server in Python that gives each connection the next of these answers, to whose text it
  -- adds what the request said was the last event; its address, and how to wait for its end.
  local function server(answers)
    local name = os.tmpname()
    local file <close> = assert(io.open(name, "w"))
    file:write(([[
import socket
listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush = True)
listener.settimeout(20)
for answer in [%s]:
    s, _ = listener.accept()
    request = b""
    while b"\r\n\r\n" not in request: request += s.recv(65536)
    last = [line[15:] for line in request.decode().split("\r\n") if line.lower().startswith("last-event-id: ")]
    assert "Accept: text/event-stream" in request.decode()
    s.sendall(("HTTP/1.1 " + answer.replace("LAST", ",".join(last))).encode())
    s.close()
]]):format(answers))
    file:close()
    local python = assert(io.popen("exec python3 " .. name))
    return ("http://127.0.0.1:%d/"):format(python:read "n"), function()
      os.remove(name)
      assert(python:close())
    end
  end

  it("asks again for what came behind the last event, until there will be no more", function()
    local head = [["200 OK\r\nContent-Type: text/event-stream\r\n]]
    local url, ended = server(head .. [[\r\nretry: 20\nid: 7\ndata: one (LAST)\n\ndata: two\n\ndata: thr", ]] -- closed
      .. head .. [[Content-Length: 500\r\n\r\ndata: three (LAST)\n\n", ]] -- breaks off
      .. [["200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\n", ]] -- makes no sense
      .. head .. [[Content-Length: 28\r\n\r\nid\ndata: four (LAST)\r\n\r\n\r\n\r\n", "204 No Content\r\n\r\n"]])
    local got = {}
    kit.runs(kam.Pipeline { kam.EventSource { url, retry = 100 }, kit.into(got) })
    assert.same({ event("one ()", nil, "7"), event("two", nil, "7"), event("three (7)", nil, "7"),
      event("four (7)", nil, "") }, got)
    ended()
  end)

  it("fails when what comes are no events", function()
    for answer, why in pairs { [ [["404 Not Found\r\n\r\n"]] ] = "404 Not Found",
      [ [["200 OK\r\nContent-Type: text/html\r\n\r\n<p>"]] ] = "text/html" } do
      local url, ended = server(answer)
      local _, _, text = kit.run(kam.Pipeline { kam.EventSource(url), kam.NullSink() })
      kit.has(text, why)
      ended()
    end
  end)
end)
