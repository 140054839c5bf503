-- import: takes in what dump has written; of what is there already, the later is kept.
local kam = require "kam"
local desk = require "desk"

local import = { usage = { { "kam grey import FILE", "take in what dump has written; - is the standard input" } } }

local MOST = 200 -- rows in one transaction

local unescapes = { ["\\\\"] = "\\", ["\\t"] = "\t", ["\\n"] = "\n", ["\\r"] = "\r" }

local sql = {
  triplet = { 7, [[insert into triplet values (?, ?, ?, ?, ?, ?, ?) on conflict do update set
    first = min(first, excluded.first), last = max(last, excluded.last),
    passed = coalesce(passed, excluded.passed), tries = max(tries, excluded.tries)]], { 4, 5, 6, 7 } },
  client = { 3, [[insert into client values (?, ?, ?) on conflict do update set
    passes = max(passes, excluded.passes), last = max(last, excluded.last)]], { 2, 3 } },
  whitelist = { 4, [[insert or replace into whitelist (kind, pattern, added, until) values (?, ?, ?, ?)]],
    { 3, 4 } },
}

-- The statement for a line, or nil and what is wrong.
local function statement(line)
  local words = {}
  for word in (line .. "\t"):gmatch "(.-)\t" do words[#words + 1] = word:gsub("\\.", unescapes) end
  local kind = sql[table.remove(words, 1)]
  if not kind or #words ~= kind[1] then return nil, "is no line of dump" end
  for _, i in ipairs(kind[3]) do
    local n = math.tointeger(tonumber(words[i]))
    if not n and words[i] ~= "" then return nil, ("has %q where a number is to be"):format(words[i]) end
    words[i] = n or kam.null
  end
  return { kind[2], words }
end

function import.main(words, path)
  if #words ~= 1 then return desk.wrong "import needs a file, or -" end
  local file, why = io.stdin, nil
  if words[1] ~= "-" then file, why = io.open(words[1]) end
  if not file then return desk.wrong("cannot read " .. why) end
  local list, number = {}, 0
  for line in file:lines() do
    number = number + 1
    if line ~= "" and not line:find "^#" then
      local made, wrong = statement(line)
      if not made then
        return desk.wrong(("line %d of %s %s; nothing was taken in"):format(number, words[1], wrong))
      end
      list[#list + 1] = made
    end
  end
  return desk.open(path, function(ask)
    for from = 1, #list, MOST do ask(table.move(list, from, math.min(from + MOST - 1, #list), 1, {})) end
    ask "update setting set value = value + 1 where name = 'whitelist'"
    print(("%d taken in"):format(#list))
  end)
end

return import
