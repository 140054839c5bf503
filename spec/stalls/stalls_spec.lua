-- Stalls are told, and whatever only waits is none: each script of stalled/ and of
-- waiting/ is run by the command kam, and says in notes what comes of it.
local kit = require "spec.lua.kit"
local pages = require "spec.docs.pages"
local place = require "spec.lua.place"

-- Runs the script at path: its name, its notes, and what came of it.
local function run(path)
  local name, text = path:match "[^/]+$", pages.read(pages.root .. "/" .. path)
  local notes = pages.notes(text)
  local here <close> = place.new { [name] = text }
  local out, err, status = here:run("kam " .. name, notes.input)
  return name, notes, out, err, status
end

describe("a stall is told by", function()
  for _, path in ipairs(pages.find("spec/stalls/stalled", ".lua")) do
    it(path, function()
      local name, notes, out, err, status = run(path)
      assert.equal(3, status, err)
      assert.equal(3, notes.exit)
      assert.is_true(#notes.errors > 0, "without a note of what is said")
      kit.has(err, "stalled: nothing can move", "(" .. name .. ":", " waits ", " been told to end: ",
        table.unpack(notes.errors))
      assert.equal(notes.out, out)
      for line in err:gmatch "[^\n]* waits [^\n]*" do
        assert.is_truthy(line:find "^  [^(]+ %([^)]+:%d+%) waits ", line)
      end
    end)
  end

  it("no loss of the notice that a child has ended", function()
    local _, _, _, err = run "spec/stalls/stalled/31-end-of-a-child.lua"
    assert.is_nil(err:find("lost", 1, true))
  end)
end)

describe("no alarm is raised by", function()
  for _, path in ipairs(pages.find("spec/stalls/waiting", ".lua")) do
    it(path, function()
      local _, notes, out, err, status = run(path)
      assert.equal("", err)
      assert.equal(notes.out, out)
      assert.equal(0, status)
    end)
  end
end)
