-- kam check: what run would refuse, and what will go wrong, without running it.
local codes = require "kam.codes"
local check = require "kam.check"
local core = require "kam.core"
local kit = require "spec.lua.kit"
local note = require "kam.note"
local place = require "spec.lua.place"

describe("kam check", function()
  local here
  setup(function() here = place.new() end)
  teardown(function() here:__close() end)

  -- What is said of a script, and its exit status.
  local function command(text, words, more)
    here:write("x.lua", 'local kam = require "kam"\n' .. text .. "\n")
    local out, err, status = here:run(("kam check %s x.lua %s"):format(words or "", more or ""))
    return out .. err, status
  end

  -- The codes of what is wrong with a script, and what is said of it.
  local function found(text)
    local errors, warnings = check.text('local kam = require "kam"\n' .. text, "=x.lua")
    core.kill()
    local list = {}
    for _, e in ipairs(errors) do list[#list + 1] = type(e) == "table" and e.code or "error" end
    for _, e in ipairs(warnings) do list[#list + 1] = e.code end
    return table.concat(list, " "), errors, warnings
  end

  local function has(text, code, ...)
    local list, errors, warnings = found(text)
    assert.equal(code, list)
    kit.has(tostring((errors[1] or warnings[1])), ...)
  end

  for code = 1, 9 do
    code = ("W%04d"):format(code)
    it("warns of " .. codes.all[code].title, function()
      local text, status = command(codes.all[code].wrong)
      kit.has(text, "warning[" .. code .. "]", "x.lua:")
      assert.equal(0, status)
      assert.equal(1, select(2, command(codes.all[code].wrong, "--strict")))
      assert.same({ "", 0 }, { command(codes.all[code].right, "--strict") })
    end)
  end

  it("refuses what run refuses, in the same words", function()
    local text, status = command 'kam.Graphline { A = kam.OneShot(1), linkages = { "A -> B" } }:run()'
    local _, said = here:run "kam x.lua"
    assert.equal(2, status)
    assert.equal(said, text)
  end)

  it("takes what is linked to null for meant", function()
    assert.equal("", found 'kam.Graphline { A = kam.OneShot(1), B = kam.PassThrough(), linkages = { "A -> B -> null" } }:run()')
  end)

  it("tells of all names that nobody defines", function()
    local text, status = command "prnt(1)\nprint(foo)"
    kit.has(text, '"prnt"', "x.lua:2", '"foo"', "x.lua:3")
    assert.equal(2, status)
  end)

  it("runs no component", function()
    local text, status = command 'kam.Pipeline { kam.OneShot "no", kam.ConsoleEchoer() }:run()'
    assert.same({ "", 0 }, { text, status })
  end)

  it("says it as JSON on request", function()
    kit.has(command("kam.OneShot(1):run()", "--json"), '"W0001"', '"line":2')
  end)

  it("gives the script its words", function()
    assert.same({ "", 0 }, { command("kam.Pipeline { kam.FileReader(arg[1]), kam.ConsoleEchoer() }:run()", "",
      "a.txt") })
    assert.equal(2, select(2, command "kam.Pipeline { kam.FileReader(arg[1]), kam.ConsoleEchoer() }:run()"))
  end)

  it("tells of all linkages and options that are wrong, not of the first only", function()
    local list, errors = found [[
      kam.Graphline {
        A = kam.DataSource { 1 }, B = kam.Delay { second = 1, x = 2 }, C = kam.Delay { seconds = "3" },
        linkages = { "A -> BB", "B -> C.inbx", "C => B" },
      }:run()]]
    assert.equal("E0205 E0205 E0206 E0102 E0103 E0101", list)
    kit.has(tostring(errors[1]), "second")
  end)

  it("stops at lines that do not come to their end", function()
    local patience = note.patience
    note.patience = 0.1
    local list, errors = found "local n = 0\nwhile true do n = n + 1 end"
    note.patience = patience
    assert.equal("E0150", list)
    kit.has(tostring(errors[1]), "x.lua:3")
  end)

  describe("of loops", function()
    local function main(body) return "kam.main(function(self)\n" .. body .. "\nend):run()" end

    it("warns of those that look at no end, with what would", function()
      has(main "while true do self:send(1, 'signal') self:sleep(1) end", "W0004", "x.lua:3")
      has(main "while true do print(self:recv 'control') end", "W0004", "for msg in self:messages()")
      has(main "repeat local x = 1 until false", "W0004", "never gives way")
      has(main "while true do self:sleep(1) print(os.date()) end", "W0004", "while self:sleep(…) do")
      has("local function go(self) while true do self:pause() end end\n" .. main "go(self)", "W0004", "x.lua:2")
    end)

    it("is content with a way out", function()
      for _, body in ipairs {
        "while true do if self:shuttingDown() then break end self:pause() end",
        "while true do if not self:sleep(1) then return end end",
        "while self:sleep(1) do end",
        "repeat self:pause() until self:shuttingDown()",
        "while true do self:pause() if self:told() then goto out end end ::out::",
        "while true do self:pause() error 'x' end",
        "while true do self:pause() os.exit(1) end",
        "for i = 1, 10 do while true do if i > 3 then return end self:sleep(1) end end",
        "for v in coroutine.wrap(function() while true do coroutine.yield(1) end end) do print(v) if v then break end end",
      } do
        assert.equal("", (found(main(body))), body)
      end
    end)

    it("warns of false taken for the end, in every spelling", function()
      for _, body in ipairs {
        "local m = self:recv() while m do m = self:recv() end",
        "while true do local m = self:recv 'control2' if not m then break end end",
        "while true do local m, why = self:recv('x', 3) if not m then print(why) break end end",
      } do
        local list = found(main(body))
        assert.truthy(list:find "W0008", body)
      end
      assert.equal("", (found(main "while true do local m = self:recv() if m == nil then break end end")))
      assert.equal("", (found(main "while true do if self:recv 'control' then break end end")))
    end)
  end)

  describe("of handlers", function()
    it("warns of a subscriber that may hold up those who publish", function()
      local makers = "local function tail() return kam.SubscribeTo 'A' end\n"
        .. "local H = kam.component 'H' { init = function(self) self:addChildren(kam.SubscribeTo 'A') end, main = print }\n"
      for _, server in ipairs { "kam.ServerCore { port = 0, protocol = %s }", "kam.TCPServer { %s, port = 0 }",
        "kam.UnixServer { %s, path = 's' }" } do
        for _, maker in ipairs { "function() return kam.SubscribeTo 'A' end", "tail", "H",
          "function() return kam.Pipeline { kam.SubscribeTo { 'A', limit = 3 }, kam.LineJoin() } end" } do
          assert.equal("W0010", (found(makers .. server:format(maker) .. ":run()")), server .. maker)
        end
        assert.equal("", (found(server:format "kam.PassThrough" .. ":run()")))
        assert.equal("", (found(server:format "function() return kam.SubscribeTo { 'A', whenFull = 'dropNewest' } end"
          .. ":run()")))
      end
    end)
  end)

  describe("of shared variables", function()
    local two = "kam.Par { %s, %s }:run()"

    it("warns of locals, fields and lists outside of both, and of globals", function()
      for _, line in ipairs { "n = n + 1", "t.x = 1", "t[1] = 2", "t[#t + 1] = m", "table.insert(t, 1)", "g = 1" } do
        local text = "local n, t, m = 0, {}, 1\nlocal A = kam.component 'A' { inboxes = { inbox = false }, "
          .. "outboxes = { outbox = false }, main = function() return n, t, m, function() " .. line .. " end end }\n"
        assert.equal("W0007", (found(text .. two:format("A()", "A()"))), line)
        assert.equal("", (found(text .. two:format("A()", "kam.main(function() end)"))), line)
      end
    end)

    it("finds them behind the functions that are called", function()
      has("local n = 0\nlocal function more() n = n + 1 end\n" .. two:format("kam.each(function() more() end)",
        "kam.each(function() more() end)"), "W0007", '"n"', "x.lua:3")
    end)

    it("is content when nobody changes them, or each has its own", function()
      for _, text in ipairs {
        "local t = { 1 }\nlocal f = function() return t[1] end\n" .. two:format("kam.each(f)", "kam.each(f)"),
        "local function new() local n = 0 return kam.each(function() n = n + 1 end) end\n" .. two:format("new()", "new()"),
      } do
        assert.equal("", (found(text)), text)
      end
    end)
  end)

  describe("of rings", function()
    local function ring(terms, kind)
      return ([[kam.Graphline { S = kam.DataSource { 1 }, A = %s(), B = kam.PassThrough(),
        linkages = { "S -> A", "A -> B", { "B -> A" %s } } }:run()]]):format(kind or "kam.PassThrough", terms)
    end

    it("warns of one that can be full all round, once", function()
      has(ring "", "W0005", "A -> B -> A", '{ "B -> A", limit = 1000 }')
      has("kam.Pipeline { kam.DataSource { 1 }, kam.Graphline { A = kam.PassThrough(), linkages = "
        .. "{ 'self -> A', 'A -> A' } } }:run()", "W0005", "A -> A", "its own inbox")
      has(ring("", "(function() return kam.main(function(self) for m in self:messages() do self:send(m) end end) end)"),
        "W0005", "A -> B -> A")
    end)

    it("is content with a bound that was asked for, and with who does not wait", function()
      assert.equal("", (found(ring ", limit = 1000")))
      assert.equal("", (found(ring ", whenFull = 'dropOldest'")))
      assert.equal("", (found("local T = kam.component 'T' { main = function(self) for m in self:messages() do "
        .. "self:trySend(m) end end }\n" .. ring("", "T"))))
    end)
  end)

  describe("of ends wired by hand", function()
    local function wired(linkages)
      return ([[kam.Graphline { A = kam.OneShot(1), B = kam.PassThrough(), T = kam.PeriodicTick { 1 },
        N = kam.NullSink(), C = kam.ConsoleEchoer(), linkages = { "T -> N", %s } }:run()]]):format(linkages)
    end

    it("warns of one that another feeder is not waited for by", function()
      has(wired '"A -> B -> C", "A.signal -> C.control"', "W0006", "C (ConsoleEchoer)", "B.signal -> C.control")
    end)

    it("is content when all are waited for, or when it is meant to come from elsewhere", function()
      assert.equal("", (found(wired '"A -> B -> C", "B.signal -> C.control"')))
      assert.equal("", (found(wired '"A -> B -> C", "A.signal -> C.control", "B.signal -> C.control"')))
      assert.equal("", (found(wired '"A -> B -> C", "T.signal -> C.control"')))
    end)
  end)
end)
