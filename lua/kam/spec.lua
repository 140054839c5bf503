-- spec: kam test: busted inside the host, on a virtual clock.

local core = require "kam.core"
local report = require "kam.report"

local spec = {}

-- Waiting costs no time, a component that does not give way is named early, and
-- what systems say goes nowhere unless a spec asks.
local function prepare()
  require "kam"
  core.configure { virtual = true, nameAfter = 0.1 }
  report.quiet = os.getenv "KAM_SPEC_VERBOSE" == nil
end

-- Runs the specs of a path (of the project's own by default); does not return:
-- busted ends the process, with 1 if a spec failed.
function spec.run(root, words)
  local paths, flags = {}, {}
  for _, word in ipairs(words) do
    local list = word:find "^%-" and flags or paths
    list[#list + 1] = word
  end
  if #paths == 0 then paths[1] = core.list "spec" and "spec" or root .. "/spec" end
  prepare()
  package.path = ("./?.lua;%s/?.lua;%s"):format(root, package.path)
  local ok, runner = pcall(require, "busted.runner")
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
