-- kam check: what run would refuse, and what will go wrong, without running it.
local codes = require "kam.codes"
local kit = require "spec.lua.kit"
local place = require "spec.lua.place"

describe("kam check", function()
  local here
  setup(function() here = place.new() end)
  teardown(function() here:__close() end)

  -- What is said of a script, and its exit status.
  local function check(text, words)
    here:write("x.lua", 'local kam = require "kam"\n' .. text .. "\n")
    local out, err, status = here:run(("kam check %s x.lua"):format(words or ""))
    return out .. err, status
  end

  for _, code in ipairs { "W0001", "W0002", "W0003" } do
    it("warns of " .. codes.all[code].title, function()
      local text, status = check(codes.all[code].wrong)
      kit.has(text, "warning[" .. code .. "]", "x.lua:2")
      assert.equal(0, status)
      assert.equal(1, select(2, check(codes.all[code].wrong, "--strict")))
      assert.same({ "", 0 }, { check(codes.all[code].right, "--strict") })
    end)
  end

  it("refuses what run refuses, in the same words", function()
    local text, status = check 'kam.Graphline { A = kam.OneShot(1), linkages = { "A -> B" } }:run()'
    local _, said = here:run "kam x.lua"
    assert.equal(2, status)
    assert.equal(said, text)
  end)

  it("tells of all names that nobody defines", function()
    local text, status = check "prnt(1)\nprint(foo)"
    kit.has(text, '"prnt"', "x.lua:2", '"foo"', "x.lua:3")
    assert.equal(2, status)
  end)

  it("runs no component", function()
    local text, status = check 'kam.Pipeline { kam.OneShot "no", kam.ConsoleEchoer() }:run()'
    assert.same({ "", 0 }, { text, status })
  end)

  it("says it as JSON on request", function()
    kit.has(check("kam.OneShot(1):run()", "--json"), '"W0001"', '"line":2')
  end)
end)
