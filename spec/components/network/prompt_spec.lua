-- RemotePrompt and PromptServer.
local kam = require "kam"
local kit = require "spec.lua.kit"

after_each(kit.settled)

-- What lines get to see, without the prompts.
local function shows(...)
  local out = table.concat(kam.try(kam.RemotePrompt { greeting = "" }, { ... }))
  return (out:gsub(">>? ", ""))
end

describe("RemotePrompt", function()
  it("shows the values of expressions, and runs statements", function()
    assert.equal("3\n", shows "1 + 2")
    assert.equal('1\tnil\t{ "a" }\n', shows '1, nil, { "a" }')
    assert.equal("7\n", shows("x = 3", "local y = 4", "x + y"))
    assert.equal("a\t1\n", shows 'print("a", 1)')
    assert.equal("", shows("", "  ", "local z"))
    assert.is_nil(rawget(_G, "x"))
  end)

  it("takes a statement that is not yet whole in the next line", function()
    local out = table.concat(kam.try(kam.RemotePrompt(), { "for i = 1, 2 do", "print(i)", "end" }))
    assert.equal("kam   ? for help, exit to end\n> >> >> 1\n2\n> ", out)
  end)

  it("tells errors to who sent the line, and goes on", function()
    kit.has(shows("error 'oh'", "1 +* 2", "nothing.at", "kam.Shuot()", "5"), "oh", "E0001",
      "attempt to index a nil value (global 'nothing')", "5\n")
    kit.has(shows "kam.Pipelin {}", "error[E0221]", "Pipeline")
    kit.has(shows "setmetatable({}, { __tostring = error })", "a value that fails to show itself")
    kit.has(shows(("x"):rep(70000)), "longer than 65536")
  end)

  it("tells of components, and what there is", function()
    kit.has(shows "?", "hangs up")
    kit.has(shows "?LineSplit", "Cuts a stream of bytes into lines")
    kit.has(shows "?LineSplat", "did you mean LineSplit?")
  end)

  it("may wait, ask a service, and change the living system", function()
    kam.registerService("DOUBLE", kam.map(function(n) return 2 * n end):activate())
    assert.equal("42\n", shows 'self:ask("DOUBLE", 21)')
    local start = kam.now()
    shows "self:sleep(7)"
    assert.truthy(kam.now() - start > 6.999)
    local got = {}
    local sink = kit.into(got)
    kam.registerService("SINK", sink)
    kit.runs(kam.Pipeline { kam.DataSource { "local sink = kam.retrieveService 'SINK'",
      "kam.Pipeline { kam.DataSource { 1, 2 }, sink }:activate()" }, kam.RemotePrompt(), kam.NullSink() })
    assert.same({ 1, 2 }, got)
  end)

  it("ends at exit, and at a request of HTTP", function()
    assert.equal("1\n", shows("1", " exit ", "2"))
    assert.equal("", shows("POST /x HTTP/1.1", "kam.stop()"))
    assert.same({ "> ", ">> " }, kam.try(kam.RemotePrompt { greeting = "" }, { "s = [[", "GET / HTTP/1.1", "]]", "5" }))
  end)
end)

describe("PromptServer", function()
  it("refuses to listen for other machines, and says why", function()
    for _, host in ipairs { "0.0.0.0", "", "::", "192.0.2.1", "localhost", "127.0.0.1.example.org", "::ffff:1.2.3.4" } do
      kit.has(kit.refused(kam.PromptServer, { host = host }), "a prompt is for this machine only",
        "can do all that the program can", ("not %q"):format(host))
    end
  end)

  -- What a peer that sends text sees.
  local function visit(self, at, text)
    local got = self:addInbox "got"
    local client = kam.Pipeline { kam.OneShot(text), at.path and kam.UnixClient(at.path)
      or kam.TCPClient { at.host, at.port } }
    self:link({ client, "outbox" }, { self, got })
    self:addChildren(client)
    local list = {}
    for bytes in self:messages(got) do list[#list + 1] = tostring(bytes) end
    return table.concat(list)
  end

  it("serves several at once, each with locals of their own", function()
    local path = os.tmpname()
    os.remove(path)
    for _, given in ipairs { { path = path }, {}, { host = "::1" } } do
      kit.runs(kam.main(function(self)
        local server = self:addChildren(kam.PromptServer(given))
        self:link({ server, "listening" }, { self, "inbox" })
        local at = self:recv()
        if not given.path then assert.equal(given.host or "127.0.0.1", at.host) end
        local first = kam.Pipeline { kam.main(function(c)
          c:send "x = 'first'\n"
          c:sleep(1e6)
        end), at.path and kam.UnixClient(at.path) or kam.TCPClient { at.host, at.port } }
        local box = self:addInbox "first"
        self:link({ first, "outbox" }, { self, box })
        self:addChildren(first)
        local seen = ""
        repeat seen = seen .. tostring(self:recv(box)) until seen:find "> > $"
        assert.equal("kam   ? for help, exit to end\n> nil\n> ", visit(self, at, "x\n"))
        assert.equal("kam   ? for help, exit to end\n> ", visit(self, at, "exit\nx\n"))
        first:stop()
        server:stop()
      end))
    end
  end)
end)
