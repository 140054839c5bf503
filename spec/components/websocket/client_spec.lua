-- WebSocketClient against Python's websockets, and servers that open none.
local kam = require "kam"
local kit = require "spec.lua.kit"
local place = require "spec.lua.place"

after_each(kit.settled)

local python = kit.python "websockets"
local here

setup(function()
  here = place.new()
  here:run [[openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=localhost \
    -addext subjectAltName=DNS:localhost -keyout site.pem -out site.pem && mkfifo end]]
end)
teardown(function() here:__close() end)

-- A server in Python on a free port, whose coroutine `serve(w)` has that body; its port, and
-- what gives what it printed and ends it: its standard input, a FIFO that is made before either
-- side opens it.
local function server(body, secure)
  here:write("server.py", ([[
import asyncio, ssl, sys, websockets
async def serve(w):
%s
async def main():
    context = None
    if %s:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain("%s/site.pem")
    async with websockets.serve(serve, "localhost", 0, ssl = context, max_size = None) as s:
        print(s.sockets[0].getsockname()[1], flush = True)
        await asyncio.sleep(0.1)
        try: await asyncio.wait_for(asyncio.get_running_loop().run_in_executor(None, sys.stdin.read), 20)
        except asyncio.TimeoutError: pass
asyncio.run(main())
]]):format((body:gsub("[^\n]+", "    %0")), secure and "True" or "False", here.folder))
  local program = assert(io.popen(("exec %s %s/server.py <%s/end"):format(python, here.folder, here.folder)))
  local stop = assert(io.open(here.folder .. "/end", "w"))
  local port = assert(math.tointeger(program:read "n"))
  return port, function()
    stop:close()
    local said = program:read "a"
    program:close()
    return said
  end
end

-- talk(say, hear) with a client, and the WebSocket's end; what was said of the run.
local function with(options, talk)
  local _, _, text = kit.run(kam.Graphline {
    CLIENT = kam.WebSocketClient(options),
    USER = kam.main(function(self)
      talk(function(m) self:send(m) end, function() return self:recv() end)
    end),
    linkages = { "USER -> CLIENT -> USER" },
  })
  return text
end

describe("WebSocketClient", function()
  if not python then
    it("talks to Python's websockets", function() pending "needs python3 with websockets" end)
    return
  end

  local function echoes(secure)
    local port, ended = server("async for m in w: await w.send(m)", secure)
    local options = { ("%s://localhost:%d/x?y=1"):format(secure and "wss" or "ws", port) }
    if secure then options.ca = here.folder .. "/site.pem" end
    local wrong = 0
    local text = with(options, function(say, hear)
      for _, m in ipairs { "a", "", ("ü"):rep(5), ("x"):rep(100000), { binary = "\0\1\xff" }, { binary = ("y"):rep(1e6) } } do
        say(m)
        if kam.show(hear(), true) ~= kam.show(m, true) then wrong = wrong + 1 end
      end
      for i = 1, 1000 do say(tostring(i)) end
      for i = 1, 1000 do if hear() ~= tostring(i) then wrong = wrong + 1 end end
    end)
    ended()
    assert.equal("", text)
    assert.equal(0, wrong)
  end

  it("sends and gets texts and binary messages", function() echoes(false) end)

  it("does so over TLS", function() echoes(true) end)

  it("sends more headers, and the path", function()
    local port, ended = server [[await w.send(w.path + " " + w.request_headers["Cookie"] + " " + w.request_headers["Host"])
await w.wait_closed()
print(w.close_code)]]
    local got
    local text = with({ ("ws://localhost:%d?q"):format(port), headers = { Cookie = "a=b" } }, function(_, hear)
      got = hear()
    end)
    assert.equal(("/?q a=b localhost:%d"):format(port), got)
    assert.equal("", text)
    ended()
  end)

  it("ends when the server closes, and closes when its inbox ends", function()
    local port, ended = server [[if w.path == "/bye": await w.close(1000)
else:
    async for m in w: print(m)
    print(w.close_code)]]
    local url = ("ws://localhost:%d"):format(port)
    local got = "something"
    assert.equal("", with({ url .. "/bye" }, function(_, hear) got = hear() end))
    assert.is_nil(got)
    kit.runs(kam.Pipeline { kam.DataSource { "one", "two" }, kam.WebSocketClient(url), kam.NullSink() })
    assert.equal("one\ntwo\n1000\n", (ended():gsub("^\n", "")))
  end)

  it("fails with a server that opens no WebSocket, or answers another request", function()
    local answers = {
      ["status 404"] = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
      ["status 200"] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
      ["does not fit"] = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        .. "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n",
    }
    for wanted, answer in pairs(answers) do
      local text = kit.said(function()
        kam.run(kam.main(function(self)
          local plain = self:addChildren(kam.TCPServer { port = 0, host = "127.0.0.1",
            function() return kam.map(function() return answer end) end })
          self:link({ plain, "listening" }, { self, "inbox" })
          self:addChildren(kam.Pipeline { kam.WebSocketClient(("ws://127.0.0.1:%d/"):format(self:recv().port)),
            kam.NullSink() })
          self:recv()
        end))
      end)
      kit.has(text, "error[E0680]", wanted)
    end
  end)

  it("refuses what is no URL of a WebSocket, and headers that are no texts", function()
    for _, url in ipairs { "http://x/", "ws://", "ws:///x", "ws://a:99999/", "ws://a b/", "ws://u@h/", "wss://x/#f" } do
      kit.has(tostring(kit.refused(kam.WebSocketClient, url)), "ws://host:port/path")
    end
  end)
end)
