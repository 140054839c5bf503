-- What cmake --install copies is a whole kam: it needs nothing of the checkout.
local kit = require "spec.lua.kit"
local place = require "spec.lua.place"

describe("an installed kam", function()
  local here, why_not

  setup(function()
    here = place.new()
    local build = (here:run "readlink -f bin/kam"):match "^(.*)/kam"
    if not (build and io.open(build .. "/cmake_install.cmake")) then
      why_not = "needs the folder that kam was built in"
      return
    end
    local _, err, status = here:run(("cmake --install '%s' --prefix \"$PWD/there\" >/dev/null"):format(build))
    assert.equal(0, status, err)
    here:run "rm bin/kam && ln -s ../there/bin/kam bin/kam"
  end)
  teardown(function() here:__close() end)

  -- An it that is pending where nothing can be installed.
  local function installed(text, f)
    it(text, function()
      if why_not then pending(why_not) return end
      f()
    end)
  end

  installed("finds its library beside it", function()
    local out, err, status = here:run "kam doctor"
    assert.equal("", err)
    assert.equal(0, status)
    kit.has(out, "/there/share/kam", "components")
  end)

  installed("runs components in C and in Lua", function()
    local out, err = here:run "kam run 'DataSource hello | Chunker 2 | Take 2 | ConsoleEchoer'"
    assert.equal("", err)
    assert.equal("he\nll\n", out)
  end)

  installed("runs applications", function()
    local out, err = here:run "kam grey --help"
    assert.equal("", err)
    kit.has(out, "greylisting")
  end)

  installed("begins a component, and tests it", function()
    kit.has((here:run "kam new component Shout && kam test shout_spec.lua"), "3 passed, 0 failed")
  end)

  installed("says that there are no specs where there are none", function()
    local _, err, status = here:run "kam test"
    assert.equal(2, status)
    kit.has(err, "there is no folder spec here")
  end)

  installed("is found by plain lua5.4", function()
    if place.sanitized then pending "lua5.4 cannot load the module of a build with sanitizers" return end
    here:write("x.lua", 'local kam = require "kam"\n'
      .. 'kam.Pipeline { kam.DataSource { "x" }, kam.ConsoleEchoer() }:run()')
    local out, err = here:run 'eval "$(kam env)" && lua5.4 x.lua'
    assert.equal("", err)
    assert.equal("x\n", out)
  end)
end)
