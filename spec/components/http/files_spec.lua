-- HTTPFile and HTTPFiles: what a folder gives, and what it does not.
local kam = require "kam"
local kit = require "spec.lua.kit"
local place = require "spec.lua.place"

after_each(kit.settled)

local big = ("0123456789abcdef"):rep(20000) -- 320,000 bytes: more than one block

describe("HTTPFile", function()
  local here
  setup(function()
    here = place.new { ["www/index.html"] = "<h1>hi</h1>", ["www/a.css"] = "body{}", ["www/big"] = big,
      ["www/sub/b.txt"] = "b", ["secret"] = "no", ["www/empty"] = "" }
    here:run [[printf 'body{}' | gzip -9 > www/a.css.gz; mkdir www/big.gz]]
    here:run [[ln -s ../secret www/out; ln -s a.css www/in.css; ln -s / www/root; mkfifo www/fifo]]
  end)
  teardown(function() here:__close() end)

  -- The head and the body of a response.
  local function get(path, given)
    given = given or {}
    given.root, given.path = here.folder .. "/www", path
    local head, body = nil, {}
    kit.runs(kam.Pipeline { kam.HTTPFile(given), kam.main(function(self)
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
    local head, body = get("/a.css", { head = true })
    assert.equal("", body)
    assert.equal(6, head.headers["Content-Length"])
    local etag, date = head.headers.ETag, head.headers["Last-Modified"]
    for _, given in ipairs { { match = etag }, { match = '"x", ' .. etag }, { match = "*" }, { since = date },
      { match = etag, since = "Thu, 01 Jan 1970 00:00:00 GMT" } } do
      head, body = get("/a.css", given)
      assert.equal(304, head.status)
      assert.equal("", body)
    end
    assert.equal(200, get("/a.css", { match = '"x"', since = date }).status)
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
    local head, body = get("/a.css", { gzip = true, accepts = "deflate, gzip;q=0.5" })
    assert.equal("gzip", head.headers["Content-Encoding"])
    assert.equal("text/css; charset=utf-8", head.headers["Content-Type"])
    assert.equal("Accept-Encoding", head.headers.Vary)
    assert.equal("body{}", kam.try(kam.GzipDecompress(), { body })[1])
    for _, given in ipairs { { accepts = "gzip" }, { gzip = true }, { gzip = true, accepts = "gzip;q=0" } } do
      head, body = get("/a.css", given)
      assert.equal("body{}", body)
      assert.is_nil(head.headers["Content-Encoding"])
    end
    assert.equal(big, select(2, get("/big", { gzip = true, accepts = "gzip" })))
    assert.equal(404, get("/none", { gzip = true, accepts = "gzip" }).status)
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
