-- Slow motion, steps, and choosing who runs: --slow, --step, --choose.
local kit = require "spec.lua.kit"
local place = require "spec.lua.place"
local terminal = require "spec.lua.terminal"

local pair = [[
local kam = require "kam"
kam.Graphline {
  A = kam.DataSource { "one", "two" }, B = kam.ConsoleEchoer(), linkages = { "A -> B" },
}:run()
print "over"
]]

describe("--slow", function()
  it("shows each line, and the same result", function()
    local here <close> = place.new { ["pair.lua"] = pair }
    local out, err, status = here:run "kam --slow 0.001 pair.lua"
    assert.equal("one\ntwo\nover\n", out)
    kit.has(err, 'A ──> B                         "one"', "B has ended")
    assert.equal(0, status)
  end)

  it("waits before each of them", function()
    local here <close> = place.new { ["pair.lua"] = pair }
    local _, err = here:run "/usr/bin/env bash -c 'time kam --slow 0.05 pair.lua'"
    local _, lines = err:gsub("\n +%d+ +%d+%.%d%d%d ", "")
    local seconds = tonumber(err:match "real%s+0m([%d.]+)s")
    assert.truthy(seconds >= 0.05 * lines, err)
  end)

  it("lets time stand still meanwhile", function()
    local here <close> = place.new { ["tick.lua"] = [[
      local kam = require "kam"
      kam.Pipeline { kam.PeriodicTick { 0.02, count = 3 }, kam.ConsoleEchoer() }:run()]] }
    local out, err, status = here:run "kam --slow 0.05 tick.lua"
    assert.equal("1\n2\n3\n", out)
    kit.lacks(err, "late")
    assert.equal(0, status)
  end)

  it("blames nobody for not giving way", function()
    local here <close> = place.new { ["pair.lua"] = pair }
    local _, err = here:run "kam --slow 1.2 -e 'kam.Pipeline { kam.OneShot(1), kam.NullSink() }:run()'"
    kit.lacks(err, "has not given way")
  end)

  it("needs a number", function()
    local here <close> = place.new { ["pair.lua"] = pair }
    local _, err, status = here:run "kam --slow much pair.lua"
    kit.has(err, "--slow needs a number of seconds, got much")
    assert.equal(2, status)
  end)
end)

describe("at a terminal", function()
  local here

  before_each(function() here = place.new { ["pair.lua"] = pair } end)
  after_each(function() here:__close() end)

  -- A terminal in which a command runs.
  local function open(command)
    if not terminal.here() then pending "needs tmux" return nil end
    return terminal.new(("cd %s && PATH=$PWD/bin:$PATH %s; echo status $?"):format(here.folder, command))
  end

  it("--step goes on by one message for Enter", function()
    local t <close> = open "kam --step pair.lua"
    if not t then return end
    kit.lacks(t:wait "Enter: the next message", "A ──> B")
    t:press "Enter"
    kit.lacks(t:wait '"one"', '"two"')
    t:press "Enter"
    t:wait '"two"'
    t:press "g"
    t:wait "over"
    t:wait "status 0"
  end)

  it("--step shows what lies in the boxes", function()
    local t <close> = open "kam --step pair.lua"
    if not t then return end
    t:wait "Enter: the next message"
    t:press "b"
    t:wait "all boxes are empty"
    t:press "q"
    t:wait "status"
  end)

  it("--choose asks who runs, and takes a choice back", function()
    local t <close> = open "kam --choose pair.lua"
    if not t then return end
    t:wait "who runs?  1 A  2 B"
    t:press "2"
    t:wait "2 B   (u: take back, g: go) B"
    t:press "u"
    t:press "1"
    t:wait "2 B   (u: take back, g: go) A"
    t:press "g"
    t:wait "over"
  end)
end)

describe("kam test --schedules", function()
  it("runs the specs in so many orders", function()
    local here <close> = place.new { ["order_spec.lua"] = [[
      local kam = require "kam"
      it("runs", function()
        local list = {}
        kam.run(kam.main(function() list[#list + 1] = "a" end), kam.main(function() list[#list + 1] = "b" end))
        assert.equal("ab", table.concat(list))
      end)]] }
    local out, _, status = here:run "kam test --schedules=8 order_spec.lua"
    assert.equal(1, status)
    assert.truthy(out:find "seed %d:")
    assert.truthy(out:match "(%d+) passed, [1-9]%d* failed\n$")
  end)
end)
