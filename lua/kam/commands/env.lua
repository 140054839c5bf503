return {
  usage = { { "kam env", "the variables with which plain lua5.4 finds kam" } },
  main = function(_, cli)
    local root = cli.root
    local cpath = package.cpath:match "^[^;]*kam_modules[^;]*" or root .. "/build/kam_modules/?.so"
    print(("export LUA_PATH=%q"):format(root .. "/lua/?.lua;" .. root .. "/lua/?/init.lua;${LUA_PATH:-;}"))
    print(("export LUA_CPATH=%q"):format(cpath .. ";${LUA_CPATH:-;}"))
    return 0
  end,
}
