-- PolicySession: Postfix's policy protocol.
local cuts = require "spec.components.cuts"
local kam = require "kam"
local kit = require "spec.lua.kit"

after_each(kit.settled)

-- A server that answers each request by f; what it is told to error goes to wrong.
local function server(f, options, wrong)
  return kam.Graphline {
    TALK = kam.PolicySession(options or {}), JUDGE = kam.map(f), WRONG = kit.into(wrong or {}),
    linkages = { "self -> TALK -> self", "TALK.request -> JUDGE -> TALK.reply", "TALK.error -> WRONG" },
  }
end

local function shown(request)
  local names = {}
  for name, value in pairs(request) do names[#names + 1] = name .. ":" .. value end
  table.sort(names)
  return table.concat(names, " ")
end

local function talk(text, options)
  local wrong = {}
  local out = table.concat(kam.try(server(shown, options, wrong), { text }))
  return out, wrong[1] and wrong[1].error
end

describe("PolicySession", function()
  it("reads requests in any cut", function()
    local text = "request=smtpd_access_policy\nsender=a@b\nrecipient=\r\n\r\nrequest=x\nsize=1=2\n\n"
    local out = cuts.same(text, function() return server(shown) end, function(c, list)
      return table.concat(kam.try(c, list))
    end)
    assert.equal("action=recipient: request:smtpd_access_policy sender:a@b\n\naction=request:x size:1=2\n\n", out)
  end)

  it("gives the last of values of one name", function()
    assert.equal("action=a:2\n\n", talk "a=1\na=2\n\n")
  end)

  it("puts no end of line into an action", function()
    local out = kam.try(server(function() return "REJECT a\r\nb\n\nc" end), { "a=1\n\n" })
    assert.equal("action=REJECT a b c\n\n", table.concat(out))
  end)

  it("takes the next request when the one before is answered", function()
    local most, now = 0, 0
    local f = kam.component "Slow" { main = function(self)
      for _ in self:messages() do
        now = now + 1
        most = math.max(most, now)
        self:sleep(1)
        now = now - 1
        self:send "DUNNO"
      end
    end }
    local c = kam.Graphline { TALK = kam.PolicySession(), JUDGE = f(),
      linkages = { "self -> TALK -> self", "TALK.request -> JUDGE -> TALK.reply" } }
    assert.equal(("action=DUNNO\n\n"):rep(3), table.concat(kam.try(c, { "a=1\n\nb=2\n\nc=3\n\n" })))
    assert.equal(1, most)
  end)

  describe("hears no more", function()
    local cases = {
      { "after garbage", "hello\n\na=1\n\n", "not name=value" },
      { "after HTTP", "GET / HTTP/1.0\r\n\r\n", "not name=value" },
      { "after NUL", "a=\0\n\n", "not name=value" },
      { "after a name with a blank", "a b=1\n\n", "not name=value" },
      { "after an empty request", "\n\n\n\n", "empty request" },
      { "when the end comes within a line", "a=1\n\na=", "within a request" },
      { "when the end comes within a request", "a=1\n\na=2\n", "within a request" },
    }
    for _, case in ipairs(cases) do
      it(case[1], function()
        local out, wrong = talk(case[2])
        kit.has(wrong, case[3])
        assert.equal(case[2]:find "^a=1\n\n" and "action=a:1\n\n" or "", out)
      end)
    end

    it("after a line that is too long, and before it ends", function()
      local line = ("a="):rep(5)
      assert.equal("action=a:" .. line:sub(3) .. "\n\n", talk(line .. "\n\n", { line = 10 }))
      for _, ending in ipairs { "\n\n", "" } do
        local out, wrong = talk(line .. "b" .. ending, { line = 10 })
        assert.equal("", out)
        kit.has(wrong, "more than 10 bytes")
      end
    end)

    it("after too many lines", function()
      assert.equal("action=a:1 b:2\n\n", talk("a=1\nb=2\n\n", { names = 2 }))
      local out, wrong = talk("a=1\na=2\na=3\n\n", { names = 2 })
      assert.equal("", out)
      kit.has(wrong, "more than 2 lines")
    end)

    it("after too many bytes", function()
      assert.equal("action=a:1 b:2\n\n", talk("a=1\nb=2\n\n", { size = 8 }))
      local out, wrong = talk("a=1\nb=22\n\n", { size = 8 })
      assert.equal("", out)
      kit.has(wrong, "more than 8 bytes")
    end)
  end)

  it("ends when nobody answers any more", function()
    local c = kam.Graphline { TALK = kam.PolicySession(), JUDGE = kam.Take(1),
      linkages = { "self -> TALK -> self", "TALK.request -> JUDGE -> null", "self.reply -> TALK.reply" },
      inboxes = { "reply" } }
    local h <close> = kam.handle(c)
    h:put "a=1\n\n"
    h:put("OK", "reply")
    assert.equal("action=OK\n\n", h:get())
    h:finish()
  end)
end)
