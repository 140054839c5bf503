local flags = require "kam.flags"
local launch = require "kam.launch"

-- Runs the specs once for each seed from 1 to n, each in a process of its own.
local function schedules(n, words)
  local passed, failed, skipped = 0, 0, 0
  for i, word in ipairs(words) do words[i] = "'" .. word:gsub("'", "'\\''") .. "'" end
  for seed = 1, n do
    local run = io.popen(("/proc/%d/exe --seed %d test %s"):format(require "kam.core".pid(), seed,
      table.concat(words, " ")))
    local text = run:read "a"
    run:close()
    local ok, bad, out = text:match "(%d+) passed, (%d+) failed,? ?(%d*)[^\n]*\n$"
    passed, failed = passed + (tonumber(ok) or 0), failed + (tonumber(bad) or 1)
    skipped = skipped + (tonumber(out) or 0)
    if bad ~= "0" then io.write(("seed %d:\n%s\n"):format(seed, text)) end
  end
  print(("%d passed, %d failed%s"):format(passed, failed,
    skipped > 0 and (", %d skipped"):format(skipped) or ""))
  return failed == 0 and 0 or 1
end

return {
  usage = {
    { "kam test [PATH]", "run specs on a virtual clock" },
    { "kam test --schedules=N [PATH]", "the same in N orders of runs, one for each seed" },
  },
  takes = "words",
  main = function(words, cli)
    for i, word in ipairs(words) do
      if word:find "^%-%-schedules" then
        local n = math.tointeger(tonumber(word:match "^%-%-schedules=(%d+)$"))
        if not n or n < 1 then return launch.wrong "--schedules=N needs a number from 1 on" end
        table.remove(words, i)
        return schedules(n, words)
      end
    end
    local err = flags.apply()
    if err then return launch.wrong(err) end
    return require "kam.spec".run(cli.root, words)
  end,
}
