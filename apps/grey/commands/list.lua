-- list: what is remembered.
local desk = require "desk"

local list = { usage = {
  { "kam grey list [WORD…] [--waiting] [--passed]", "what is remembered of a client, sender or recipient" },
  { "", "--json: an object for each line" },
} }

function list.main(words, path)
  local as_json, waiting = desk.flag(words, "--json"), desk.flag(words, "--waiting")
  local passed = desk.flag(words, "--passed")
  for _, word in ipairs(words) do
    if word:find "^%-" then return desk.wrong("list has no option " .. word) end
  end
  return desk.open(path, function(ask, config, json)
    local condition, parameters = desk.matching(words)
    if waiting then condition = condition .. " and passed is null" end
    if passed then condition = condition .. " and passed is not null" end
    local now = os.time()
    desk.each(ask, condition, parameters, function(row)
      local left = row.first + config.delay - now
      local state = row.passed and "passed" or left > 0 and "waiting" or "due"
      if as_json then
        row.state, row.wait = state, state == "waiting" and left or nil
        print(json(row))
      else
        print(("%-7s  %s  %-18s  <%s> <%s>  %d tries%s"):format(state,
          desk.time(row.passed and row.last or row.first), row.client, desk.plain(row.sender),
          desk.plain(row.recipient), row.tries, state == "waiting" and (", %d s to wait"):format(left) or ""))
      end
    end)
  end)
end

return list
