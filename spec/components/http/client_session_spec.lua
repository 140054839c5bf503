-- HTTPClientSession: how requests are written, what is a response and what is refused, in any
-- cut.
local kam = require "kam"
local kit = require "spec.lua.kit"

after_each(kit.settled)

-- What a session gives for requests, when its peer answers with pieces once it has `heads` of
-- them (all); the bytes that the peer got; and what was said.
local function talk(requests, pieces, given, heads)
  local responses, sent = {}, {}
  given = given or {}
  given.host = given.host or "h"
  local _, _, text = kit.run(kam.Graphline {
    ASK = kam.DataSource(requests), HTTP = kam.HTTPClientSession(given),
    PEER = kam.main(function(self)
      local seen = ""
      local function heads_of() return select(2, seen:gsub("\r\n\r\n", "")) end
      while heads_of() < (heads or #requests) do
        local bytes = self:recv()
        if not bytes then break end
        sent[#sent + 1] = tostring(bytes)
        seen = table.concat(sent)
      end
      for _, piece in ipairs(pieces) do self:send(piece) end
      if given.pipeline == 1 then
        for bytes in self:messages() do sent[#sent + 1] = tostring(bytes) end
      end
    end),
    OUT = kit.into(responses),
    linkages = { "ASK -> HTTP.request", "HTTP -> PEER -> HTTP", "HTTP.response -> OUT" },
  })
  return responses, table.concat(sent), text
end

-- A streamed response as if it had come whole.
local function joined(responses)
  local list, open = {}, nil
  for _, r in ipairs(responses) do
    if open then
      if type(r) == "table" then open = nil else list[#list].body = list[#list].body .. tostring(r) end
    else
      list[#list + 1] = r
      open, r.more = r.more, nil
    end
  end
  assert(not open, "a body without its end")
  return list
end

-- The same for bytes cut at each place in turn, and into single bytes, whole and streamed.
local function talk_cut(requests, bytes)
  local whole, _, said = talk(requests, { bytes })
  local streamed = {}
  for i, r in ipairs(requests) do
    streamed[i] = { stream = true }
    for k, v in pairs(r) do streamed[i][k] = v end
  end
  local singles = {}
  for i = 1, #bytes do singles[i] = bytes:sub(i, i) end
  for i = 0, #bytes - 1 do
    local pieces = i == 0 and singles or { bytes:sub(1, i), bytes:sub(i + 1) }
    local cut, _, text = talk(requests, pieces)
    assert.same(whole, cut, "cut at " .. i)
    assert.equal(said, text)
    cut, _, text = talk(streamed, pieces)
    assert.same(whole, joined(cut), "streamed, cut at " .. i)
    assert.equal(said, text)
  end
  return whole, said
end

local get, head = { target = "/" }, { method = "HEAD", target = "/" }
local function ok(headers, body) return "HTTP/1.1 200 OK\r\n" .. headers .. "\r\n" .. (body or "") end

describe("HTTPClientSession", function()
  it("writes requests", function()
    local _, sent = talk({ { target = "/a?b=c", headers = { ["X-A"] = { "1", "2" }, age = 5 } },
      { method = "POST", target = "/", type = "text/plain", body = "hi" },
      { method = "DELETE", target = "/x", headers = { Host = "other" } } }, {}, { host = "h:80" })
    assert.equal("GET /a?b=c HTTP/1.1\r\nHost: h:80\r\nX-A: 1\r\nX-A: 2\r\nage: 5\r\n\r\n"
      .. "POST / HTTP/1.1\r\nHost: h:80\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nhi"
      .. "DELETE /x HTTP/1.1\r\nHost: other\r\nContent-Length: 0\r\n\r\n", sent)
  end)

  it("sends a body in pieces: chunked, or of a known length", function()
    local _, sent = talk({ { method = "PUT", target = "/", more = true }, "one", { body = "two", more = true },
      { body = "three" } }, { ok "Content-Length: 0\r\n" }, { pipeline = 1 }, 1)
    kit.has(sent, "Transfer-Encoding: chunked\r\n\r\n3\r\none\r\n3\r\ntwo\r\n5\r\nthree\r\n0\r\n\r\n")
    _, sent = talk({ { method = "PUT", target = "/", more = true, headers = { ["content-length"] = 6 } }, "one",
      "two", {} }, { ok "Content-Length: 0\r\n" }, { pipeline = 1 }, 1)
    kit.has(sent, "Content-Length: 6\r\n\r\nonetwo")
  end)

  it("gives a response as a table, in any cut", function()
    local got, said = talk_cut({ get }, ok("X-One: 1\r\nx-one: 2\r\nSet-Cookie: a=1, b\r\nSet-Cookie: c=2\r\nEmpty:\r\n"
      .. "Content-Length: 5\r\n", "hello"))
    assert.same({ { status = 200, reason = "OK", version = "1.1", body = "hello",
      headers = { ["x-one"] = "1, 2", ["set-cookie"] = { "a=1, b", "c=2" }, empty = "", ["content-length"] = "5" },
    } }, got)
    assert.equal("", said)
  end)

  it("reads chunked bodies, those until the end, and those that there are none of, in order, in any cut", function()
    local got, said = talk_cut({ get, head, get, get, get, get },
      ok("Transfer-Encoding: chunked\r\n", "5;x=y\r\nhello\r\n6\r\n world\r\n0\r\nTrailer: t\r\n\r\n")
      .. ok "Content-Length: 100\r\n"
      .. "HTTP/1.1 204 No Content\r\n\r\n"
      .. "HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n"
      .. "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" .. ok("Content-Length: 1\r\n", "e")
      .. ok("", "until the end"))
    local bodies = {}
    for i, r in ipairs(got) do bodies[i] = r.status .. " " .. r.body end
    assert.same({ "200 hello world", "200 ", "204 ", "304 ", "200 e", "200 until the end" }, bodies)
    assert.equal("", said)
  end)

  it("reads an answer that says no more than a status", function()
    local got, said = talk_cut({ get, get }, "HTTP/1.1 204\r\n\r\nHTTP/1.1 204 \r\n\r\n")
    assert.same({ "", "" }, { got[1].reason, got[2].reason })
    assert.equal("", said)
  end)

  it("tells the head, and each piece, as they come", function()
    local got = talk({ { target = "/", stream = true } }, { ok "Transfer-Encoding: chunked\r\n", "1\r\na\r\n",
      "2\r\nbc\r\n1\r\nd\r\n0\r\n\r\n" })
    assert.is_true(got[1].more)
    assert.equal("", got[1].body)
    assert.same({ "a", "bc", "d" }, { tostring(got[2]), tostring(got[3]), tostring(got[4]) })
    assert.same({}, got[5])
    got = talk({ { target = "/", stream = true } }, { ok("Content-Length: 2\r\n", "ab") })
    assert.same({ 1, "ab" }, { #got, got[1].body })
  end)

  local long = ("x"):rep(9000)
  for what, bytes in pairs {
    ["no HTTP at all"] = "\22\3\1\0\200\1\0\0",
    ["what a mail server says"] = "220 mail ESMTP\r\n",
    ["ICY, unless it is looked for"] = "ICY 200 OK\r\n\r\n",
    ["another version"] = "HTTP/2.0 200 OK\r\n\r\n",
    ["version 0.9"] = "HTTP/0.9 200 OK\r\n\r\n",
    ["a version without a number"] = "HTTP/x 200 OK\r\n\r\n",
    ["a status of two digits"] = "HTTP/1.1 20 OK\r\nContent-Length: 0\r\n\r\n",
    ["a status of four digits"] = "HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n",
    ["a status of 600"] = "HTTP/1.1 600 Oh\r\nContent-Length: 0\r\n\r\n",
    ["a status of 99"] = "HTTP/1.1 099 Oh\r\nContent-Length: 0\r\n\r\n",
    ["a status in letters"] = "HTTP/1.1 abc OK\r\nContent-Length: 0\r\n\r\n",
    ["a bare line feed behind the status"] = "HTTP/1.1 200 OK\nContent-Length: 0\r\n\r\n",
    ["a bare line feed in the headers"] = "HTTP/1.1 200 OK\r\nContent-Length: 0\n\r\n",
    ["a bare carriage return"] = ok "A: b\rContent-Length: 0\r\n",
    ["a folded header"] = ok "A: b\r\n c\r\nContent-Length: 0\r\n",
    ["a blank before the first header"] = ok " A: b\r\nContent-Length: 0\r\n",
    ["a blank before the colon"] = ok "Content-Length : 0\r\n",
    ["a zero byte in a header"] = ok "A: \0\r\nContent-Length: 0\r\n",
    ["a zero byte in the reason"] = "HTTP/1.1 200 O\0K\r\nContent-Length: 0\r\n\r\n",
    ["a header without a name"] = ok ": b\r\nContent-Length: 0\r\n",
    ["a header without a colon"] = ok "abc\r\nContent-Length: 0\r\n",
    ["Content-Length and Transfer-Encoding"] =
      ok("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
    ["Transfer-Encoding and Content-Length"] =
      ok("Transfer-Encoding: chunked\r\nContent-Length: 3\r\n", "0\r\n\r\n"),
    ["two Content-Lengths"] = ok("Content-Length: 1\r\nContent-Length: 2\r\n", "ab"),
    ["two equal Content-Lengths"] = ok("Content-Length: 1\r\nContent-Length: 1\r\n", "a"),
    ["a list of Content-Lengths"] = ok("Content-Length: 1, 1\r\n", "a"),
    ["a negative Content-Length"] = ok "Content-Length: -1\r\n",
    ["a Content-Length with a sign"] = ok("Content-Length: +1\r\n", "a"),
    ["a hexadecimal Content-Length"] = ok("Content-Length: 0x1\r\n", "a"),
    ["an empty Content-Length"] = ok "Content-Length: \r\n",
    ["a Content-Length over 2^64"] = ok("Content-Length: 18446744073709551617\r\n", "a"),
    ["an unknown Transfer-Encoding"] = ok("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"),
    ["a Transfer-Encoding that was not asked for"] = ok("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"),
    ["chunked not last"] = ok("Transfer-Encoding: chunked, identity\r\n", "0\r\n\r\n"),
    ["two Transfer-Encodings"] = ok("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
    ["Transfer-Encoding in HTTP/1.0"] = "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ["a chunk of 0x1"] = ok("Transfer-Encoding: chunked\r\n", "0x1\r\na\r\n0\r\n\r\n"),
    ["a chunk of -1"] = ok("Transfer-Encoding: chunked\r\n", "-1\r\na\r\n0\r\n\r\n"),
    ["a chunk over 2^64"] = ok("Transfer-Encoding: chunked\r\n", "10000000000000001\r\na\r\n0\r\n\r\n"),
    ["a chunk ended by a line feed"] = ok("Transfer-Encoding: chunked\r\n", "1\na\r\n0\r\n\r\n"),
    ["a chunk longer than it says"] = ok("Transfer-Encoding: chunked\r\n", "1\r\nab\r\n0\r\n\r\n"),
    ["an endless chunk extension"] = ok("Transfer-Encoding: chunked\r\n", "1;" .. long .. "\r\na\r\n0\r\n\r\n"),
    ["a body behind 204"] = "HTTP/1.1 204 No Content\r\nContent-Length: 3\r\n\r\nabc",
    ["a body behind 100"] = "HTTP/1.1 100 Continue\r\nContent-Length: 3\r\n\r\nabc" .. ok "Content-Length: 0\r\n",
    ["101, which nobody asked for"] = "HTTP/1.1 101 Oh\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
    ["1xx without an end"] = ("HTTP/1.1 100 Continue\r\n\r\n"):rep(60) .. ok "Content-Length: 0\r\n",
    ["a long reason"] = "HTTP/1.1 200 " .. long .. "\r\nContent-Length: 0\r\n\r\n",
    ["a long header"] = ok("A: " .. long .. "\r\nContent-Length: 0\r\n"),
    ["many headers"] = ok(("A: b\r\n"):rep(101)),
    ["long headers"] = ok(("A: " .. ("y"):rep(8000) .. "\r\n"):rep(5)),
    ["a long body"] = ok "Content-Length: 8388609\r\n",
    ["a long body in chunks"] = ok("Transfer-Encoding: chunked\r\n", "900000\r\n" .. ("x"):rep(9000000)),
    ["a long body until the end"] = ok("", ("x"):rep(9000000)),
    ["what nobody asked for"] = ok "Content-Length: 0\r\n" .. ok "Content-Length: 0\r\n",
  } do
    it("refuses " .. what, function()
      local got, _, text = talk({ get }, { bytes }, { pipeline = 2 })
      kit.has(text, "E0695", "HTTP")
      assert.same({}, got)
    end)
  end

  it("says that a response is not whole, wherever it is cut off", function()
    for _, bytes in ipairs { ok("Content-Length: 5\r\n", "hello"),
      ok("Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n0\r\n\r\n") } do
      for _, stream in ipairs { false, true } do
        for i = 0, #bytes - 1 do
          local got, _, text = talk({ { target = "/", stream = stream } }, { bytes:sub(1, i) })
          kit.has(text, "E0696")
          for _, r in ipairs(got) do assert(type(r) ~= "table" or r.more, "an end, cut off at " .. i) end
        end
      end
    end
  end)

  it("says that requests are left without an answer", function()
    local _, _, text = talk({ get, get, get }, { ok "Content-Length: 0\r\n" .. ok "Connection: close\r\nContent-Length: 0\r\n" })
    kit.has(text, "E0696", "before 1 more")
  end)

  it("ends after a response that closes, and one of HTTP/1.0", function()
    for _, bytes in ipairs { ok "Connection: close\r\nContent-Length: 0\r\n", "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n" } do
      local got, _, text = talk({ get, get }, { bytes .. ok "Content-Length: 0\r\n" }, { pipeline = 1 }, 1)
      assert.equal(1, #got)
      assert.equal("", text)
    end
  end)

  it("ends after a request that closes, whatever the peer says", function()
    local closing = { target = "/", headers = { Connection = "close" } }
    local got, sent, text = talk({ closing, get }, { ok "Content-Length: 0\r\n" }, { pipeline = 1 }, 1)
    assert.equal("", text)
    assert.equal(1, #got)
    assert.equal(1, select(2, sent:gsub("GET", "")))
  end)

  for what, request in pairs {
    ["a line end in the target"] = { target = "/ HTTP/1.1\r\nX: y" },
    ["a blank in the target"] = { target = "/a b" },
    ["a letter beyond ASCII in the target"] = { target = "/\195\164" },
    ["a fragment"] = { target = "/a#b" },
    ["an empty target"] = { target = "" },
    ["no target"] = { method = "GET" },
    ["a long target"] = { target = "/" .. long },
    ["a line end in the method"] = { target = "/", method = "GET / HTTP/1.1\r\nX: y\r\n\r\nGET" },
    ["an empty method"] = { target = "/", method = "" },
    ["a long method"] = { target = "/", method = ("A"):rep(33) },
    ["a line end in a header"] = { target = "/", headers = { x = "a\r\nY: z" } },
    ["a line feed in a header"] = { target = "/", headers = { x = "a\nY: z" } },
    ["a zero byte in a header"] = { target = "/", headers = { x = "a\0" } },
    ["a line end in a header's name"] = { target = "/", headers = { ["x: y\r\nz"] = "a" } },
    ["a zero byte in a header's name"] = { target = "/", headers = { ["x\0"] = "a" } },
    ["a blank in a header's name"] = { target = "/", headers = { ["x "] = "a" } },
    ["a line end in the type"] = { target = "/", method = "POST", type = "a\r\nb: c", body = "x" },
    ["Transfer-Encoding"] = { target = "/", headers = { ["Transfer-Encoding"] = "chunked" }, body = "0\r\n\r\n" },
    ["another Content-Length than its own"] = { target = "/", headers = { ["Content-Length"] = 3 }, body = "ab" },
    ["two Hosts"] = { target = "/", headers = { Host = "a", host = "b" } },
    ["a body of CONNECT"] = { target = "a:1", method = "CONNECT", body = "x" },
    ["a field that is none"] = { target = "/", mehtod = "GET" },
    ["a body that is a table"] = { target = "/", body = {} },
    ["a number"] = 5,
    ["a string"] = "GET / HTTP/1.1\r\n\r\n",
  } do
    it("does not send " .. what, function()
      local _, sent, text = talk({ request }, {})
      kit.has(text, "E0697", "HTTP")
      assert.equal("", sent)
    end)
  end

  it("does not send a body that is shorter or longer than its length, or that has no end", function()
    for _, length in ipairs { 4, 2 } do
      local _, _, text = talk({ { method = "PUT", target = "/", more = true, headers = { ["content-length"] = length } },
        "abc", {} }, {}, { pipeline = 1 }, 1)
      kit.has(text, "E0697", length == 4 and "shorter" or "longer")
    end
    local _, _, text = talk({ { method = "PUT", target = "/", more = true }, "abc" }, {}, { pipeline = 1 }, 2)
    kit.has(text, "E0697", "ended before the last one")
  end)

  it("waits with a body until it is asked for it, or a second", function()
    local request = { method = "PUT", target = "/", body = "hello", headers = { Expect = "100-continue" } }
    local _, sent, text = talk({ request }, { "HTTP/1.1 100 Continue\r\n\r\n", ok "Content-Length: 0\r\n" },
      { pipeline = 1 }, 1)
    assert.equal("hello", sent:match "\r\n\r\n(.*)$")
    assert.equal("", text)
    _, sent, text = talk({ request, get }, { "HTTP/1.1 417 No\r\nContent-Length: 0\r\n\r\n" }, { pipeline = 1 }, 1)
    assert.equal("", sent:match "\r\n\r\n(.*)$") -- nor is another request sent on that connection
    assert.equal("", text)
    local before = kam.now()
    local got
    got, sent = talk({ request }, { ok "Content-Length: 0\r\n" }, {}, 1)
    assert.equal(1, #got)
    assert.equal("", sent:match "\r\n\r\n(.*)$")
    assert.is_true(kam.now() - before < 0.9)
    kit.runs(kam.Graphline {
      ASK = kam.DataSource { request }, HTTP = kam.HTTPClientSession { host = "h" },
      PEER = kam.main(function(self)
        local seen = tostring(self:recv())
        assert.is_nil(seen:find "hello")
        seen = tostring(self:recv())
        assert.equal("hello", seen)
        self:send(ok "Content-Length: 0\r\n")
      end),
      OUT = kam.NullSink(),
      linkages = { "ASK -> HTTP.request", "HTTP -> PEER -> HTTP", "HTTP.response -> OUT" },
    })
    assert.is_true(kam.now() - before > 0.99)
  end)

  -- One whose peer answers, and then sends back what it gets in capitals.
  local function tunnel(given, first, answer, words)
    local got, sent = {}, {}
    local _, _, text = kit.run(kam.Graphline {
      ASK = kam.main(function(self)
        if first then
          self:send(first)
          got[1] = self:recv().status
        end
        for _, word in ipairs(words) do
          self:send(word)
          got[#got + 1] = tostring((self:recv()))
        end
      end),
      HTTP = kam.HTTPClientSession(given),
      PEER = kam.main(function(self)
        sent[1] = tostring((self:recv()))
        self:send(answer)
        for bytes in self:messages() do self:send(tostring(bytes):upper()) end
      end),
      linkages = { "ASK -> HTTP.request", "HTTP -> PEER -> HTTP", "HTTP.response -> ASK" },
    })
    return got, sent[1], text
  end

  it("lets another protocol take over after status 101, and CONNECT", function()
    local got, _, text = tunnel({ host = "h" }, { target = "/", headers = { Upgrade = "x", Connection = "upgrade" } },
      "HTTP/1.1 101 Oh\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n", { "one", "two" })
    assert.same({ 101, "ONE", "TWO" }, got)
    assert.equal("", text)
    got, _, text = tunnel({ host = "h" }, { method = "CONNECT", target = "a:1" },
      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", { "one" })
    assert.same({ 200, "ONE" }, got)
    assert.equal("", text)
  end)

  it("asks a proxy for the way, and says when it makes none", function()
    local got, sent, text = tunnel({ tunnel = "a:443", authorization = "Basic eDp5" }, nil, "HTTP/1.1 200 OK\r\n\r\n",
      { "one", "two" })
    assert.same({ "ONE", "TWO" }, got)
    assert.equal("CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\nProxy-Authorization: Basic eDp5\r\n\r\n", sent)
    assert.equal("", text)
    text = select(3, tunnel({ tunnel = "a:443" }, nil, "HTTP/1.1 407 Who are you\r\nContent-Length: 0\r\n\r\n", { "one" }))
    kit.has(text, "E0698", "a:443", "407 Who are you")
  end)

  it("reads the answer of an ICY server, in any cut", function()
    local bytes = "ICY 200 OK\r\nicy-name: Ours\r\n\r\nmusic"
    for i = 1, #bytes - 1 do
      local got, _, text = talk({ get }, { bytes:sub(1, i), bytes:sub(i + 1) }, { icy = true })
      assert.equal("", text)
      assert.same({ 200, "1.0", "music", "Ours" },
        { got[1].status, got[1].version, got[1].body, got[1].headers["icy-name"] })
    end
    local _, _, text = talk({ get }, { "ICE 200 OK\r\n\r\n" }, { icy = true })
    kit.has(text, "E0695")
    local got = talk({ get }, { ok("", "x") }, { icy = true })
    assert.equal("x", got[1].body)
  end)

  it("goes on sending while nobody takes the response, and the other way round", function()
    local n = 0
    kit.runs(kam.Graphline {
      ASK = kam.main(function(self)
        self:send { method = "POST", target = "/", more = true, stream = true }
        for _ = 1, 2000 do self:send(("x"):rep(10000)) end -- more than all boxes hold
        self:send {}
        for m in self:messages() do
          if type(m) == "table" then
            n = n + #(m.body or "")
            if not m.more then break end
          else
            n = n + #m
          end
        end
      end),
      HTTP = kam.HTTPClientSession { host = "h" },
      PEER = kam.main(function(self)
        self:send(ok "Transfer-Encoding: chunked\r\n")
        for _ = 1, 100 do self:send(("2710\r\n%s\r\n"):format(("y"):rep(10000))) end
        for bytes in self:messages() do
          if tostring(bytes):sub(-5) == "0\r\n\r\n" then break end
        end
        self:send "0\r\n\r\n"
      end),
      linkages = { { "ASK -> HTTP.request", limit = 4 }, "HTTP -> PEER", "PEER -> HTTP",
        { "HTTP.response -> ASK", limit = 4 } },
    })
    assert.equal(1000000, n)
  end)
end)
