-- http.lua PORT WHAT: an HTTP server whose answers are made by a handler in Lua, are always the same and so given
-- from C, or are files of build/bench/www.
local kam = require "kam"

local what = {
  lua = function() return "hello\n" end,
  files = function(request) return kam.HTTPFiles { "build/bench/www", request } end,
}

local routes = ({ c = { ["/hello"] = "hello\n" }, folder = { ["/"] = { folder = "build/bench/www" } } })[arg[2]]

kam.HTTPServer { what[arg[2]], routes = routes, port = math.tointeger(arg[1]), host = "127.0.0.1" }:run()
