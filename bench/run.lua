#!/usr/bin/env lua5.4
-- bench/run.lua [ROW…] [--quick]: ours and the peers, by turns in each round, as a table.
-- A ROW is the beginning of a row's name ("relay", "relay ints"). Of 8 rounds the first is dropped;
-- --quick: of 4, with a quarter of the count. Exit 1 when something that is here fails.

local here = arg[0]:match "^(.*)/[^/]*$" or "."
local bench = dofile(here .. "/rows.lua")

-- what a shell command says when run in the checkout's root, and whether it succeeds
local function shell(command)
  local pipe = assert(io.popen(("cd '%s/..' && { %s; } 2>&1"):format(here, command)))
  local text = pipe:read "a"
  return text, pipe:close()
end

local function succeeds(command)
  return (select(2, shell(command)))
end

local function lastLine(text)
  return text:match "([^\n]+)\n*$" or "it says nothing"
end

-- who can run -----------------------------------------------------------------------------------

-- builds what is older than its sources: true, or nil and why not
local function build(b)
  local fresh = ('test -e %s && test -z "$(find %s -newer %s)"'):format(b.into, b.from, b.into)
  if succeeds(fresh) then return true end
  local text, ok = shell(("mkdir -p build/bench && %s && touch %s"):format(b.command, b.into))
  if ok then return true end
  return nil, "cannot be built: " .. lastLine(text)
end

-- one who is to run a row: absent, or failed, says why it has no values
local function contestant(key, row)
  local party = bench.parties[key]
  local note = row.notes and row.notes[key]
  local c = {
    name = party.name .. (note and ", " .. note or ""),
    of = party.of,
    command = party.command,
    count = row.fixed and (row.counts and row.counts[key] or row.count)
      or row.count * (party.share or 1),
    values = {},
  }
  if not succeeds(party.here:gsub("%$row", row.program)) then
    c.absent = "not here"
  elseif party.build then
    local ok, why = build(bench.builds[party.build])
    if not ok then c.failed = why end
  end
  return c
end

-- measuring -------------------------------------------------------------------------------------

-- the numbers of a RESULT line, or nil and what was said instead
local function result(c, row, variant)
  local words = { row = row.program, variant = variant, count = ("%d"):format(c.count) }
  local text, ok = shell("timeout 300 env " .. c.command:gsub("%$(%l+)", words))
  local line = text:match "RESULT ([^\n]+)"
  if not ok or not line then return nil, lastLine(text) end
  local numbers = {}
  for key, number in line:gmatch "([%w_]+)=(-?%d+)" do numbers[key] = tonumber(number) end
  return numbers
end

local function turn(c, row, keep)
  if c.absent or c.failed then return end
  local first, second
  first, c.failed = result(c, row, row.variant)
  if first and row.against then second, c.failed = result(c, row, row.against) end
  if keep and not c.failed then table.insert(c.values, row.value(first, second)) end
end

local function median(values)
  local n = #values
  return (values[(n + 1) // 2] + values[n // 2 + 1]) / 2
end

-- ours first, then the peers, with sorted values
local function measure(row, quick)
  local contestants = { contestant(row.ours, row) }
  for _, key in ipairs(row.peers) do table.insert(contestants, contestant(key, row)) end
  if quick then
    for _, c in ipairs(contestants) do
      if row.quick then c.count = row.quick elseif not row.fixed then c.count = c.count // 4 end
    end
  end
  local rounds = row.rounds or quick and 4 or 8
  for round = 1, rounds do
    for _, c in ipairs(contestants) do turn(c, row, round > 1 or rounds == 1) end
  end
  for _, c in ipairs(contestants) do
    table.sort(c.values)
    if not c.failed and not c.absent then c.median = median(c.values) end
  end
  return contestants
end

-- the table -------------------------------------------------------------------------------------

local function number(x)
  if math.type(x) == "integer" then return ("%d"):format(x) end
  local decimals = x == 0 and 0 or math.max(0, 2 - math.floor(math.log(math.abs(x), 10)))
  return ("%." .. math.min(decimals, 3) .. "f"):format(x)
end

local function pad(text, width)
  return text .. (" "):rep(width - utf8.len(text))
end

-- the one of a name with the least median
local function best(contestants, name)
  local least
  for _, c in ipairs(contestants) do
    if c.of == name and c.median and not (least and least.median <= c.median) then least = c end
  end
  return least
end

-- what is to be reached, in words, and whether it is: true, false, or nil when it cannot be said
local function judge(reach, contestants)
  local ours = contestants[1].median
  local words = reach.lessThan and "less than " or "at most "
  local limit = reach.lessThan or reach.atMost
  if not reach.of then return words .. limit, ours and ours <= limit end
  local peer = best(contestants, reach.of)
  words = words .. limit .. " × " .. (peer and peer.name or reach.of)
  if not ours or not peer then return words end
  local ratio = ours / peer.median
  local reached = ratio < limit or ratio == limit and not reach.lessThan
  return ("%s (is %.2f)"):format(words, ratio), reached
end

local verdicts = { [true] = "reached", [false] = "MISSED" }

-- prints a row; how many of its reaches are reached, and how many it has
local function show(row, contestants)
  print(("\n%s: %s (%s)"):format(row.name, row.what, row.unit))
  local ours = contestants[1].median
  for i, c in ipairs(contestants) do
    local line = "  " .. pad(c.name, 34)
    if c.median then
      line = line .. pad(number(c.median), 9)
        .. pad(("%s–%s"):format(number(c.values[1]), number(c.values[#c.values])), 18)
      if i > 1 and ours then line = line .. ("ours is %.2f of it"):format(ours / c.median) end
    else
      line = line .. (c.absent or "failed: " .. c.failed)
    end
    print((line:gsub("%s+$", "")))
  end
  local reached = 0
  for _, reach in ipairs(row.reach) do
    local words, is = judge(reach, contestants)
    print(("  to reach: %s: %s"):format(words, verdicts[is] or "not known"))
    if is then reached = reached + 1 end
  end
  io.stdout:flush()
  return reached, #row.reach
end

local function machine()
  local cpu = shell "grep -m 1 'model name' /proc/cpuinfo":match ": ([^\n]*)" or "unknown processor"
  local cores, linux = shell "nproc":match "%d+", shell "uname -r":match "%S+"
  local facts = { cpu, cores .. " cores", "Linux " .. linux }
  for _, version in ipairs(bench.versions) do
    local text, ok = shell(version.command)
    table.insert(facts, version.name .. " " .. (ok and text:match "%S+" or "not here"))
  end
  return table.concat(facts, ", ")
end

-- the command line ------------------------------------------------------------------------------

local quick, names = false, {}
for _, word in ipairs(arg) do
  if word == "--quick" then quick = true else table.insert(names, word) end
end

local function wanted(row)
  for _, name in ipairs(names) do
    if row.name:sub(1, #name) == name then return true end
  end
  return #names == 0
end

print(machine())
local reached, all, failures, rows = 0, 0, 0, 0
for _, row in ipairs(bench.rows) do
  if wanted(row) then
    row.program, row.variant = row.name:match "^(%S+) (%S+)$"
    local contestants = measure(row, quick)
    local r, a = show(row, contestants)
    reached, all, rows = reached + r, all + a, rows + 1
    for _, c in ipairs(contestants) do
      if c.failed then failures = failures + 1 end
    end
  end
end
if rows == 0 then
  io.stderr:write("no row is called ", table.concat(names, " or "), "\n")
  os.exit(2)
end
print(("\n%d of %d reached, %d failed"):format(reached, all, failures))
os.exit(failures == 0)
