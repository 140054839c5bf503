-- kam new: the files that it begins with work as they are.
local kit = require "spec.lua.kit"
local library = require "kam.library"
local new = require "kam.commands.new"
local place = require "spec.lua.place"

describe("kam new", function()
  local here

  before_each(function() here = place.new() end)
  after_each(function() here:__close() end)

  it("lists what it can make", function()
    local out, err, status = here:run "kam new"
    assert.equal("", err)
    assert.equal(0, status)
    kit.has(out, "kam new component NAME")
  end)

  it("makes a component whose spec passes", function()
    local out, err, status = here:run "kam new component LineMarker && kam test line_marker_spec.lua"
    assert.equal("", err)
    assert.equal(0, status)
    kit.has(out, "wrote line_marker.lua", "wrote line_marker_spec.lua", "3 passed, 0 failed")
  end)

  it("makes a component that runs as it says", function()
    local out = here:run "kam new component line_marker"
    local command = out:match "run it +(kam run [^\n]+)"
    assert.equal("hello?\n", (here:run(command)))
  end)

  it("makes a component with a page, whose example runs", function()
    local out, err = here:run "kam new component LineMarker >/dev/null && kam doc ./line_marker.lua"
    assert.equal("", err)
    kit.has(out, "LineMarker (your own): Sends on each line with a mark after it.")
    here:write("example.lua", 'local kam = require "kam"\n' .. out:match "example\n(.*)")
    assert.equal("hello!\n", (here:run "kam example.lua"))
  end)

  it("writes over nothing, and then writes nothing at all", function()
    here:write("shout_spec.lua", "mine")
    local _, err, status = here:run "kam new component Shout"
    assert.equal(2, status)
    kit.has(err, "shout_spec.lua is there already")
    assert.equal("mine", here:read "shout_spec.lua")
    assert.is_nil(io.open(here.folder .. "/shout.lua"))
  end)

  for word, text in pairs {
    [""] = "needs a name", ["2x"] = "cannot be a name", ["../x"] = "cannot be a name",
    String = "Lua's own module string", ["A B"] = "what is B?", ["A --cpp"] = "--c=FAMILY",
    ["A --x"] = "what is --x?",
  } do
    it(("refuses %q"):format(word), function()
      local _, err, status = here:run("kam new component " .. word)
      assert.equal(2, status)
      kit.has(err, text)
    end)
  end

  it("refuses what it does not know", function()
    local _, err, status = here:run "kam new world"
    assert.equal(2, status)
    kit.has(err, "what is world?")
  end)

  describe("in C", function()
    local print_was, say_was = print, nil
    local report = require "kam.report"
    local said

    before_each(function()
      said, say_was = {}, report.say
      _G.print = function(text) said[#said + 1] = text end
      report.say = _G.print
    end)
    after_each(function() _G.print, report.say = print_was, say_was end)

    -- A checkout as far as the command looks, with the real headers.
    local function checkout()
      here:write("CMakeLists.txt", "")
      assert(os.execute(("ln -s '%s/core' '%s/core' && mkdir -p '%s/components/flow'"):format(library.root,
        here.folder, here.folder)))
      return { root = here.folder }
    end

    it("writes a file that compiles without a warning", function()
      local cli = checkout()
      assert.equal(0, new.main({ "component", "LongEnough", "--c" }, cli))
      local _, err, status = here:run("cc -std=c11 -fsyntax-only -D_XOPEN_SOURCE=700 -Wall -Wextra -Wpedantic "
        .. "-Wshadow -Wconversion -Wstrict-prototypes -Werror -I. components/flow/long_enough.c")
      assert.equal("", err)
      assert.equal(0, status)
      kit.has(here:read "components/flow/long_enough.c", "KAM_COMPONENT(long_enough)", '.name = "LongEnough"')
    end)

    it("refuses the name of another component, and a family that is not there", function()
      local cli = checkout()
      assert.equal(2, new.main({ "component", "Chunker", "--c" }, cli))
      kit.has(table.concat(said), "there is a component Chunker")
      assert.equal(2, new.main({ "component", "LongEnough", "--c=nowhere" }, cli))
      kit.has(table.concat(said), "there is no family nowhere; there are: flow")
    end)

    it("says that it needs a checkout where there is none", function()
      assert.equal(2, new.main({ "component", "LongEnough", "--c" }, { root = here.folder }))
      kit.has(table.concat(said), "it needs a checkout")
    end)
  end)
end)
