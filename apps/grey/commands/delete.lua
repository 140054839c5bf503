-- delete: forgets.
local desk = require "desk"

local delete = { usage = {
  { "kam grey delete WORD…", "forget what is remembered of a client, sender or recipient" },
} }

function delete.main(words, path)
  if not words[1] then return desk.wrong "delete needs a client, a sender or a recipient" end
  return desk.open(path, function(ask)
    local condition, parameters = desk.matching(words)
    local results = ask { { "delete from triplet where " .. condition, parameters },
      #words == 1 and { "delete from client where client = ?", parameters } or nil }
    local n = results[1].changes + (results[2] and results[2].changes or 0)
    print(("%d deleted"):format(n))
    return n > 0 and 0 or 1
  end)
end

return delete
