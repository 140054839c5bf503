-- HTTPSession: what is a request and what is refused, in any cut, and how responses are
-- written.
local kam = require "kam"
local desync = require "spec.components.http.desync"
local kit = require "spec.lua.kit"

after_each(kit.settled)

-- What a session answers to bytes in pieces, and the requests that its handler got.
local function talk(pieces, answer, given)
  local requests, said = {}, {}
  local text = kit.said(function()
    local h <close> = kam.handle(kam.Graphline {
      PEER = kam.DataSource(pieces), HTTP = kam.HTTPSession(given or {}),
      HANDLER = kam.HTTPHandler { function(request)
        requests[#requests + 1] = request
        if answer then return answer(request) end
        return "ok"
      end },
      linkages = { "PEER -> HTTP", "HTTP.request -> HANDLER", "HANDLER -> HTTP.response", "HTTP -> self" },
    })
    for bytes in h:messages() do said[#said + 1] = tostring(bytes) end
  end)
  return table.concat(said), requests, text
end

-- The same, cut at each place in turn, and into single bytes: must all be the same.
local function talk_cut(bytes, answer)
  local function undated(s) return (s:gsub("Date: [^\r]*\r\n", "")) end
  local said, requests = talk({ bytes }, answer)
  said = undated(said)
  local singles = {}
  for i = 1, #bytes do singles[i] = bytes:sub(i, i) end
  assert.equal(said, undated((talk(singles, answer))))
  for i = 1, #bytes - 1 do
    local other, others = talk({ bytes:sub(1, i), bytes:sub(i + 1) }, answer)
    assert.equal(said, undated(other), "cut at " .. i)
    assert.same(requests, others)
  end
  return said, requests
end

local function status(said) return math.tointeger(said:match "^HTTP/1%.1 (%d+) ") end

describe("HTTPSession", function()
  it("gives a request as a table, in any cut", function()
    local said, requests = talk_cut("POST /a%20b/../c?x=1&y=%26+z&flag HTTP/1.1\r\nHost: h\r\nX-One: 1\r\nx-one: 2\r\n"
      .. "Content-Length: 5\r\nEmpty:\r\n\r\nhello")
    assert.same({ {
      method = "POST", target = "/a%20b/../c?x=1&y=%26+z&flag", path = "/c", rest = "/c", version = "1.1",
      query = { x = "1", y = "& z", flag = "" }, body = "hello",
      headers = { host = "h", ["x-one"] = "1, 2", ["content-length"] = "5", empty = "" },
    } }, requests)
    assert.equal("HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 2\r\n\r\nok", said)
  end)

  it("reads chunked bodies, and the requests behind them, in any cut", function()
    local said, requests = talk_cut("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
      .. "5;x=y\r\nhello\r\n6\r\n world\r\n0\r\nTrailer: t\r\n\r\nGET /two HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
    assert.equal("hello world", requests[1].body)
    assert.is_nil(requests[1].headers.trailer)
    assert.equal("/two", requests[2].path)
    local _, answers = said:gsub("HTTP/1.1 200 OK", "")
    assert.equal(2, answers)
    kit.has(said, "Connection: close")
  end)

  it("takes absolute targets, and * for OPTIONS", function()
    local _, requests = talk { "GET http://h/p?q=1 HTTP/1.1\r\nHost: h\r\n\r\nOPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n"
      .. "GET http://h HTTP/1.1\r\nHost: h\r\n\r\n" }
    assert.equal("/p", requests[1].path)
    assert.equal("*", requests[2].path)
    assert.equal("/", requests[3].path)
  end)

  local function get(headers) return "GET / HTTP/1.1\r\n" .. headers .. "\r\n" end
  for what, case in pairs(desync) do
    it("refuses " .. what, function()
      local said, requests, text = talk({ case[1], "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n" })
      assert.equal(case[2], status(said), said)
      assert.same({}, requests)
      kit.has(said, "Connection: close")
      assert.equal("", text)
    end)
  end

  it("hands a body over as it comes, in any cut", function()
    local fixed = ("=s4"):pack "/up" .. "\2"
    local function up(pieces)
      local said, h <close> = {}, kam.handle(kam.Graphline {
        PEER = kam.DataSource(pieces), HTTP = kam.HTTPSession { fixed = fixed, body = 1 },
        HANDLER = kam.HTTPHandler { routes = { ["/"] = function() return "plain" end }, uploads = { up = function()
          return kam.main(function(self)
            local all = {}
            for piece in self:messages() do all[#all + 1] = tostring(piece) end
            self:send { body = table.concat(all):upper() }
          end)
        end } },
        linkages = { "PEER -> HTTP", "HTTP.request -> HANDLER", "HANDLER -> HTTP.response", "HTTP -> self" },
      })
      for bytes in h:messages() do said[#said + 1] = tostring(bytes) end
      return (table.concat(said):gsub("Date: [^\r]*\r\n", ""))
    end
    local bytes = "POST /up HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n"
      .. "PUT /up/x HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc"
      .. "GET /up HTTP/1.1\r\nHost: h\r\n\r\nPOST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nx"
    local wanted, singles = up { bytes }, {}
    kit.has(wanted, "\r\n\r\nHELLO WORLD", "\r\n\r\nABC", "Content-Length: 0", "\r\n\r\nplain")
    for i = 1, #bytes do singles[i] = bytes:sub(i, i) end
    assert.equal(wanted, up(singles))
    for i = 1, #bytes - 1 do assert.equal(wanted, up { bytes:sub(1, i), bytes:sub(i + 1) }, "cut at " .. i) end
  end)

  it("asks for a body that waits to be asked for", function()
    local said = talk({ "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n", "hi" })
    kit.has(said, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK")
  end)

  it("closes after as many requests as it may serve, and when told by the peer", function()
    local twice = get("Host: a\r\n"):rep(3)
    local said, requests = talk({ twice }, nil, { requests = 2 })
    assert.equal(2, #requests)
    kit.has(said, "Connection: close")
    said, requests = talk { get "Host: a\r\nConnection: close\r\n" .. twice }
    assert.equal(1, #requests)
    kit.has(said, "Connection: close")
    said, requests = talk { "GET / HTTP/1.0\r\n\r\n" .. twice }
    assert.equal(1, #requests)
    kit.has(said, "Connection: close")
    said, requests = talk { "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n" .. twice }
    assert.equal(4, #requests)
    kit.has(said, "Connection: keep-alive")
  end)

  it("writes status, type, headers and body", function()
    local said = talk({ get "Host: a\r\n" }, function()
      return { status = 404, type = "text/html", headers = { ["X-A"] = "b", ["Set-Cookie"] = { "a=1", "b=2" }, age = 5 },
        body = "<p>" }
    end)
    kit.has(said, "HTTP/1.1 404 Not Found\r\n", "X-A: b\r\n", "Set-Cookie: a=1\r\nSet-Cookie: b=2\r\n", "age: 5\r\n",
      "Content-Type: text/html\r\nContent-Length: 3\r\n\r\n<p>", "Date: ")
  end)

  it("leaves out the body for HEAD, and for statuses that have none", function()
    local said = talk { "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n" }
    kit.has(said, "Content-Length: 2\r\n")
    assert.equal("\r\n\r\n", said:sub(-4))
    said = talk({ get "Host: a\r\n" }, function() return { status = 204, body = "x" } end)
    kit.lacks(said, "Content-Length")
    assert.equal("\r\n\r\n", said:sub(-4))
  end)

  it("sends a body in pieces: chunked, of a known length, or until the end", function()
    local function pieces(given)
      return function()
        return kam.DataSource { given, "one", { body = "two", more = true }, { body = "three" } }
      end
    end
    local said = talk({ get "Host: a\r\n" }, pieces { more = true })
    kit.has(said, "Transfer-Encoding: chunked\r\n", "\r\n\r\n3\r\none\r\n3\r\ntwo\r\n5\r\nthree\r\n0\r\n\r\n")
    said = talk({ get "Host: a\r\n" }, pieces { more = true, headers = { ["content-length"] = 11 } })
    kit.has(said, "Content-Length: 11\r\n\r\nonetwothree")
    said = talk({ "GET / HTTP/1.0\r\n\r\n" }, pieces { more = true })
    kit.has(said, "Connection: close\r\n\r\nonetwothree")
    said = talk({ "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n" }, pieces { more = true })
    assert.equal("\r\n\r\n", said:sub(-4))
    said = talk({ get "Host: a\r\n" }, function() return kam.DataSource { "only ", "bodies" } end)
    kit.has(said, "5\r\nonly \r\n6\r\nbodies\r\n0\r\n\r\n")
    said = talk({ get "Host: a\r\n" }, function() return kam.DataSource {} end)
    kit.has(said, "Content-Length: 0")
  end)

  for what, response in pairs {
    ["a line end in a header"] = { headers = { x = "a\r\nSet-Cookie: b" } },
    ["a line end in the type"] = { type = "a\r\nb", body = "x" },
    ["a header with a blank in its name"] = { headers = { ["a b"] = "x" } },
    ["a field that is none"] = { stauts = 200 },
    ["a status that is none"] = { status = 99 },
    ["a number"] = 5,
    ["a body that is a table"] = { body = {} },
  } do
    it("sends status 500 for, and reports, " .. what, function()
      local said, _, text = talk({ get "Host: a\r\n" }, function() return response end)
      assert.equal(500, status(said))
      kit.lacks(said, "Cookie")
      kit.has(text, "E0674", "HTTP")
    end)
  end

  it("says that a body is shorter or longer than its length", function()
    for _, length in ipairs { 4, 2 } do
      local _, _, text = talk({ get "Host: a\r\n" }, function()
        return kam.DataSource { { more = true, headers = { ["content-length"] = length } }, "abc" }
      end)
      kit.has(text, "E0674", length == 4 and "shorter" or "longer")
    end
  end)

  it("sends status 500 when its handler fails, which is reported", function()
    local said, _, text = talk({ get "Host: a\r\n" }, function() error "oh" end)
    assert.equal(500, status(said))
    kit.has(text, "oh", "HANDLER")
  end)

  it("lets another protocol take over after status 101", function()
    local got = {}
    local said = {}
    kit.runs(kam.Graphline {
      PEER = kam.DataSource { "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\nraw", " bytes" },
      HTTP = kam.HTTPSession(),
      HANDLER = kam.main(function(self)
        got[1] = self:recv().headers.upgrade
        self:send { status = 101, headers = { upgrade = "x", connection = "upgrade" } }
        for bytes in self:messages() do
          got[#got + 1] = tostring(bytes)
          self:send(tostring(bytes):upper())
        end
      end),
      LAST = kam.main(function(self)
        for bytes in self:messages() do said[#said + 1] = tostring(bytes) end
      end),
      linkages = { "PEER -> HTTP", "HTTP.request -> HANDLER", "HANDLER -> HTTP.response", "HTTP -> LAST" },
    })
    assert.same({ "x", "raw", " bytes" }, got)
    kit.has(table.concat(said), "HTTP/1.1 101 Switching Protocols\r\n", "upgrade: x\r\n", "\r\n\r\nRAW BYTES")
  end)

  it("ends the wait for what does not come", function()
    local function wait(pieces, given)
      local said = {}
      local before = kam.now()
      local peer = kam.main(function(self)
        for _, piece in ipairs(pieces) do
          if type(piece) == "number" then self:sleep(piece) else self:send(piece) end
        end
        self:sleep(1000)
      end)
      local h <close> = kam.handle(kam.Graphline {
        PEER = peer, HTTP = kam.HTTPSession(given), HANDLER = kam.HTTPHandler { function() return "ok" end },
        linkages = { "PEER -> HTTP", "HTTP.request -> HANDLER", "HANDLER -> HTTP.response", "HTTP -> self" },
      })
      for bytes in h:messages() do said[#said + 1] = tostring(bytes) end
      return table.concat(said), kam.now() - before
    end
    local said, time = wait({ "GET / HT" }, {})
    assert.equal(408, status(said))
    assert.is_true(time > 9.99 and time < 11, time)
    said, time = wait({ "G", 6, "E", 6, "T" }, {})
    assert.equal(408, status(said))
    assert.is_true(time > 9.99 and time < 11, time)
    local post = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9000\r\n\r\n"
    said, time = wait({ post, 6, "a", 6, "b" }, {}) -- however often something comes
    assert.equal(408, status(said))
    assert.is_true(time > 9.99 and time < 11, time)
    said, time = wait({ post, 6, ("a"):rep(3000), 6, "b" }, {}) -- 6 s more
    assert.equal(408, status(said))
    assert.is_true(time > 15.99 and time < 17, time)
    said, time = wait({ get "Host: a\r\n" }, { idleTime = 3 })
    assert.equal(200, status(said))
    assert.is_true(time > 2.99 and time < 4, time)
  end)
end)
