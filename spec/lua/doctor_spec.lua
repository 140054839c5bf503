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

  it("names the versions, the folder of the build, and that there is no terminal", function()
    local out = here:run "kam doctor"
    assert.truthy(out:find "\nok +Lua +Lua 5%.4%.%d")
    assert.truthy(out:find "\nok +libuv +1%.%d+")
    assert.truthy(out:find "\n%l+ +build +%S")
    assert.truthy(out:find "\nnote +terminal ")
  end)

  it("is content only when the components are there", function()
    local doctor = require "kam.commands.doctor"
    local library = require "kam.library"
    local all, print_was, said = library.all, print, {}
    library.all = function() error "shout.lua gives no component" end
    _G.print = function(text) said[#said + 1] = text end
    local ok, status = pcall(doctor.main, {}, { version = "0", root = here.folder })
    library.all, _G.print = all, print_was
    assert.is_true(ok)
    assert.equal(1, status)
    kit.has(table.concat(said, "\n"), "missing  components", "shout.lua gives no component", "mend or remove")
  end)

  it("says the same as JSON", function()
    local out, _, status = here:run "kam doctor --json"
    assert.equal(0, status)
    kit.has(out, '"what":"components"', '"state":"ok"')
  end)
end)
