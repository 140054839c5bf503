-- kit: what the specs of lua/ share: short components, systems that are run, and
-- what was said meanwhile.
local assert = require "luassert"
local core = require "kam.core"
local kam = require "kam"
local report = require "kam.report"

local kit = {}

-- Calls f; gives what the system said meanwhile, then what f gave.
function kit.said(f, ...)
  local lines, say = {}, report.say
  report.say = function(text) lines[#lines + 1] = text end
  local results = table.pack(pcall(f, ...))
  report.say = say
  if not results[1] then error(results[2], 0) end
  return table.concat(lines, "\n"), table.unpack(results, 2, results.n)
end

-- Runs components until all has ended; gives true or nil, the report, and what
-- was said.
function kit.run(...)
  local text, ok, why = kit.said(kam.run, ...)
  return ok, why, text
end

-- Runs components that must end well, saying nothing.
function kit.runs(...)
  local ok, _, text = kit.run(...)
  assert.equal("", text)
  assert.is_true(ok)
end

-- The text of the error that f raises.
function kit.refused(f, ...)
  local ok, err = pcall(f, ...)
  assert.is_false(ok, "it was not refused")
  return tostring(err)
end

-- text has each of the parts in it.
function kit.has(text, ...)
  for _, part in ipairs { ... } do
    assert(text:find(part, 1, true), ("%q is not in: %s"):format(part, text))
  end
end

function kit.lacks(text, part)
  assert(not text:find(part, 1, true), ("%q is in: %s"):format(part, text))
end

-- A python3 that has a module, which need not be the first one on the path; or nil.
function kit.python(module)
  for _, name in ipairs { "python3", "/usr/bin/python3" } do
    if os.execute(("%s -c 'import %s' 2>/dev/null"):format(name, module)) then return name end
  end
end

-- A component that puts all it gets into list.
function kit.into(list)
  return kam.each(function(m) list[#list + 1] = m end)
end

-- A component that sends 1 to n.
function kit.count(n)
  local i = 0
  return kam.source(function()
    i = i + 1
    if i <= n then return i end
  end)
end

-- The list 1 to n.
function kit.numbers(n)
  local list = {}
  for i = 1, n do list[i] = i end
  return list
end

-- What waits in an inbox of c (of that name), and what its owner took from it.
function kit.box(c, name)
  for _, box in ipairs((c:boxes())) do
    if box.name == (name or "inbox") then return box.waiting, box.taken end
  end
end

-- How much more was lost, by reasons, while f ran; reasons without a loss are nil.
function kit.lost(f)
  local before, lost = core.totals().lost, {}
  f()
  for reason, n in pairs(core.totals().lost) do
    if n ~= before[reason] then lost[reason] = n - before[reason] end
  end
  return lost
end

-- Every message is delivered, waits, is held, or was discarded with a reason, and
-- nothing is left open.
function kit.settled()
  local t = core.totals()
  local sum = t.delivered + t.waiting + t.held
  for _, n in pairs(t.lost) do sum = sum + n end
  assert.equal(t.sent + t.injected, sum)
  assert.equal(0, t.active)
end

return kit
