-- WebSocket, behind HTTPServer, against Python's websockets and curl.
local kam = require "kam"
local kit = require "spec.lua.kit"

after_each(kit.settled)

local python = kit.python "websockets"

-- What a program of Python, in which URL is our server's, prints; and what was said.
local function ask(routes, program)
  local got = {}
  local text = kit.said(function()
    kam.run(kam.main(function(self)
      local server = self:addChildren(kam.HTTPServer { routes = routes, port = 0 })
      self:link({ server, "listening" }, { self, "inbox" })
      local url = ("localhost:%d"):format(self:recv().port)
      local process = kam.UnixProcess { python, "-c", (program:gsub("URL", url)) }
      local box = self:addInbox "got"
      self:link({ process, "outbox" }, { self, box })
      self:addChildren(process)
      for bytes in self:messages(box) do got[#got + 1] = tostring(bytes) end
      server:stop()
    end))
  end)
  return table.concat(got), text
end

local function echo(request) return kam.WebSocket { request, kam.PassThrough } end

describe("WebSocket", function()
  if not python then
    it("talks to Python's websockets", function() pending "needs python3 with websockets" end)
    return
  end

  it("gives texts and binary messages to its handler, and sends what that answers", function()
    local got, text = ask({ echo = echo }, [[
import asyncio, websockets
async def main():
    async with websockets.connect("ws://URL/echo") as w:
        for m in ["a", "", "ü" * 5, "x" * 100000, b"\0\1\xff", b"y" * 1000000]:
            await w.send(m)
            assert await w.recv() == m
        await (await w.ping())
        for i in range(2000): await w.send(str(i))
        for i in range(2000): assert await w.recv() == str(i)
    print(w.close_code)
asyncio.run(main())]])
    assert.equal("1000\n", got)
    assert.equal("", text)
  end)

  it("closes when its handler has ended, and with 1009 for what is too long", function()
    local got, text = ask({
      once = function(request) return kam.WebSocket { request, function() return kam.OneShot "once" end } end,
      small = function(request) return kam.WebSocket { request, kam.PassThrough, message = 10 } end,
    }, [[
import asyncio, websockets
async def main():
    async with websockets.connect("ws://URL/once") as w:
        async for m in w: print(m)
        print(w.close_code)
    async with websockets.connect("ws://URL/small") as w:
        await w.send("x" * 11)
        try:
            async for m in w: print(m)
        except websockets.ConnectionClosed: pass
        print(w.close_code)
asyncio.run(main())]])
    assert.equal("once\n1000\n1009\n", got)
    assert.equal("", text)
  end)

  it("gives everybody what one says, through a backplane", function()
    local got, text = ask({ chat = function(request)
      return kam.WebSocket { request, function()
        return kam.Pipeline { kam.PublishTo "WEBSOCKET SPEC", kam.SubscribeTo "WEBSOCKET SPEC" }
      end }
    end }, [[
import asyncio, websockets
async def main():
    all = [await websockets.connect("ws://URL/chat") for _ in range(100)]
    await all[0].send("hi")
    print(sum([await w.recv() == "hi" for w in all]))
    for w in all: await w.close()
asyncio.run(main())]])
    assert.equal("100\n", got)
    assert.equal("", text)
  end)

  it("refuses pages of other hosts, but for those that it is told of", function()
    local got = ask({ echo = echo, open = function(request)
      return kam.WebSocket { request, kam.PassThrough, origins = { "http://friend" } }
    end }, [[
import asyncio, websockets
async def try_it(path, origin):
    try:
        async with websockets.connect("ws://URL/" + path, origin = origin) as w: print("open")
    except websockets.InvalidStatusCode as e: print(e.status_code)
async def main():
    await try_it("echo", "http://URL")
    await try_it("echo", "http://evil")
    await try_it("open", "http://friend")
    await try_it("open", "http://friend.evil")
asyncio.run(main())]])
    assert.equal("open\n403\nopen\n403\n", got)
  end)

  it("refuses what asks for no WebSocket, and serves on", function()
    local got = ask({ echo = echo }, [[
import http.client
def ask(**headers):
    c = http.client.HTTPConnection("URL")
    c.request("GET", "/echo", headers = {k.replace("_", "-"): v for k, v in headers.items()})
    r = c.getresponse()
    r.read()
    print(r.status)
ask()
ask(Upgrade = "websocket", Connection = "upgrade")
ask(Upgrade = "websocket", Connection = "upgrade", Sec_WebSocket_Version = "13", Sec_WebSocket_Key = "short")
ask(Upgrade = "tea", Connection = "upgrade")]])
    assert.equal("426\n426\n400\n426\n", got)
  end)

  it("reports a handler that fails, and closes its WebSocket alone", function()
    local got, text = ask({ echo = echo, bad = function(request)
      return kam.WebSocket { request, function() return kam.map(function() error "oh dear" end) end }
    end }, [[
import asyncio, websockets
async def main():
    async with websockets.connect("ws://URL/echo") as w:
        async with websockets.connect("ws://URL/bad") as bad:
            await bad.send("x")
            try:
                async for m in bad: print(m)
            except websockets.ConnectionClosed: pass
            print(bad.close_code)
        await w.send("still here")
        print(await w.recv())
asyncio.run(main())]])
    kit.has(got, "still here")
    kit.has(text, "oh dear")
  end)
end)
