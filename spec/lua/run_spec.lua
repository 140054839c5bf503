-- Runs of systems from ordinary code: their settings, and the limits that they meet.
local core = require "kam.core"
local kam = require "kam"
local kit = require "spec.lua.kit"
local place = require "spec.lua.place"

describe("kam.configure", function()
  it("sets after how long one that does not give way is stopped", function()
    local there <close> = place.new { ["turns.lua"] = [[
      local kam = require "kam"
      kam.configure { grace = 0.1, stopAfter = 0.2 }
      kam.Graphline {
        TURNS = kam.main(function() while true do end end), OTHER = kam.PeriodicTick(0.05),
        linkages = { "OTHER -> TURNS" },
      }:run()
    ]] }
    local begun = os.time()
    local _, err, status = there:run "kam turns.lua"
    assert.equal(1, status)
    kit.has(err, "E0401", "TURNS: has not given way for 0.2 s")
    assert.is_true(os.time() - begun < 8)
  end)

  it("refuses what it does not know, and times that make no sense", function()
    kit.has(kit.refused(kam.configure, { grcae = 1 }), "E0205", 'did you mean "grace"?')
    kit.has(kit.refused(kam.configure, { stopAfter = -1 }), "E0208", "stopAfter must be a number of seconds")
    kit.has(kit.refused(kam.configure, 5), "E0605", "takes a table, got the number 5")
  end)
end)

describe("out of memory (L9)", function()
  it("is told also where none is left to tell it with", function()
    local there <close> = place.new { ["full.lua"] = [[
      local kam = require "kam"
      local keep = {}
      require "kam.core".configure { memory = 12 * 1024 * 1024 }
      kam.Pipeline {
        kam.main(function(self) for i = 1, 1e8 do self:send(("x"):rep(i)) end end),
        kam.main(function(self) for m in self:messages() do keep[#keep + 1] = m end end),
      }:run()
    ]] }
    local _, err, status = there:run "kam full.lua"
    assert.equal(1, status)
    kit.has(err, "E0400", "not enough memory")
    kit.lacks(err, "null")
    kit.lacks(err, "broken promise")
  end)

  it("is an error of the component that met it", function()
    collectgarbage()
    local ok, why, text
    core.configure { memory = core.totals().memory + 32 * 1024 * 1024 }
    finally(function() core.configure { memory = 0 } end)
    ok, why, text = kit.run(kam.Graphline {
      GREEDY = kam.main(function()
        local all = {}
        for i = 1, 1000 do all[i] = ("x"):rep(1024 * 1024) .. i end
      end),
    })
    core.configure { memory = 0 }
    assert.is_nil(ok)
    assert.equal("failed", why.kind)
    kit.has(text, "GREEDY", "not enough memory")
  end)
end)

describe("a component that computes", function()
  local busy = [[
local kam = require "kam"
local till = os.clock() + 1.6
kam.Graphline {
  SUM = kam.main(function() while os.clock() < till do end end),
  OTHER = kam.main(function(self) self:yield() end),
}:run()
]]

  it("is named when it keeps others waiting for a second", function()
    local here <close> = place.new { ["busy.lua"] = busy }
    local _, said = here:run "kam run busy.lua"
    assert.truthy(said:find("SUM has not given way for 1 s", 1, true), said)
  end)

  it("is not named for the time in which the machine does not let it", function()
    local here <close> = place.new { ["busy.lua"] = busy:gsub("1.6", "0.5") }
    local crowd = ("timeout 20 sh -c 'while :; do :; done' & "):rep(4)
    local _, said, status = here:run("taskset -p -c 0 $$ >/dev/null; " .. crowd
      .. "kam run busy.lua; s=$?; kill %1 %2 %3 %4; exit $s")
    assert.equal("", said)
    assert.equal(0, status)
  end)
end)
