-- JSON-RPC 2.0: the examples of its specification, and Python's json on the other side.
local cuts = require "spec.components.cuts"
local kam = require "kam"
local kit = require "spec.lua.kit"

after_each(kit.settled)

local methods = {
  subtract = function(params)
    return (params[1] or params.minuend) - (params[2] or params.subtrahend)
  end,
  sum = function(params)
    local n = 0
    for _, v in ipairs(params) do n = n + v end
    return n
  end,
  notify_hello = function() end,
  get_data = function() return { "hello", 5 } end,
  update = function() end,
}

local function session(given)
  given = given or {}
  given.methods = given.methods or methods
  return function() return kam.JSONRPCSession(given) end
end

-- The answers to a text, as lines in order, in any cut.
local function answers(text, given)
  local lines = cuts.same(text, session(given), function(c, list)
    local sorted = kam.try(kam.Pipeline { c, kam.LineSplit() }, list)
    table.sort(sorted)
    return sorted
  end)
  return lines
end

local function refused(code, message, id)
  return ('{"error":{"code":%d,"message":"%s"},"id":%s,"jsonrpc":"2.0"}'):format(code, message, id or "null")
end

local VERSION = 'a request has \\"jsonrpc\\": \\"2.0\\"'

describe("JSONRPCSession answers, however it is cut,", function()
  it("calls with parameters in a list and by names", function()
    assert.same({ '{"id":1,"jsonrpc":"2.0","result":19}' },
      answers '{"jsonrpc": "2.0", "method": "subtract", "params": [42, 23], "id": 1}\n')
    assert.same({ '{"id":"x","jsonrpc":"2.0","result":19}' },
      answers '{"jsonrpc":"2.0","method":"subtract","params":{"subtrahend":23,"minuend":42},"id":"x"}\r\n')
    assert.same({ '{"id":null,"jsonrpc":"2.0","result":0}' },
      answers '{"jsonrpc":"2.0","method":"sum","id":null}')
  end)

  it("notifications by nothing", function()
    assert.same({}, answers '{"jsonrpc": "2.0", "method": "update", "params": [1]}\n')
    assert.same({}, answers '{"jsonrpc": "2.0", "method": "not there"}\n \n\n')
  end)

  it("a method that is not there", function()
    assert.same({ refused(-32601, "there is no such method", '"1"') },
      answers '{"jsonrpc": "2.0", "method": "foobar", "id": "1"}\n')
  end)

  it("what is no JSON, and goes on behind it", function()
    local lines = answers '{"jsonrpc": "2.0", "method": "foobar, "params": "bar", "baz]\n[1]\n'
    assert.equal(2, #lines)
    assert.matches('^%[{"error":{"code":%-32600', lines[1])
    assert.matches('^{"error":{"code":%-32700,"message":".*"},"id":null,"jsonrpc":"2.0"}$', lines[2])
  end)

  it("what is no request", function()
    assert.same({ refused(-32600, "a method is a string") },
      answers '{"jsonrpc": "2.0", "method": 1, "params": "bar"}\n')
    assert.same({ refused(-32600, "params are an array or an object", "7") },
      answers '{"jsonrpc": "2.0", "method": "sum", "params": "bar", "id": 7}\n')
    assert.same({ refused(-32600, "an id is a string, a number or null") },
      answers '{"jsonrpc": "2.0", "method": "sum", "id": {}}\n')
    assert.same({ refused(-32600, VERSION) }, answers '{"method": "sum", "id": true}\n')
    assert.same({ refused(-32600, VERSION) }, answers "[]\n")
    assert.same({ refused(-32600, "a request is an object") }, answers "null\n")
  end)

  it("batches, each with one line, in the order of their requests", function()
    local wrong = refused(-32600, "a request is an object")
    local batch = [[[
      {"jsonrpc": "2.0", "method": "sum", "params": [1,2,4], "id": "1"},
      {"jsonrpc": "2.0", "method": "notify_hello", "params": [7]},
      {"jsonrpc": "2.0", "method": "subtract", "params": [42,23], "id": "2"},
      {"foo": "boo"},
      {"jsonrpc": "2.0", "method": "foo.get", "params": {"name": "myself"}, "id": "5"},
      {"jsonrpc": "2.0", "method": "get_data", "id": "9"}]
    ]]
    assert.same({ ("[%s,%s,%s]"):format(wrong, wrong, wrong) }, answers "[1,2,3]\n")
    assert.same({ '[{"id":"1","jsonrpc":"2.0","result":7},{"id":"2","jsonrpc":"2.0","result":19},'
      .. refused(-32600, VERSION) .. "," .. refused(-32601, "there is no such method", '"5"')
      .. ',{"id":"9","jsonrpc":"2.0","result":["hello",5]}]' }, answers(batch:gsub("\n *", "") .. "\n", { calls = 2 }))
    assert.same({}, answers '[{"jsonrpc":"2.0","method":"update"},{"jsonrpc":"2.0","method":"update"}]\n')
  end)

  it("a line, and a batch, that are too long, and goes on", function()
    assert.same({ refused(-32600, "a batch has at most 2 requests"),
      refused(-32600, "a line is longer than 64 bytes (its option limit)"),
      '{"id":1,"jsonrpc":"2.0","result":0}' },
      answers(("x"):rep(65) .. '\n[1,2,3]\n{"jsonrpc": "2.0", "method": "sum", "id": 1}\n',
        { limit = 64, batch = 2 }))
  end)
end)

describe("a method", function()
  local function asked(name, all)
    return kit.said(function()
      return table.concat(kam.try(kam.JSONRPCSession { methods = all },
        { ('{"jsonrpc":"2.0","method":"%s","params":[3],"id":1}\n'):format(name) }))
    end)
  end

  it("that fails is told of here, and the peer gets no more than a code", function()
    local said, answer = asked("fail", { fail = function() error "the password is 1234" end })
    kit.has(said, "method fail failed", "the password is 1234")
    assert.equal(refused(-32603, "internal error", "1") .. "\n", answer)
  end)

  it("gives errors as texts and as tables", function()
    local _, answer = asked("f", { f = function() return nil, "no room" end })
    assert.equal(refused(-32000, "no room", "1") .. "\n", answer)
    _, answer = asked("f", { f = function(params)
      return nil, { code = -32602, message = "odd", data = params }
    end })
    assert.equal('{"error":{"code":-32602,"data":[3],"message":"odd"},"id":1,"jsonrpc":"2.0"}\n', answer)
    local said
    said, answer = asked("f", { f = function() return nil, { code = "x" } end })
    kit.has(said, "an error is a text, or { code =, message = }")
    assert.equal(refused(-32603, "internal error", "1") .. "\n", answer)
  end)

  it("whose result JSON cannot say fails", function()
    local loop = {}
    loop[1] = loop
    for _, result in ipairs { print, 0 / 0, math.huge, "\xff", { 1, x = 2 }, { [2] = 1 }, { ["a\0"] = 1 },
      { [true] = 1 }, loop } do
      local said, answer = asked("f", { f = function() return result end })
      kit.has(said, "the result cannot be JSON")
      assert.equal(refused(-32603, "internal error", "1") .. "\n", answer)
    end
  end)

  it("may be answered by a component, which may fail", function()
    local _, answer = asked("f", { f = function(params)
      return kam.Pipeline { kam.DataSource { params[1], 5, 6 }, kam.map(function(n) return n * n end) }
    end })
    assert.equal('{"id":1,"jsonrpc":"2.0","result":9}\n', answer)
    _, answer = asked("f", { f = function() return kam.main(function() end) end })
    assert.equal('{"id":1,"jsonrpc":"2.0","result":null}\n', answer)
    local said
    said, answer = asked("f", { f = function() return kam.main(function() error "oh" end) end })
    kit.has(said, "oh")
    assert.equal(refused(-32603, "internal error", "1") .. "\n", answer)
  end)

  it("may wait, and holds up no other", function()
    local out = kam.try(kam.JSONRPCSession { methods = {
      slow = function(_, call)
        call:sleep(10)
        return "slow"
      end,
      quick = function() return "quick" end,
    } }, { '{"jsonrpc":"2.0","method":"slow","id":1}\n{"jsonrpc":"2.0","method":"quick","id":2}\n' })
    assert.matches("quick.*slow", table.concat(out))
  end)

  it("is not begun while as many others go on as may", function()
    local now, most = 0, 0
    local line = '{"jsonrpc":"2.0","method":"f","id":1}\n'
    local out = kam.try(kam.Pipeline { kam.JSONRPCSession { calls = 3, methods = { f = function(_, call)
      now = now + 1
      most = math.max(most, now)
      call:sleep(1)
      now = now - 1
    end } }, kam.LineSplit() }, { line:rep(10) })
    assert.equal(10, #out)
    assert.equal(3, most)
  end)
end)

-- Runs a client on a peer, in the system of talk(self, client).
local function calling(peer, talk, given)
  given = given or {}
  given.peer = peer
  local ok, _, text = kit.run(kam.main(function(self)
    talk(self, self:addChildren(kam.JSONRPCClient(given)))
  end))
  return text, ok
end

-- A peer that answers each line by f(line).
local function peer(f)
  return kam.Pipeline { kam.LineSplit(), kam.map(f) }
end

describe("JSONRPCClient", function()
  it("gives each who asks its own answer", function()
    local server = kam.JSONRPCSession { methods = { wait = function(params, call)
      call:sleep(params[1])
      return params[1]
    end } }
    local order = {}
    assert.equal("", (calling(server, function(self, client)
      local askers = {}
      for i = 1, 3 do
        askers[i] = kam.main(function(asker)
          local answer = asker:ask(client, { method = "wait", params = { 4 - i } })
          order[#order + 1] = answer.result
        end)
      end
      local all = self:addChildren(kam.Par(askers))
      self:watch(all)
      self:recv()
      local answer = self:ask(client, { method = "gone" })
      assert.equal(-32601, answer.error.code)
      assert.equal("gone", answer.call.method)
      assert.truthy(self:ask(client, { method = "gone", notify = true }))
    end)))
    assert.same({ 1, 2, 3 }, order)
  end)

  it("answers calls that come as messages, all of them before it ends", function()
    local got = {}
    kit.runs(kam.Pipeline { kam.DataSource { { method = "sum", params = { 1, 2 } },
      { method = "update", notify = true }, { method = "sum", tag = "b" } },
      kam.JSONRPCClient(kam.JSONRPCSession { methods = methods }),
      kam.each(function(answer) got[#got + 1] = { answer.result, answer.call.tag } end) })
    assert.same({ { 3 }, { 0, "b" } }, got)
  end)

  it("gives up a call that gets no answer, and takes no harm from one that comes late", function()
    local server = kam.JSONRPCSession { methods = { slow = function(_, call)
      call:sleep(5)
      return "late"
    end } }
    assert.equal("", (calling(server, function(self, client)
      local answer = self:ask(client, { method = "slow" })
      assert.same({ code = -32000, message = "no answer came in 2 seconds" }, answer.error)
      self:sleep(10)
      assert.equal(-32601, self:ask(client, { method = "x" }).error.code)
    end, { timeout = 2 })))
  end)

  it("says to who asks that the peer has gone", function()
    assert.equal("", (calling(kam.main(function(server) server:recv() end), function(self, client)
      local answer, why = self:ask(client, { method = "x" })
      assert.is_nil(answer)
      assert.equal("receiverGone", why)
    end)))
  end)

  it("ends when the peer has ended, though it is still fed", function()
    local start = kam.now()
    kit.runs(kam.Pipeline {
      kam.main(function(self)
        self:send { method = "x" }
        self:sleep(1000)
      end),
      kam.JSONRPCClient(kam.main(function(server) server:recv() end)), kam.NullSink(),
    })
    assert.truthy(kam.now() - start < 900)
  end)

  it("gives notifications of the peer, and refuses its requests", function()
    local sent, noticed = {}, {}
    local server = peer(function(line)
      sent[#sent + 1] = line
      return #sent > 1 and "\n" or '{"jsonrpc":"2.0","method":"news","params":[1]}\n'
        .. '{"jsonrpc":"2.0","method":"please","id":"p"}\n{"jsonrpc":"2.0","id":1,"result":null}\n'
    end)
    kit.runs(kam.Graphline { SRC = kam.DataSource { { method = "x" } }, CLIENT = kam.JSONRPCClient(server),
      OUT = kam.NullSink(), NEWS = kam.each(function(n) noticed[#noticed + 1] = n.params[1] end),
      linkages = { "SRC -> CLIENT -> OUT", "CLIENT.notices -> NEWS" } })
    assert.same({ 1 }, noticed)
    assert.same({ '{"id":1,"jsonrpc":"2.0","method":"x"}', refused(-32601, "there is no such method", '"p"') }, sent)
  end)

  it("fails when the peer sends what is no answer", function()
    for line, why in pairs {
      ["{"] = "the peer sent no JSON", ["3"] = "the peer sent no answer: 3",
      ['{"id":1}'] = "the peer sent no answer", ['{"id":1,"result":1,"error":{}}'] = "the peer sent no answer",
      ['{"id":7,"result":1}'] = "the id 7", ['{"id":null,"error":{"code":-32700,"message":"huh"}}'] = "huh",
    } do
      local text, ok = calling(peer(function() return line .. "\n" end), function(self, client)
        self:ask(client, { method = "x" })
      end)
      kit.has(text, why)
      assert.is_nil(ok)
    end
  end)

  it("refuses what is no call", function()
    local text = calling(kam.PassThrough(), function(self, client) self:ask(client, "x") end)
    kit.has(text, "a call is { method =, params = }, got")
  end)
end)

local python = kit.python "json"

describe("JSON-RPC with Python", function()
  it("serves a client of Python's, over TCP", function()
    if not python then pending "needs python3" return end
    local got, status
    local ok, _, text = kit.run(kam.main(function(self)
      local server = self:addChildren(kam.ServerCore { port = 0, host = "127.0.0.1", protocol = session() })
      self:link({ server, "listening" }, { self, "inbox" })
      local at, ended = self:recv(), self:addInbox "ended"
      local out = self:addInbox "out"
      local client = kam.UnixProcess { python, "-c", ([=[
import json, socket
s = socket.create_connection(("127.0.0.1", %d))
f = s.makefile("rw")
for i in range(200):
    f.write(json.dumps({"jsonrpc": "2.0", "id": i, "method": "sum", "params": list(range(i))}) + "\n")
f.write(json.dumps([{"jsonrpc": "2.0", "id": "b", "method": "get_data"}]) + "\n")
f.flush()
by_id = {}
for i in range(201):
    a = json.loads(f.readline())
    a = a[0] if isinstance(a, list) else a
    assert a["jsonrpc"] == "2.0", a
    by_id[a["id"]] = a["result"]
assert by_id.pop("b") == ["hello", 5]
assert by_id == {i: sum(range(i)) for i in range(200)}, by_id
print("well")
]=]):format(at.port) }
      self:link({ client, "outbox" }, { self, out })
      self:link({ client, "status" }, { self, ended })
      self:addChildren(client)
      got = ""
      for bytes in self:messages(out) do got = got .. tostring(bytes) end
      status = self:recv(ended)
      server:stop()
    end))
    assert.equal("", text)
    assert.is_true(ok)
    assert.equal("well\n", got)
    assert.same({ exit = 0 }, status)
  end)

  it("calls a program of Python's on its standard input and output", function()
    if not python then pending "needs python3" return end
    local answers_got = {}
    assert.equal("", (calling(kam.UnixProcess { python, "-u", "-c", [[
import json, sys
for line in sys.stdin:
    r = json.loads(line)
    a = {"jsonrpc": "2.0", "id": r["id"]}
    if r["method"] == "upper": a["result"] = r["params"]["text"].upper()
    else: a["error"] = {"code": -32601, "message": "no " + r["method"], "data": [1]}
    print(json.dumps(a))
]] }, function(self, client)
      for i = 1, 50 do
        answers_got[i] = self:ask(client, { method = "upper", params = { text = "äb" .. i } }).result
      end
      answers_got[51] = self:ask(client, { method = "lower" }).error
    end)))
    for i = 1, 50 do assert.equal("ÄB" .. i, (answers_got[i]:gsub("ä", "Ä"))) end
    assert.same({ code = -32601, message = "no lower", data = { 1 } }, answers_got[51])
  end)
end)
