local folder = require "kam.folder"
local launch = require "kam.launch"

return {
  usage = { { "kam annotations DIR", "a file by which lua-language-server knows kam" } },
  main = function(words)
    if not words[1] then return launch.wrong "annotations needs a folder to write to" end
    require "kam"
    return folder.write(words[1], { { "kam.lua", require "kam.annotations".text() } })
  end,
}
