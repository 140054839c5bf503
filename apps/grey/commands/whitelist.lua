-- whitelist: what is not delayed, beside what the configuration says; a Grey that runs knows it
-- with its next mail.
local desk = require "desk"
local entries = require "entries"
local values = require "values"

local whitelist = { usage = {
  { "kam grey whitelist", "what is not delayed by command" },
  { "kam grey whitelist KIND ENTRY [TIME]", "do not delay a client, sender or recipient, for a time or ever" },
  { "kam grey whitelist KIND ENTRY remove", "delay it again" },
} }

local sets = { client = entries.clients, sender = entries.addresses, recipient = entries.addresses }
local CHANGED = { "update setting set value = value + 1 where name = 'whitelist'" }

local function show(ask)
  for _, row in ipairs(ask "select * from whitelist order by kind, pattern") do
    print(("%-9s  %s  %s"):format(row.kind, desk.plain(row.pattern),
      row["until"] and "until " .. desk.time(row["until"]) or "for ever"))
  end
end

function whitelist.main(words, path)
  local kind, pattern, how = words[1], words[2], words[3]
  if not kind then return desk.open(path, show) end
  if not sets[kind] then return desk.wrong(("%q is none of client, sender, recipient"):format(kind)) end
  if not pattern or words[4] then return desk.wrong "whitelist needs a kind and an entry" end
  local ok, why = sets[kind]():add(pattern)
  if not ok then return desk.wrong(why) end
  local seconds
  if how and how ~= "remove" then
    seconds, why = values.time(how, { min = 1 })
    if not seconds then return desk.wrong(why) end
  end
  return desk.open(path, function(ask)
    if how == "remove" then
      local gone = ask { { "delete from whitelist where kind = ? and pattern = ?", { kind, pattern } }, CHANGED }
      print(("%d removed"):format(gone[1].changes))
      return gone[1].changes > 0 and 0 or 1
    end
    local now = os.time()
    ask { { "insert or replace into whitelist (kind, pattern, added, until) values (?, ?, ?, ?)",
      { kind, pattern, now, seconds and now + seconds or require "kam".null } }, CHANGED }
    print(("%s %s is not delayed %s"):format(kind, pattern, seconds and "until " .. desk.time(now + seconds)
      or "any more"))
  end)
end

return whitelist
