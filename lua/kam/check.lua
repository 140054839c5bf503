-- check: what a script's graph would be refused for, and what will go wrong in it,
-- without running it: its own lines run, and the components that they make do not.

local code = require "kam.check.code"
local core = require "kam.core"
local globals = require "kam.globals"
local graph = require "kam.check.graph"
local methods = require "kam.methods"
local note = require "kam.note"
local report = require "kam.report"
local run = require "kam.run"
local script = require "kam.script"
local services = require "kam.services"

local check = {}

-- Names that nobody defines: errors, or warnings if the script tests for them.
local function names(chunk, errors, warnings)
  local undefined, sure = globals.undefined(chunk)
  for _, found in ipairs(undefined) do
    if sure and not found.tested then
      table.insert(errors, script.undefined(chunk, found))
    elseif sure then
      local w = report.new("W0009", found.name, found.near)
      w.file, w.line, w.mark = debug.getinfo(chunk, "S").short_src, found.line, found.name
      table.insert(warnings, w)
    end
  end
end

local function each(c, visit)
  visit(c)
  for _, child in ipairs(core.children(c)) do each(child, visit) end
end

-- All components of the systems, and in kept those that some of them hold in their options
-- (kam.Seq) and will run.
local function gather(roots)
  local all, kept = {}, {}
  local function keep(v)
    if core.isself(v) and core.state(v) == "made" and not kept[v] and not all[v] then
      each(v, function(c) kept[#kept + 1], kept[c] = c, true end)
    end
  end
  for _, root in ipairs(roots) do
    each(root, function(c) all[#all + 1], all[c] = c, true end)
  end
  local function look(c)
    for _, v in next, c do
      keep(v)
      if type(v) == "table" and getmetatable(v) == nil then
        for _, item in ipairs(v) do keep(item) end
      end
    end
  end
  for _, c in ipairs(all) do look(c) end
  local at = 1
  while kept[at] do
    look(kept[at])
    at = at + 1
  end
  return all, kept
end

-- What the functions of components do, each function once.
local function functions(all, add)
  local seen, variables = {}, {}
  for _, c in ipairs(all) do
    for _, one in ipairs(code.of(c)) do
      if not seen[one.f] then
        seen[one.f] = true
        code.endless(one, function(line, call) add("W0004", one.file, line, c, call) end)
        code.truth(one, function(line) add("W0008", one.file, line, c) end)
      end
      code.variables(one, function(id, name, line, written)
        local v = variables[id] or { name = name, users = {} }
        if not variables[id] then variables[#variables + 1] = v end
        variables[id] = v
        if not v.users[c] then table.insert(v.users, c) end
        v.users[c] = true
        if written and not v.file then v.file, v.line, v.writer = one.file, line, c end
      end)
    end
  end
  for _, v in ipairs(variables) do
    if v.file and #v.users > 1 then add("W0007", v.file, v.line, v.name, v.writer, v.users) end
  end
end

-- What waits in the handlers that servers make, each function once.
local function handlers(all, add)
  local seen = {}
  for _, c in ipairs(all) do
    for _, one in ipairs(code.makers(c)) do
      if not seen[one.f] then
        seen[one.f] = true
        code.subscribers(one, function(line, name) add("W0010", one.file, line, c, name) end)
      end
    end
  end
end

-- Warnings of what is wrong with the systems that would be run; others: those that lived
-- before the script's lines ran.
local function systems(roots, others, warnings)
  local function add(id, file, line, ...)
    local e = report.new(id, ...)
    e.file, e.line = file, line
    table.insert(warnings, e)
  end
  local function warn(id, c, ...)
    local file, line = core.place(c)
    add(id, file, line, c, ...)
  end
  local all, kept = gather(roots)
  local links, is_root = {}, {}
  for _, link in ipairs(core.links()) do
    if all[link.from] then links[#links + 1] = link end
  end
  for _, root in ipairs(roots) do is_root[root] = true end
  for _, c in ipairs(all) do
    if not run.held[c] and not services.has(c) then graph.unlinked(links, c, warn) end
    if not is_root[c] then graph.unfed(c, warn) end
  end
  graph.rings(graph.edges(links), warn)
  graph.overtaken(links, warn)
  functions(table.move(kept, 1, #kept, #all + 1, all), add)
  handlers(all, add)
  for _, c in ipairs(core.children()) do
    if not (is_root[c] or kept[c] or others[c] or methods.drawn[c]) and core.state(c) == "made" then
      warn("W0003", c)
    end
  end
end

-- What is wrong with a script: lists of errors and of warnings. Further arguments are the
-- script's.
function check.text(text, name, ...)
  local errors, warnings = {}, {}
  local chunk, err = script.compile(text, name)
  if not chunk then return { err }, warnings end
  names(chunk, errors, warnings)
  if #errors > 0 then return errors, warnings end
  local others = {}
  for _, c in ipairs(core.children()) do others[c] = true end
  local ok, roots, gathered = note.roots(chunk, function(e) return e end, ...)
  for _, e in ipairs(gathered) do table.insert(errors, e) end
  if not ok then
    -- what plain Lua says after an error that run stops at may only follow from it
    if #errors == 0 or report.is_error(roots) then table.insert(errors, roots) end
  elseif #errors == 0 then
    systems(roots, others, warnings)
  end
  return errors, warnings
end

return check
