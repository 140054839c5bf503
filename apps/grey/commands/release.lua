-- release: lets pass at once what waits.
local desk = require "desk"

local release = { usage = {
  { "kam grey release WORD…", "let the next attempt pass: of a client, sender or recipient" },
} }

function release.main(words, path)
  if not words[1] then return desk.wrong "release needs a client, a sender or a recipient" end
  return desk.open(path, function(ask)
    local condition, parameters = desk.matching(words)
    local now = os.time()
    local result = ask { "update triplet set passed = ?, last = ? where passed is null and " .. condition,
      table.move(parameters, 1, #parameters, 3, { now, now }) }
    print(("%d released"):format(result.changes))
    return result.changes > 0 and 0 or 1
  end)
end

return release
