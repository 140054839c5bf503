-- HTTPServer, asked by curl and by Python's http.client.
local kam = require "kam"
local kit = require "spec.lua.kit"

after_each(kit.settled)

-- What commands, in which ADDR stands for the server's address, write to stdout, joined; and
-- what was said.
local function ask(given, commands)
  given.port = 0
  local got, codes = {}, {}
  local text = kit.said(function()
    kam.run(kam.main(function(self)
      local server = self:addChildren(kam.HTTPServer(given))
      self:link({ server, "listening" }, { self, "inbox" })
      local at = ("localhost:%d"):format(self:recv().port)
      for _, command in ipairs(commands) do
        local box, status = self:addInbox "got", self:addInbox "status"
        local process = kam.UnixProcess { (command:gsub("ADDR", at)), shell = true }
        self:link({ process, "outbox" }, { self, box })
        self:link({ process, "status" }, { self, status })
        self:addChildren(process)
        for bytes in self:messages(box) do got[#got + 1] = tostring(bytes) end
        codes[#codes + 1] = self:recv(status)
      end
      server:stop()
    end))
  end)
  return table.concat(got), text, codes
end

describe("HTTPServer", function()
  it("answers curl by a function", function()
    local got, text = ask({ function(request) return request.method .. " " .. request.path end },
      { "curl -s http://ADDR/one", "curl -s -X PUT -d hi http://ADDR/two" })
    assert.equal("GET /onePUT /two", got)
    assert.equal("", text)
  end)

  it("chooses the function of the longest path, at the ends of names", function()
    local function say(what)
      return function(request) return ("%s:%s "):format(what, request.rest) end
    end
    local got = ask({ routes = { ["/"] = say "root", a = say "a", ["/a/b"] = say "ab" } },
      { "curl -s http://ADDR/ http://ADDR/a http://ADDR/a/ http://ADDR/a/b http://ADDR/a/b/c http://ADDR/ab" })
    assert.equal("root:/ a: a:/ ab: ab:/c root:/ab ", got)
    assert.equal("404", (ask({ routes = { a = say "a" } }, { "curl -s -o /dev/null -w '%{http_code}' http://ADDR/b" })))
  end)

  it("streams a component's messages, and large bodies both ways, byte for byte", function()
    local got = ask({ body = 1 << 30, routes = {
      echo = function(request) return request.body end,
      big = function() return kam.Pipeline { kam.RandomSource { count = 3 }, kam.map(function(n)
        return tostring(n):sub(1, 1):rep(100000)
      end) } end,
    } }, { [[
      head -c 20000000 /dev/urandom > /tmp/sent.$$
      curl -s --data-binary @/tmp/sent.$$ http://ADDR/echo | cmp - /tmp/sent.$$ && echo same
      rm /tmp/sent.$$
      curl -s http://ADDR/big | wc -c
    ]] })
    assert.equal("same\n300000\n", got)
  end)

  it("keeps a connection for one request after the other, as http.client sees it", function()
    local got, text = ask({ function(request)
      return { status = 201, headers = { ["X-N"] = request.query.n }, body = request.body }
    end }, { [[python3 -c '
import http.client
c = http.client.HTTPConnection("ADDR")
for n in range(100):
    c.request("POST", "/?n=%d" % n, body = b"x" * n)
    r = c.getresponse()
    assert (r.status, r.getheader("X-N"), r.read()) == (201, str(n), b"x" * n)
c.request("HEAD", "/")
r = c.getresponse()
assert r.read() == b""
print(r.version, r.reason)']] })
    assert.equal("11 Created\n", got)
    assert.equal("", text)
  end)

  it("answers status 500 when a function fails, reports it, and serves on", function()
    local got, text = ask({ function(request)
      if request.path == "/bad" then error "oh dear" end
      return "fine"
    end }, { "curl -s -w '%{http_code} ' http://ADDR/bad; curl -s http://ADDR/good" })
    assert.equal("500 Internal Server Error\n500 fine", got)
    kit.has(text, "HANDLER", "oh dear")
  end)

  it("finishes the answers that it has begun when it is told to end", function()
    local got, text = ask({ function()
      kam.stop()
      return kam.main(function(self)
        for i = 1, 5 do
          self:send("part " .. i .. " ")
          self:pause(0.02)
        end
      end)
    end }, { "curl -s http://ADDR/" })
    assert.equal("part 1 part 2 part 3 part 4 part 5 ", got)
    assert.equal("", text)
  end)

  it("answers a route that is a response without a call, to GET and HEAD", function()
    local called = 0
    local routes = { ["/"] = "root", ["/page"] = { type = "text/html", status = 203, body = "<p>", headers = { ["X-A"] = "b" } },
      ["/page/f"] = function() called = called + 1 return "called" end, ["/list"] = { headers = { Vary = { "A", "B" } } } }
    local got, text = ask({ routes = routes }, { [[
      curl -s http://ADDR/ http://ADDR/other http://ADDR/page/x http://ADDR/page/f http://ADDR/pages
      curl -s -i http://ADDR/page | tr -d '\r' | grep -v Date
      curl -s -I http://ADDR/page | grep -c '^Content-Length: 3'
      curl -s -o /dev/null -w '%{http_code}' -d x http://ADDR/page
      curl -s -i http://ADDR/list | grep -c Vary]] })
    assert.equal("rootroot<p>calledrootHTTP/1.1 203 Non Authoritative Information\nX-A: b\nContent-Type: text/html\n"
      .. "Content-Length: 3\n\n<p>\n1\n4052\n", got)
    assert.equal(1, called)
    assert.equal("", text)
  end)

  it("gives errors without a body the page of their status, also its own", function()
    local got = ask({ routes = { ["/bad"] = function() error "oh" end, ["/empty"] = function()
      return { status = 404, body = "" }
    end, ["/gone"] = function() return { status = 410 } end },
      errors = { [404] = "no such page", [500] = { type = "text/html", body = "<p>broken" }, [400] = "what?" } }, { [[
      curl -s http://ADDR/none; curl -s -i http://ADDR/bad | grep -e html -e '<p>' | tr -d '\r\n'
      curl -s http://ADDR/empty; curl -s http://ADDR/gone; curl -s --path-as-is http://ADDR/../x]] })
    assert.equal("no such pageContent-Type: text/html<p>broken410 Gone\nwhat?", got)
    for _, errors in ipairs { { [200] = "x" }, { [404] = 5 }, { ["404"] = "x" } } do
      kit.has(kit.refused(function() return kam.HTTPServer { errors = errors } end), "errors[")
    end
  end)

  it("compresses bodies of text for whom takes that, whole and in pieces", function()
    local long = ("All work and no play makes Jack a dull boy.\n"):rep(5000)
    local routes = { ["/long"] = function() return { body = long, headers = { ETag = '"x"' } } end,
      ["/short"] = "short", ["/png"] = function() return { type = "image/png", body = long } end,
      ["/pieces"] = function() return kam.DataSource { "one ", "two ", long } end,
      ["/fixed"] = long, ["/file"] = function(request) return kam.HTTPFiles { "/etc", request } end }
    local got, text = ask({ routes = routes, compress = 1000 }, { [[
      for p in long fixed pieces short png; do
        curl -s -D /dev/stderr --compressed http://ADDR/$p 2>/tmp/head.$$ | md5sum | cut -c1-8
        grep -i -e encoding -e ^etag -e length /tmp/head.$$ | tr -d '\r'
      done
      curl -s -I http://ADDR/long | grep -i -e encoding -e ^etag | tr -d '\r'
      curl -s -I -H 'Accept-Encoding: deflate' http://ADDR/long | grep -i content-encoding | tr -d '\r'
      curl -s -0 --compressed -D - -o /dev/null http://ADDR/long | grep -i content-encoding
      rm /tmp/head.$$]] })
    local function md5(s)
      return table.concat(kam.try(kam.UnixProcess { "md5sum" }, { s })):sub(1, 8)
    end
    assert.equal("", text)
    local gzip = "Vary: Accept-Encoding\nContent-Encoding: gzip\nTransfer-Encoding: chunked\n"
    assert.equal(md5(long) .. '\nETag: W/"x"\n' .. gzip .. md5(long) .. "\n" .. gzip .. md5("one two " .. long) .. "\n" .. gzip
      .. md5 "short" .. "\nContent-Length: 5\n" .. md5(long) .. "\nContent-Length: 220000\n"
      .. 'ETag: "x"\nVary: Accept-Encoding\nContent-Encoding: deflate\n', got)
  end)

  it("tells each request in the outbox log, in the combined format", function()
    local lines = {}
    local said = kit.said(function()
      kam.run(kam.main(function(self)
        local server = self:addChildren(kam.HTTPServer { function(request)
          if request.path == "/bad" then error "oh" end
          return "hello"
        end, port = 0, accessLog = true, routes = { ["/fixed"] = "fixed" } })
        self:link({ server, "listening" }, { self, "inbox" })
        local log = self:addInbox "log"
        self:link({ server, "log" }, { self, log })
        local curl = kam.UnixProcess { ([[U=http://127.0.0.1:%d; curl -s -A 'a "b"' -e http://from/ $U/x?y=1
          curl -s -A x $U/fixed $U/bad; curl -s -A x -I $U/fixed]]):format(self:recv().port), shell = true }
        local got = self:addInbox "got"
        self:link({ curl, "outbox" }, { self, got })
        self:addChildren(curl)
        for _ in self:messages(got) do end
        for i = 1, 4 do lines[i] = tostring(self:recv(log)) end
        server:stop()
      end))
    end)
    kit.has(said, "HANDLER", "oh")
    for i, wanted in ipairs { '"GET /x?y=1 HTTP/1.1" 200 5 "http://from/" "a \\x22b\\x22"', '"GET /fixed HTTP/1.1" 200 5 "-" "x"',
      '"GET /bad HTTP/1.1" 500 0 "-" "x"', '"HEAD /fixed HTTP/1.1" 200 0 "-" "x"' } do
      assert.equal("127.0.0.1 - - [DATE] " .. wanted, (lines[i]:gsub("%[%d+/%a+/%d+:%d+:%d+:%d+ %+0000%]", "[DATE]")))
    end
  end)

  describe("with uploads", function()
    local uploads = {
      ["/echo"] = function() return kam.PassThrough() end,
      ["/count"] = function(request)
        return kam.main(function(self)
          local n = 0
          for piece in self:messages() do n = n + #piece end
          self:send(("%s %d "):format(request.method, n))
        end)
      end,
      ["/refuse"] = function() return { status = 403, body = "no" } end,
      ["/early"] = function() return kam.OneShot "early" end,
      ["/bad"] = function() return kam.main(function(self) self:recv() error "oh dear" end) end,
    }

    it("gives a body to its component as it comes, of any length and framing", function()
      local got, text = ask({ uploads = uploads, body = 10 }, { [[
        head -c 30000000 /dev/urandom > /tmp/sent.$$
        curl -s --data-binary @/tmp/sent.$$ http://ADDR/echo | cmp - /tmp/sent.$$ && echo same
        curl -s -T - http://ADDR/echo < /tmp/sent.$$ | cmp - /tmp/sent.$$ && echo same
        curl -s --data-binary @/tmp/sent.$$ http://ADDR/count http://ADDR/count
        curl -s http://ADDR/count; curl -s -d '' http://ADDR/count; curl -s -d hello http://ADDR/count
        rm /tmp/sent.$$]] })
      assert.equal("same\nsame\nPOST 30000000 POST 30000000 GET 0 POST 0 POST 5 ", got)
      assert.equal("", text)
    end)

    it("answers before the body is there, and refuses what is too long", function()
      local got, text = ask({ uploads = uploads, upload = 1000 }, { [[
        head -c 900 /dev/zero > /tmp/sent.$$; head -c 5000000 /dev/zero > /tmp/long.$$
        for p in refuse early count none; do
          curl -s -w ' %{http_code}\n' --data-binary @/tmp/sent.$$ http://ADDR/$p
        done
        curl -s -o /dev/null -w '%{http_code} ' -H 'Transfer-Encoding: chunked' --data-binary @/tmp/long.$$ http://ADDR/count
        curl -s -o /dev/null -w '%{http_code} ' --data-binary @/tmp/long.$$ http://ADDR/count
        rm /tmp/sent.$$ /tmp/long.$$]] })
      assert.equal("no 403\nearly 200\nPOST 900  200\n404 Not Found\n 404\n413 413 ", got)
      assert.equal("", text)
    end)

    it("answers status 500 when the component fails, and serves on", function()
      local got, text = ask({ uploads = uploads }, { [[
        curl -s -o /dev/null -w '%{http_code} ' -d hello http://ADDR/bad; curl -s -d hello http://ADDR/count]] })
      assert.equal("500 POST 5 ", got)
      kit.has(text, "oh dear")
    end)
  end)
end)
