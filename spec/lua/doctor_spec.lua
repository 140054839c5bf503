-- kam doctor: what it says of this build and machine.
local kit = require "spec.lua.kit"
local place = require "spec.lua.place"

describe("kam doctor", function()
  local here

  before_each(function() here = place.new() end)
  after_each(function() here:__close() end)

  it("says what is there, and is content with this build", function()
    local out, err, status = here:run "kam doctor"
    assert.equal("", err)
    assert.equal(0, status)
    kit.has(out, "Lua 5.4", "components", "open files", "busted")
  end)

  it("names a limit that is low, with its mend", function()
    kit.has((here:run "ulimit -n 64; kam doctor"), "note     open files       64; ulimit -n 4096 before kam")
  end)

  it("says the same as JSON", function()
    local out, _, status = here:run "kam doctor --json"
    assert.equal(0, status)
    kit.has(out, '"what":"components"', '"state":"ok"')
  end)
end)
