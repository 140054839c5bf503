-- HTTPFiles: what a folder gives, and what it does not.
local kam = require "kam"
local kit = require "spec.lua.kit"
local place = require "spec.lua.place"

after_each(kit.settled)

local big = ("0123456789abcdef"):rep(20000) -- 320,000 bytes: more than one block

describe("HTTPFiles", function()
  local here
  setup(function()
    here = place.new { ["www/index.html"] = "<h1>hi</h1>", ["www/a.css"] = "body{}", ["www/big"] = big,
      ["www/sub/b.txt"] = "b", ["secret"] = "no", ["www/empty"] = "" }
    here:run [[printf 'body{}' | gzip -9 > www/a.css.gz; mkdir www/big.gz]]
    here:run [[ln -s ../secret www/out; ln -s a.css www/in.css; ln -s / www/root; mkfifo www/fifo]]
  end)
  teardown(function() here:__close() end)

  -- The head and the body of a response.
  local function get(path, headers, options, method)
    local request = { method = method or "GET", rest = path, headers = headers }
    local files = kam.HTTPFiles { here.folder .. "/www", request, gzip = (options or {}).gzip }
    local head, body = nil, {}
    kit.runs(kam.Pipeline { files, kam.main(function(self)
      for m in self:messages() do
        if not head then head = m elseif type(m) ~= "table" then body[#body + 1] = tostring(m) end
      end
    end) })
    return head, table.concat(body)
  end

  it("sends a file with its type, length, date and ETag", function()
    local head, body = get "/a.css"
    assert.equal("body{}", body)
    assert.equal(200, head.status)
    assert.equal("text/css; charset=utf-8", head.headers["Content-Type"])
    assert.equal(6, head.headers["Content-Length"])
    assert.truthy(head.headers.ETag:find '^"%x+%-6"$')
    assert.truthy(head.headers["Last-Modified"]:find "GMT$")
    assert.equal(big, select(2, get "/big"))
    assert.equal("", select(2, get "/empty"))
    assert.equal("b", select(2, get "/sub/b.txt"))
  end)

  it("sends a folder's index, and leads to the folder", function()
    assert.equal("<h1>hi</h1>", select(2, get "/"))
    local head = get "/sub"
    assert.equal(301, head.status)
    assert.equal("sub/", head.headers.Location)
    assert.equal(404, get("/sub/").status)
  end)

  it("stays below its root, also behind links", function()
    for _, path in ipairs { "/out", "/root/etc/passwd", "/../secret", "/sub/../../secret", "/none", "/fifo", "/a.css/",
      "/" .. ("x"):rep(5000) } do
      assert.equal(404, get(path).status, path)
    end
    assert.equal("body{}", select(2, get "/in.css"))
  end)

  it("sends the head alone where that is asked for, or nothing has changed", function()
    local head, body = get("/a.css", {}, {}, "HEAD")
    assert.equal("", body)
    assert.equal(6, head.headers["Content-Length"])
    local etag, date = head.headers.ETag, head.headers["Last-Modified"]
    for _, given in ipairs { { ["if-none-match"] = etag }, { ["if-none-match"] = '"x", ' .. etag },
      { ["if-none-match"] = "*" }, { ["if-modified-since"] = date },
      { ["if-none-match"] = etag, ["if-modified-since"] = "Thu, 01 Jan 1970 00:00:00 GMT" } } do
      head, body = get("/a.css", given)
      assert.equal(304, head.status)
      assert.equal("", body)
    end
    assert.equal(200, get("/a.css", { ["if-none-match"] = '"x"', ["if-modified-since"] = date }).status)
  end)

  for range, wanted in pairs {
    ["bytes=0-9"] = big:sub(1, 10), ["bytes=5-"] = big:sub(6), ["bytes=-7"] = big:sub(-7),
    ["bytes=70000-319999"] = big:sub(70001), ["bytes=319990-400000"] = big:sub(-10), ["bytes=-400000"] = big,
  } do
    it("sends the part " .. range, function()
      local head, body = get("/big", { range = range })
      assert.equal(206, head.status)
      assert.is_true(body == wanted)
      assert.equal(#wanted, head.headers["Content-Length"])
      local from, to = head.headers["Content-Range"]:match "^bytes (%d+)%-(%d+)/320000$"
      assert.equal(#wanted, to - from + 1)
    end)
  end

  it("refuses a part that is not there, and takes no notice of what is none", function()
    for _, range in ipairs { "bytes=320000-", "bytes=-0" } do
      local head = get("/big", { range = range })
      assert.equal(416, head.status)
      assert.equal("bytes */320000", head.headers["Content-Range"])
    end
    for _, range in ipairs { "bytes=9-1", "bytes=a-b", "lines=0-1", "bytes=0-1,3-4", "bytes=99999999999999999999-" } do
      assert.equal(200, get("/big", { range = range }).status, range)
    end
  end)

  it("sends the compressed file beside it to whom takes that, if it may", function()
    local head, body = get("/a.css", { ["accept-encoding"] = "deflate, gzip;q=0.5" }, { gzip = true })
    assert.equal("gzip", head.headers["Content-Encoding"])
    assert.equal("text/css; charset=utf-8", head.headers["Content-Type"])
    assert.equal("Accept-Encoding", head.headers.Vary)
    assert.equal("body{}", kam.try(kam.GzipDecompress(), { body })[1])
    for accepts, gzip in pairs { gzip = false, [""] = true, ["gzip;q=0"] = true } do
      head, body = get("/a.css", { ["accept-encoding"] = accepts }, { gzip = gzip })
      assert.equal("body{}", body)
      assert.is_nil(head.headers["Content-Encoding"])
    end
    assert.equal(big, select(2, get("/big", { ["accept-encoding"] = "gzip" }, { gzip = true })))
    assert.equal(404, get("/none", { ["accept-encoding"] = "gzip" }, { gzip = true }).status)
  end)

  it("answers only GET and HEAD, and only what has a path", function()
    local head, body = get("/a.css", nil, nil, "POST")
    assert.same({ status = 405, headers = { Allow = "GET, HEAD" }, more = false }, head)
    assert.equal("", body)
    assert.equal(404, get("/a.css\0.txt").status)
    assert.equal(404, get().status)
    for _, request in ipairs { "a.css", 1, kam.null, true } do
      local ok, _, text = kit.run(kam.Pipeline { kam.HTTPFiles { here.folder, request }, kam.NullSink() })
      assert.is_nil(ok)
      kit.has(text, "request is the table that HTTPServer gives")
    end
  end)

  it("takes of the request only what it needs", function()
    local request = { method = "GET", rest = "/a.css", user = kam.NullSink(), seen = print,
      headers = { range = "bytes=0-1", cookie = { "a", "b" } } }
    local got = kam.try(kam.HTTPFiles { here.folder .. "/www", request })
    assert.equal(206, got[1].status)
    assert.equal("bo", tostring(got[2]))
  end)

  -- What a shell that finds the server at $U says.
  local function ask(server, script)
    local got = {}
    server.port = 0
    kit.runs(kam.main(function(self)
      local c = self:addChildren(kam.HTTPServer(server))
      self:link({ c, "listening" }, { self, "inbox" })
      if server.accessLog then self:link({ c, "log" }, { self, self:addInbox "log" }) end
      local shell = kam.UnixProcess { ("U=http://localhost:%d; %s"):format(self:recv().port, script), shell = true }
      local box = self:addInbox "got"
      self:link({ shell, "outbox" }, { self, box })
      self:addChildren(shell)
      for bytes in self:messages(box) do got[#got + 1] = tostring(bytes) end
      if server.accessLog then
        while self:dataReady "log" do got[#got + 1] = self:recv "log" .. "\n" end
      end
      c:stop()
    end))
    return table.concat(got)
  end

  local function routes(given)
    given = given or {}
    given.folder = here.folder .. "/www"
    return { ["/x"] = given, ["/x/own"] = "own\n" }
  end

  it("is a route of HTTPServer, too", function()
    assert.equal("body{}<h1>hi</h1><h1>hi</h1>320000\n3451\nown\n", ask({ routes = routes() }, [[
      curl -s $U/x/a.css $U/x/ $U/x; curl -s $U/x/big | wc -c; curl -s -r 3-5 $U/x/big; curl -sI $U/x/big | grep -c 320000
      curl -s $U/x/own]]))
    assert.equal("404 404 404 301 304 405 206 416 ", ask({ routes = routes() }, [[
      f() { curl -s -o /dev/null -w '%{http_code} ' --path-as-is "$@"; }
      f $U/x/none; f $U/x/out; f $U/x/%2e%2e/secret; f $U/x/sub
      f -H 'If-None-Match: *' $U/x/a.css; f -d x $U/x/a.css; f -r 0-9 $U/x/big; f -r 320000- $U/x/big]]))
    assert.equal("b", ask({ routes = routes { index = "b.txt" } }, "curl -s $U/x/sub/"))
  end)

  it("keeps the connection, gives the log a line, and is compressed where that is asked for", function()
    local got = ask({ routes = routes { gzip = true }, accessLog = true, compress = 100,
      errors = { [404] = "there is none" } }, [[
      curl -s -w '%{num_connects}' $U/x/a.css -o /dev/null $U/x/big $U/x/none
      curl -s --compressed -D - $U/x/a.css | tr -d '\r' | grep -E 'body|Encoding'
      curl -s -I $U/x/big | head -1]])
    kit.has(got, "there is none0", "Content-Encoding: gzip\nbody{}", "HTTP/1.1 200 OK",
      '"GET /x/big HTTP/1.1" 200 320000', '"GET /x/none HTTP/1.1" 404 13', '"HEAD /x/big HTTP/1.1" 200 0')
    local text = here.folder .. "/www/long.txt"
    local f <close> = assert(io.open(text, "wb"))
    f:write(("all the same\n"):rep(20000))
    f:close()
    assert.equal("gzip same\n", ask({ routes = routes(), compress = 100 }, ([[
      curl -s --compressed -D head -o got $U/x/long.txt
      tr -d '\r' <head | sed -n 's/Content-Encoding: \(.*\)/\1/p' | tr '\n' ' '; cmp got %s && echo same]]):format(text)
      :gsub("%f[%w]head%f[%W]", here.folder .. "/head"):gsub("%f[%w]got%f[%W]", here.folder .. "/got")))
  end)

  it("may be cold: a worker finds and reads it, and is waited for when the peer has gone", function()
    local cold = "dd if=/dev/null of=%s/www/%s oflag=nocache conv=notrunc,fdatasync status=none; "
    local size = "wc -c <%s/www/%s"
    here:run "head -c 9000000 /dev/zero > www/nine; mkdir -p www/sub/deep; head -c 60000 /dev/zero > www/sub/deep/s"
    for _, name in ipairs { "nine", "sub/deep/s" } do
      local script = cold:format(here.folder, name) .. ("curl -s $U/x/%s | wc -c;"):format(name)
        .. cold:format(here.folder, name) .. ("curl -s --max-time 0.0005 $U/x/%s >/dev/null;"):rep(5):format(name, name,
          name, name, name) .. size:format(here.folder, name)
      local got = ask({ routes = routes() }, script)
      assert.equal(2, select(2, got:gsub(name == "nine" and "9000000" or "60000", "")), got)
    end
  end)

  it("must be a folder that can be one", function()
    for field, value in pairs { index = 1, gzip = "yes", folders = "x" } do
      local route = { folder = "www", [field] = value }
      kit.has(kit.refused(function() kam.HTTPServer { routes = { ["/a"] = route }, port = 0 } end),
        "routes[/a] is a folder", field)
    end
    local said = kit.said(function() kam.HTTPServer { routes = { ["/a"] = { folder = "no such" } }, port = 0 } end)
    kit.has(said, "routes[/a]: there is no folder no such", "files_spec.lua")
    said = kit.said(function() kam.HTTPServer { routes = { ["/a"] = { folder = here.folder } }, port = 0 } end)
    assert.equal("", said)
    local got = kam.try(kam.HTTPHandler { routes = { ["/x"] = { folder = here.folder .. "/www" } } },
      { { method = "GET", path = "/x/a.css", headers = {} } })
    assert.equal(200, got[2].status)
    assert.equal("body{}", tostring(got[3]))
  end)

  it("is a response of HTTPServer, to curl", function()
    local got = {}
    kit.runs(kam.main(function(self)
      local server = self:addChildren(kam.HTTPServer { port = 0, routes = {
        files = function(request) return kam.HTTPFiles { here.folder .. "/www", request } end,
      } })
      self:link({ server, "listening" }, { self, "inbox" })
      local curl = kam.UnixProcess { ([[U=http://localhost:%d/files
        curl -s $U/a.css; curl -s $U/big | wc -c; curl -s -r 3-5 $U/big; curl -sI $U/big | grep -c 320000
        curl -s -o /dev/null -w '%%{http_code} ' -d x $U/a.css; curl -s -o /dev/null -w '%%{http_code}' $U/none
        ]]):format(self:recv().port), shell = true }
      local box = self:addInbox "got"
      self:link({ curl, "outbox" }, { self, box })
      self:addChildren(curl)
      for bytes in self:messages(box) do got[#got + 1] = tostring(bytes) end
      server:stop()
    end))
    assert.equal("body{}320000\n3451\n405 404", table.concat(got))
  end)

  it("reaches a peer that reads slowly, byte for byte", function()
    local path = here.folder .. "/www/huge"
    local f <close> = assert(io.open(path, "wb"))
    for i = 1, 300000 do f:write(("%063d\n"):format(i)) end
    f:close()
    local got = {}
    kit.runs(kam.main(function(self)
      local server = self:addChildren(kam.HTTPServer { port = 0, function(request)
        return kam.HTTPFiles { here.folder .. "/www", request }
      end })
      self:link({ server, "listening" }, { self, "inbox" })
      local curl = kam.UnixProcess { ([[curl -s http://localhost:%d/huge | { sleep 0.2; cmp - %s && echo same; }]])
        :format(self:recv().port, path), shell = true }
      local box = self:addInbox "got"
      self:link({ curl, "outbox" }, { self, box })
      self:addChildren(curl)
      for bytes in self:messages(box) do got[#got + 1] = tostring(bytes) end
      server:stop()
    end))
    assert.equal("same\n", table.concat(got))
  end)
end)
