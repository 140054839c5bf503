-- Progress on a terminal (a pseudo-terminal that `script` makes) and without one.
local kam = require "kam"
local kit = require "spec.lua.kit"
local place = require "spec.lua.place"

local program = [[
local kam = require "kam"
kam.Pipeline {
  kam.main(function(self)
    for _ = 1, 3 do
      self:send(("x"):rep(1024))
      self:sleep(0.15)
    end
  end),
  kam.Progress { "copied", bytes = 6144 },
  kam.NullSink(),
}:run()
]]

-- What the program writes on a terminal.
local function on_terminal(text)
  local here <close> = place.new { ["program.lua"] = text }
  local out = here:run "script -qec 'kam program.lua' /dev/null"
  return out
end

it("sends on what it receives, silent without a terminal", function()
  assert.same({ "a", 1, false }, kam.try(kam.Progress(), { "a", 1, false }))
  local here <close> = place.new { ["program.lua"] = program }
  assert.same({ "", "", 0 }, { here:run "kam program.lua" })
end)

it("shows messages, bytes, rates and how much of the whole", function()
  local out = on_terminal(program)
  kit.has(out, "\rcopied: 2", "\rcopied: 3", "2.0 KiB", "3.0 KiB", "KiB/s  50%", "/s")
  assert.truthy(out:find "50%%\27%[K\r?\n$", "the last state does not stay there")
end)

it("shows no bytes where there are none", function()
  local out = on_terminal [[
local kam = require "kam"
kam.Pipeline { kam.Sequence { to = 100000 }, kam.Progress(), kam.NullSink() }:run()
]]
  kit.has(out, "\r100000  ")
  kit.lacks(out, "B/s")
end)

it("writes no more than ten lines a second, however much passes", function()
  local out = on_terminal [[
local kam = require "kam"
kam.Pipeline { kam.Sequence { to = 200000 }, kam.Progress(), kam.NullSink() }:run()
]]
  local _, n = out:gsub("\r%d", "")
  assert.is_true(n <= 12, n .. " lines")
end)

it("shows nothing when nothing has passed", function()
  assert.equal("", on_terminal [[
local kam = require "kam"
kam.Pipeline { kam.DataSource { items = {} }, kam.Progress(), kam.NullSink() }:run()
]])
end)
