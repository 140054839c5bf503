-- The corpus of novices' mistakes: each is told at once, with its place and its mend,
-- and the mend mends it.
--
-- Beside pages' notes a mistake has these:
--
--   --! flag F              is given to kam before the script
--   --! within N            seconds in which it is told, if it waits itself
--   --mend: OLD ==> NEW     a replacement in the script after which it runs and says nothing
local place = require "spec.lua.place"

local FOLDER = "spec/mistakes"
local AT_LEAST, MENDED = 60, 0.9
-- Seconds within which a mistake is told.
local SOON = place.sanitized and 30 or 2

local files = {
  ["a.txt"] = "one\ntwo\nthree\n",
  ["words.txt"] = "pear\napple\nfig\n",
}

local function lines_of(command)
  local f <close> = assert(io.popen(command))
  local list = {}
  for line in f:lines() do list[#list + 1] = line end
  return list
end

local function now()
  local f <close> = assert(io.open "/proc/uptime")
  return f:read "n"
end

-- What a file of the corpus says.
local function mistake(path)
  local f <close> = assert(io.open(path, "rb"))
  local m = { flags = "", input = "", parts = {}, mends = {} }
  local script = {}
  for line in f:lines() do
    local kind, rest = line:match "^%-%-([<!]) ?(.*)$"
    local old, new = line:match "^%-%-mend: (.-) ==> (.*)$"
    if old then
      m.mends[#m.mends + 1] = { old, new }
    elseif kind == "<" then
      m.input = m.input .. rest .. "\n"
    elseif kind and rest:find "^exit %d+$" then
      m.exit = tonumber(rest:match "%d+")
    elseif kind and rest:find "^flag " then
      m.flags = m.flags .. " " .. rest:match "^flag (.*)"
    elseif kind and rest:find "^within %d+$" then
      m.within = tonumber(rest:match "%d+")
    elseif kind then
      m.parts[#m.parts + 1] = rest
    else
      script[#script + 1] = line
    end
  end
  m.script = table.concat(script, "\n") .. "\n"
  return m
end

local function mended(m)
  local script, first = m.script, m.script:find "\n"
  for _, mend in ipairs(m.mends) do
    local from, to = script:find(mend[1], first, true)
    assert.is_truthy(from, "not in the script: " .. mend[1])
    script = script:sub(1, from - 1) .. mend[2] .. script:sub(to + 1)
  end
  return script
end

local paths = lines_of(("ls %s/[0-9]*.lua"):format(FOLDER))

describe("the corpus of mistakes", function()
  it("is large, and most of it can be mended by what is said", function()
    assert.is_true(#paths >= AT_LEAST, #paths .. " files")
    local n = 0
    for _, path in ipairs(paths) do n = n + (#mistake(path).mends > 0 and 1 or 0) end
    assert.is_true(n >= MENDED * #paths, ("%d of %d have a mend"):format(n, #paths))
  end)

  for _, path in ipairs(paths) do
    local name = path:match "[^/]+$"

    it("tells " .. name, function()
      local m = mistake(path)
      assert.is_true(#m.parts > 0 and m.exit ~= nil and m.exit ~= 0)
      local p <close> = place.new(files)
      p:write(name, m.script)
      local command = ("kam%s %s"):format(m.flags, name)
      local began = now()
      local _, err, exit = p:run(command, m.input)
      local took = now() - began
      assert.equal(m.exit, exit, err)
      assert.is_truthy(err:find((name:gsub("%p", "%%%0")) .. ":%d"), "no place in:\n" .. err)
      for _, part in ipairs(m.parts) do
        assert.is_truthy(err:find(part, 1, true), ("no %q in:\n%s"):format(part, err))
      end
      assert.is_true(took < (m.within or SOON), ("took %.2f s"):format(took))
      if #m.mends == 0 then return end
      p:write(name, mended(m))
      local _, said, status = p:run(command, m.input)
      assert.equal("", said)
      assert.equal(0, status)
    end)
  end
end)
