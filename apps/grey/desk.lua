-- desk: what the commands that look at the store, or change it, have in common. They work on the
-- file of a Grey that runs, as well as of one that does not.
local kam = require "kam"
local check = require "commands.check"
local store = require "store"

local desk = {}

local function say(text) io.stderr:write(text, "\n") end

-- Takes a flag off a list of words: whether it was there.
function desk.flag(words, name)
  for i, word in ipairs(words) do
    if word == name then
      table.remove(words, i)
      return true
    end
  end
  return false
end

-- Says what is wrong with how a command was called.
function desk.wrong(text)
  say("error: " .. text)
  say "  kam grey --help says how"
  return 2
end

-- Opens the store of the configuration at path, and calls f(ask, config, json): the exit status.
-- ask runs statements (see SqliteDatabase), and fails with what is wrong; json gives a table as
-- a line of JSON.
function desk.open(path, f)
  local config, problems = check.read(path)
  if not config then return 2 end
  if problems.errors > 0 then
    say(problems:text())
    return 2
  end
  local status = 1
  local db = store.database(config.database, 10)
  local encoder = kam.JSONEncode()
  local ok = kam.run(db, encoder, kam.main(function(self)
    local function ask(message)
      local answer, wrong = store.ask(self, db, message)
      if not answer then error(("the store %s: %s"):format(config.database, wrong.error), 0) end
      return answer
    end
    local done, why = pcall(function()
      local prepared, wrong = store.prepare(self, db)
      if not prepared then error(("the store %s: %s"):format(config.database, wrong.error), 0) end
      status = f(ask, config, function(values) return tostring(self:ask(encoder, values)) end) or 0
    end)
    if not done then say("error: " .. tostring(why)) end
    db:stop()
    encoder:stop()
  end))
  return ok and status or 1
end

-- --- entries that words name ---

-- A condition, and its parameters, for triplets of which each word is the client, the sender or
-- the recipient.
function desk.matching(words)
  local list, parameters = {}, {}
  for _, word in ipairs(words) do
    list[#list + 1] = "? in (client, sender, recipient)"
    parameters[#parameters + 1] = word:match "^<(.*)>$" or word
  end
  return #list > 0 and table.concat(list, " and ") or "1", parameters
end

-- Calls f with each triplet that fits a condition, in the order of its key, some at a time.
function desk.each(ask, condition, parameters, f)
  local from = { "", "", "" }
  local sql = ("select * from triplet where (client, sender, recipient) > (?, ?, ?) and %s "
    .. "order by client, sender, recipient limit 500"):format(condition)
  repeat
    local rows = ask { sql, table.move(parameters, 1, #parameters, 4, { table.unpack(from) }) }
    for _, row in ipairs(rows) do f(row) end
    local last = rows[#rows]
    if last then from = { last.client, last.sender, last.recipient } end
  until #rows < 500
end

-- --- what is shown ---

function desk.time(seconds) return seconds and os.date("%Y-%m-%d %H:%M:%S", seconds) or "-" end

-- A text of others, for a line on a terminal.
function desk.plain(text) return (tostring(text):gsub("[%c\x7f]", "?")) end
return desk
