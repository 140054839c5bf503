local core = require "kam.core"
local graph = require "kam.graph"
local launch = require "kam.launch"
local note = require "kam.note"
local report = require "kam.report"
local script = require "kam.script"

local forms = { ["--text"] = "text", ["--dot"] = "dot", ["--svg"] = "svg", ["--mermaid"] = "mermaid" }

-- What the script would have run; else what it only made, in the order of making.
local function roots(noted)
  if #noted > 0 then return noted end
  local list = {}
  for _, c in ipairs(core.children()) do
    if select(2, core.name(c)) ~= "handle" then list[#list + 1] = c end
  end
  return list
end

local function draw_all(noted, form)
  local list = roots(noted)
  if #list == 0 then
    report.say "kam: the script makes no system"
    return 1
  end
  if form ~= "text" and #list > 1 then
    print(graph.draw_all(list, form))
    return 0
  end
  local drawings = {}
  for i, c in ipairs(list) do drawings[i] = c:graph(form) end
  print(table.concat(drawings, "\n\n"))
  return 0
end

local function said(failure)
  local ours = report.is_error(failure)
  report.say(ours and tostring(failure) or "error: " .. core.show(failure, true))
  return ours and failure.exit or 1
end

-- The script's own lines do run; what it would run is only noted (see note.lua). The
-- roots, or nil and the exit status.
local function noted(path, words)
  local text, err = script.read(path)
  if not text then
    report.say("kam: cannot read " .. err)
    return nil, 2
  end
  local chunk, status = script.load(text, path == "-" and "=stdin" or "@" .. path)
  if not chunk then return nil, status end
  report.sources[path == "-" and "stdin" or path] = text
  local folder = path:match "^(.*)/[^/]*$" or "."
  package.path = ("%s/?.lua;%s/?/init.lua;%s"):format(folder, folder, package.path)
  _G.arg = table.move(words, 1, #words, 1, { [0] = path, [-1] = arg[0] })
  local ok, found = note.roots(chunk, function(e) return e end, table.unpack(words))
  if not ok then return nil, said(found) end
  return found
end

return {
  usage = {
    { "kam graph FILE [args]", "draw its system; the script's own lines run, the system does not" },
    { "  --dot, --svg, --mermaid", "the drawing in another form, before FILE" },
  },
  takes = "words",
  main = function(words)
    local form = "text"
    while words[1] and forms[words[1]] do form = forms[table.remove(words, 1)] end
    local path = table.remove(words, 1)
    if not path then return launch.wrong "kam graph needs a script" end
    if path:find "^%-." then return launch.wrong("kam graph has no option " .. path) end
    require "kam"
    local list, status = noted(path, words)
    if list then status = draw_all(list, form) end
    core.kill()
    return status
  end,
}
