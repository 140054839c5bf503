-- A table that is changed after it was sent: --careful, on under kam test.
local kam = require "kam"
local kit = require "spec.lua.kit"
local place = require "spec.lua.place"

local changed = [[
local kam = require "kam"
kam.Pipeline {
  kam.main(function(self)
    local t = {}
    for i = 1, 3 do
      t.n = i
      self:send(t)
    end
  end),
  kam.map(function(m) return m.n end),
  kam.ConsoleEchoer(),
}:run()
]]

describe("--careful", function()
  it("names who sent it, the box, and the line", function()
    local here <close> = place.new { ["changed.lua"] = changed }
    local _, err, status = here:run "kam --careful changed.lua"
    kit.has(err, "E0502", "the table that main sent to outbox at changed.lua:7 was changed after it was sent",
      "send a new table, or a copy")
    assert.equal(1, status)
  end)

  it("watches kinds that were there before it", function()
    local here <close> = place.new { ["changed.lua"] = changed }
    local _, err, status = here:run 'kam --careful -e "$(cat changed.lua)"'
    kit.has(err, "E0502", "the table that main sent to outbox")
    assert.equal(1, status)
  end)

  it("sees that a long text has become another, and leaves one that has not alone", function()
    for other, expected in pairs { ['t.text = ("y"):rep(1000)'] = 1, ["t.text = t.text"] = 0 } do
      local script = changed:gsub("t%.n = i", other):gsub("m%.n", "#m.text"):gsub("{}", '{ text = ("x"):rep(1000) }')
      local here <close> = place.new { ["changed.lua"] = script }
      local _, err, status = here:run "kam --careful changed.lua"
      assert.equal(expected, status, err)
    end
  end)

  it("is not there without it", function()
    local here <close> = place.new { ["changed.lua"] = changed }
    local out, err, status = here:run "kam changed.lua"
    assert.same({ "3\n3\n3\n", "", 0 }, { out, err, status })
  end)

  it("looks into tables in tables", function()
    local _, _, text = kit.run(kam.Pipeline { kam.main(function(self)
      local t = { inner = { 1 } }
      self:send(t)
      t.inner[1] = 2
      self:sleep(1)
    end), kam.NullSink() })
    kit.has(text, "E0502")
  end)

  it("finds a change while the table waits, when it is taken", function()
    local _, _, text = kit.run(kam.Pipeline { kam.main(function(self)
      local t = { 1 }
      self:send(t)
      self:sleep(1)
      t[1] = 2
      self:sleep(5)
    end), kam.main(function(self)
      self:sleep(3)
      self:recv()
    end) })
    kit.has(text, "E0502", "sent to outbox at")
  end)

  it("lets who has taken a table change it", function()
    kit.runs(kam.Pipeline { kam.main(function(self)
      self:send { 1 }
      self:sleep(5)
    end), kam.main(function(self)
      local t = self:recv()
      t[1] = 2
      self:send(t)
    end), kam.map(function(t)
      t[1] = 3
      return t
    end), kam.NullSink() })
  end)

  it("has nothing against the same table twice if nobody changes it", function()
    kit.runs(kam.Pipeline { kam.main(function(self)
      local t = { 1 }
      self:send(t)
      self:send(t)
    end), kam.NullSink() })
  end)
end)

describe("a failed expectation", function()
  it("prints what lay in the boxes around it", function()
    local here <close> = place.new { ["fails_spec.lua"] = [[
local kam = require "kam"
it("fails", function()
  local h <close> = kam.handle(kam.Graphline {
    A = kam.main(function(self) self:sleep(100) end), linkages = { "self -> A" },
  })
  h:put(1)
  h:put(2)
  h:get("outbox", 1)
  assert.equal(1, 2)
end)]] }
    local out, _, status = here:run "kam test fails_spec.lua"
    assert.equal(1, status)
    kit.has(out, "in the boxes:", "A.inbox holds 2 of 256")
  end)
end)
