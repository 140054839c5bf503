local core = require "kam.core"

-- Where the module of plain lua5.4 is: in the build folder, or where it was installed.
local function modules(root)
  if core.list(root .. "/build/kam_modules") then return root .. "/build/kam_modules" end
  return (root:gsub("/share/kam$", "")) .. "/lib/lua/5.4"
end

return {
  usage = { { "kam env", "the variables with which plain lua5.4 finds kam" } },
  main = function(_, cli)
    local root = cli.root
    local cpath = package.cpath:match "^[^;]*kam_modules[^;]*" or modules(root) .. "/?.so"
    print(("export LUA_PATH=%q"):format(root .. "/lua/?.lua;" .. root .. "/lua/?/init.lua;${LUA_PATH:-;}"))
    print(("export LUA_CPATH=%q"):format(cpath .. ";${LUA_CPATH:-;}"))
    return 0
  end,
}
