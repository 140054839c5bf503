-- DirectoryWatch: what it tells of real folders, in which a shell does things.
local kam = require "kam"
local kit = require "spec.lua.kit"
local place = require "spec.lua.place"

local here

before_each(function()
  here = place.new()
  here:run "mkdir tree"
end)
after_each(function()
  here:__close()
  kit.settled()
end)

-- Has a shell do that in the folder, while the loop goes on.
local function does(self, command)
  os.execute(("cd '%s' && { (%s\n); touch done; } &"):format(here.folder, command))
  while not os.remove(here.folder .. "/done") do self:sleep(0.02) end
end

-- What a watch tells while each command is done by a shell, 0.15 s after the one before:
-- texts "change path", sorted; from is in brackets.
local function tells(options, commands)
  local got, errors = {}, {}
  options[1], options.settle = here.folder .. "/tree", options.settle or 0.05
  local watch = kam.DirectoryWatch(options)
  local function short(path) return path and path:sub(#here.folder + 7) end
  kit.runs(kam.Graphline {
    WATCH = watch, ERRORS = kit.into(errors),
    GOT = kam.each(function(m)
      got[#got + 1] = m.change .. " " .. short(m.path) .. (m.from and " (" .. short(m.from) .. ")" or "")
    end),
    HAND = kam.main(function(self)
      for _, command in ipairs(commands) do
        self:sleep(0.15)
        does(self, "cd tree; " .. command)
      end
      self:sleep(0.3)
      watch:stop()
    end),
    linkages = { "WATCH -> GOT", "WATCH.error -> ERRORS" },
  })
  table.sort(got)
  return got, errors
end

describe("DirectoryWatch", function()
  it("tells what is made, changed and removed, and nothing of what was there", function()
    here:write("tree/old", "1")
    here:write("tree/goes", "1")
    assert.same({ "changed old", "made new", "removed goes" },
      (tells({}, { "echo 2 >new; echo 2 >>old; rm goes" })))
  end)

  it("tells once of what is done in its settle time, and nothing of what came and went", function()
    assert.same({ "changed a", "made a" },
      (tells({}, { "for i in 1 2 3 4; do echo $i >>a; done; touch b; rm b", "echo 5 >>a; echo 6 >>a" })))
  end)

  it("tells of moves, out of the folder and into it too", function()
    here:write("tree/a", "1")
    here:write("tree/b", "1")
    here:write("out", "1")
    assert.same({ "made in", "moved c (a)", "removed b" }, (tells({}, { "mv a c; mv b ../b; mv ../out in" })))
  end)

  it("tells that a file was changed when a new one takes its name, as editors do it", function()
    here:write("tree/text", "1")
    assert.same({ "changed text" }, (tells({}, { "echo 2 >text~; mv text~ text" })))
  end)

  it("watches folders that are made, and tells what was already made in them", function()
    assert.same({ "changed a/b/c/2", "made a", "made a/b", "made a/b/1", "made a/b/c", "made a/b/c/2" },
      (tells({}, { "mkdir -p a/b/c; touch a/b/1 a/b/c/2", "echo x >a/b/c/2" })))
  end)

  it("goes on watching what lies in a folder that was moved, and not what has left", function()
    here:run "mkdir -p tree/a/b; touch tree/a/b/1"
    assert.same({ "changed z/b/1", "moved z (a)", "removed z", "removed z/b", "removed z/b/1" },
      (tells({}, { "mv a z", "echo x >z/b/1", "mv z ../z", "echo y >../z/b/1" })))
  end)

  it("tells all of a folder that is removed", function()
    here:run "mkdir -p tree/a/b; touch tree/a/b/1"
    assert.same({ "removed a", "removed a/b", "removed a/b/1" }, (tells({}, { "rm -r a" })))
  end)

  it("tells only of what its options want", function()
    local commands = { "mkdir d .h; touch d/1.lua 2.lua 3.txt .h/4.lua; mv 3.txt 5.lua", "mv 2.lua 2.txt" }
    assert.same({ "made .h/4.lua", "made 2.lua", "made 5.lua", "made d/1.lua", "removed 2.lua" },
      (tells({ pattern = "*.lua" }, commands)))
    here:run "rm -r tree; mkdir tree"
    assert.same({ "made .h", "made d" }, (tells({ only = "folders" }, commands)))
    here:run "rm -r tree; mkdir tree"
    assert.same({ "made 2.lua", "made 5.lua", "made d", "moved 2.txt (2.lua)" },
      (tells({ depth = 1, hidden = false }, commands)))
  end)

  it("ends when the folder itself goes, and tells that", function()
    local got = {}
    here:write("tree/a", "1")
    kit.runs(kam.Graphline {
      WATCH = kam.DirectoryWatch(here.folder .. "/tree"), GOT = kit.into(got),
      HAND = kam.main(function(self)
        self:sleep(0.1)
        does(self, "rm -r tree")
      end),
      linkages = { "WATCH -> GOT" },
    })
    assert.same({ "removed", "removed" }, { got[1].change, got[2].change })
    assert.equal(here.folder .. "/tree", got[2].path)
    assert.is_nil(got[3])
  end)

  it("misses nothing in a flood", function()
    local got = tells({}, { "mkdir -p $(seq -f d%g/e 100); touch $(seq -f d%g/e/f 100)", "rm -r d*" })
    local count = { made = 0, removed = 0, changed = 0 }
    for _, text in ipairs(got) do
      local change = text:match "^%a+"
      count[change] = count[change] + 1
    end
    assert.equal(300, count.made)
    assert.equal(300, count.removed)
  end)

  it("fails with path and reason where it cannot watch", function()
    here:write("file", "1")
    for path, why in pairs { nothing = "No such file or directory", file = "Not a directory" } do
      local ok, _, said = kit.run(kam.Pipeline { kam.DirectoryWatch(here.folder .. "/" .. path), kam.NullSink() })
      assert.is_nil(ok)
      kit.has(said, "error[E0861]: DirectoryWatch", "cannot watch " .. here.folder .. "/" .. path .. ": " .. why)
    end
  end)
end)
