-- check: what a script's graph would be refused for, and what will go wrong in it,
-- without running it: its own lines run, and the components that they make do not.

local bytecode = require "kam.bytecode"
local component = require "kam.component"
local core = require "kam.core"
local globals = require "kam.globals"
local note = require "kam.note"
local report = require "kam.report"
local run = require "kam.run"
local script = require "kam.script"

local check = {}

local sends = { send = true, trySend = true }
local takes = { recv = true, messages = true }

local function declares(list, name)
  for _, box in ipairs(list) do
    if box.name == name then return true end
  end
  return false
end

-- Does a component use a box: by its declaration if it is in C, else by a call of one
-- of the methods in its main. A function (kam.map) uses those that it has.
local function uses(c, names, side, box)
  local d = component.declaration(getmetatable(c).__index.constructor)
  if not d then return true end
  if d.in_c then return declares(d[side], box) and not (side == "outboxes" and d.effects) end
  local main = d.main and bytecode.read(d.main)
  if not main then return false end
  local found = false
  bytecode.walk(main, function(f, _, op, _, _, constant)
    if op == bytecode.ops.SELF and names[f.constants[constant]] then found = true end
  end)
  return found
end

-- An outbox whose messages reach nobody: of a component, not of a chassis that passes it
-- on. Only outbox itself: whether others are sent to depends on what arrives. One that
-- writes to the outside is a last one, and sends only on request.
local function unlinked(links, c, warn)
  local _, outs = core.boxes(c)
  for _, box in ipairs(outs) do
    if not box.linked and not box.optional and box.name == "outbox" then
      local source, name = c, box.name
      local passed = true
      while passed do
        passed = false
        for _, link in ipairs(links) do
          if link.kind == "out" and link.to == source and link.tobox == name then
            source, name, passed = link.from, link.box, true
            break
          end
        end
      end
      if not core.look(source).passive and uses(source, sends, "outboxes", name) then
        warn("W0001", source, name)
      end
    end
  end
end

local function unfed(c, warn)
  if core.look(c).passive then return end
  for _, box in ipairs((core.boxes(c))) do
    if box.name == "inbox" and not box.fed and not box.linked and not box.optional
      and uses(c, takes, "inboxes", box.name) then
      warn("W0002", c, box.name)
    end
  end
end

local function each(c, visit)
  visit(c)
  for _, child in ipairs(core.children(c)) do each(child, visit) end
end

-- What is wrong with a script: lists of errors and of warnings.
function check.text(text, name, ...)
  local errors, warnings = {}, {}
  local chunk, err = script.compile(text, name)
  if not chunk then return { err }, warnings end
  local undefined, sure = globals.undefined(chunk)
  for _, found in ipairs(undefined) do
    if sure and not found.tested then table.insert(errors, script.undefined(chunk, found)) end
  end
  if #errors > 0 then return errors, warnings end
  local ok, roots = note.roots(chunk, function(e) return e end, ...)
  if not ok then return { roots }, warnings end
  local function warn(code, c, box)
    local e = report.new(code, c, box)
    e.file, e.line = core.place(c)
    table.insert(warnings, e)
  end
  local links, noted = core.links(), {}
  for _, root in ipairs(roots) do
    noted[root] = true
    each(root, function(c)
      if not run.held[c] then unlinked(links, c, warn) end
      if c ~= root then unfed(c, warn) end
    end)
  end
  for _, c in ipairs(core.children()) do
    if not noted[c] and core.state(c) == "made" then warn("W0003", c) end
  end
  return errors, warnings
end

return check
