-- kam grey as a command.
local kit = require "spec.lua.kit"
local place = require "spec.lua.place"

describe("kam grey", function()
  local here

  setup(function() here = place.new() end)
  teardown(function() here:__close() end)

  it("stands in the help of kam, with what it does", function()
    local out = here:run "kam --help"
    kit.has(out, "  kam grey                       greylisting in front of a mail server")
  end)

  it("tells its own words", function()
    local out, err, status = here:run "kam grey --help"
    assert.equal("", err)
    assert.equal(0, status)
    kit.has(out, "-c FILE", "exit: ")
  end)

  it("is meant rather than a file of that name", function()
    here:write("grey", "print 'the file'")
    kit.has((here:run "kam grey --help"), "greylisting")
    assert.equal("the file\n", (here:run "kam ./grey"))
  end)

  it("refuses a command that it does not have", function()
    local _, err, status = here:run "kam grey lits"
    assert.equal(2, status)
    kit.has(err, "grey has no command lits")
    _, err, status = here:run "kam grey -c"
    assert.equal(2, status)
    kit.has(err, "-c needs a file")
  end)

  it("is the nearest to what is misspelt", function()
    local _, err, status = here:run "kam gray"
    assert.equal(2, status)
    kit.has(err, "did you mean kam grey?")
  end)
end)
