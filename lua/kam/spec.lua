-- spec: kam test: busted inside the host, on a virtual clock.

local core = require "kam.core"
local report = require "kam.report"
local tree = require "kam.tree"

local spec = {}

-- Waiting costs no time, a component that does not give way is named early, and
-- what systems say goes nowhere unless a spec asks.
local function prepare()
  -- Where each allocation costs a collection, prints of tables cost too much.
  if not os.getenv "KAM_GC_STRESS" then require "kam.careful".begin() end
  require "kam"
  -- with sanitizers, all takes some five times as long
  core.configure { virtual = true, nameAfter = os.getenv "KAM_VARIANT" and 0.5 or 0.1 }
  report.quiet = os.getenv "KAM_SPEC_VERBOSE" == nil
end

-- A failure is told with what lies in the boxes, before what the spec holds is closed.
local function tell_boxes()
  local core_of_busted = require "busted.core"
  package.loaded["busted.core"] = function(...)
    local busted = core_of_busted(...)
    local rewrite = busted.rewriteMessage
    function busted.rewriteMessage(...)
      local lines, message = tree.boxes(), rewrite(...)
      if #lines == 0 then return message end
      return message .. "\nin the boxes:\n" .. table.concat(lines, "\n")
    end
    return busted
  end
end

-- Runs the specs of a path (of the project's own by default); does not return:
-- busted ends the process, with 1 if a spec failed.
function spec.run(root, words)
  local paths, flags = {}, {}
  for _, word in ipairs(words) do
    local list = word:find "^%-" and flags or paths
    list[#list + 1] = word
  end
  if #paths == 0 then
    paths[1] = core.list "spec" and "spec" or root .. "/spec"
    if not core.list(paths[1]) then
      report.say "kam: there is no folder spec here; give the file or the folder of the specs"
      return 2
    end
  end
  prepare()
  package.path = ("./?.lua;%s/?.lua;%s"):format(root, package.path)
  local ok, runner = pcall(function()
    tell_boxes()
    return require "busted.runner"
  end)
  if not ok then
    report.say "kam: busted is missing; it is in Debian's package lua-busted"
    return 2
  end
  local args = { [0] = root .. "/lua/kam/spec_main.lua", "-o", "kam.spec_output", "--shuffle-files",
    "--no-auto-insulate" }
  for _, word in ipairs(flags) do args[#args + 1] = word end
  for _, path in ipairs(paths) do args[#args + 1] = path end
  _G.arg = args
  spec.runner = runner
  dofile(args[0])
  return 0
end

return spec
