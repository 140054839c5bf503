-- stats: how much is remembered.
local desk = require "desk"

local stats = { usage = { { "kam grey stats [--json]", "how much is remembered" } } }

local names = { "waiting", "passed", "clients", "autoWhitelisted", "whitelist", "bytes" }

function stats.main(words, path)
  local as_json = desk.flag(words, "--json")
  if words[1] then return desk.wrong "stats takes no words" end
  return desk.open(path, function(ask, config, json)
    local enough = config.auto_whitelist > 0 and config.auto_whitelist or math.maxinteger
    local row = ask { [[select count(*) filter (where passed is null) as waiting,
      count(*) filter (where passed is not null) as passed, (select count(*) from client) as clients,
      (select count(*) from client where passes >= ? and last > ?) as autoWhitelisted,
      (select count(*) from whitelist) as whitelist,
      (select page_count * page_size from pragma_page_count, pragma_page_size) as bytes from triplet]],
      { enough, os.time() - config.lifetime } }[1]
    if as_json then return print(json(row)) end
    for _, name in ipairs(names) do print(("%-16s %d"):format(name, row[name])) end
  end)
end

return stats
