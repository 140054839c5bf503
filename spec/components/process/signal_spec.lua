-- Signal: signals as messages; and Privileges: root, given up for good.
local place = require "spec.lua.place"

local here

setup(function() here = place.new() end)
teardown(function() here:__close() end)

describe("Signal", function()
  it("sends the name of each signal, and the process lives on", function()
    local out, err = here:run [[
      kam -e 'kam.Graphline { HUP = kam.Signal "SIGHUP", USR2 = kam.Signal "SIGUSR2",
        READY = kam.OneShot "ready", PRINT = kam.ConsoleEchoer(),
        linkages = { "HUP -> PRINT", "USR2 -> PRINT", "READY -> PRINT" } }:run()' > out & pid=$!
      until grep -q ready out; do sleep 0.02; done
      for s in HUP USR2 HUP; do
        n=$(wc -l < out); kill -$s $pid; until [ $(wc -l < out) -gt $n ]; do sleep 0.02; done
      done
      kill -TERM $pid; wait $pid; echo "exit $?"; cat out]]
    assert.equal("exit 143\nready\nSIGHUP\nSIGUSR2\nSIGHUP\n", out, err)
  end)

  it("tells two that listen", function()
    local out, err = here:run [[
      kam -e 'for i = 1, 2 do
          kam.Pipeline { kam.Signal "SIGHUP", kam.map(function(s) return i .. s end), kam.ConsoleEchoer() }:activate()
        end
        io.open("ready", "w"):close()
        kam.run()' > both & pid=$!
      until [ -e ready ]; do sleep 0.02; done
      i=0; until [ $(wc -l < both) = 2 ] || [ $i = 500 ]; do kill -HUP $pid; sleep 0.1; i=$((i + 1)); done
      kill -TERM $pid; wait $pid; sort both]]
    assert.truthy(out:find "1SIGHUP" and out:find "2SIGHUP", out .. err)
  end)
end)

-- Prints who the process is before and after, of all its threads.
local WHO = [[
  local function who()
    local seen, list = {}, {}
    for task in io.popen("ls /proc/" .. arg[1] .. "/task"):lines() do
      for line in io.lines("/proc/" .. arg[1] .. "/task/" .. task .. "/status") do
        local ids = line:match "^[UG]id:%s*(.*)" or line:match "^Groups:%s*(.*)"
        if ids and not seen[ids] then seen[ids], list[#list + 1] = true, (ids:gsub("%s+", " ")) end
      end
    end
    return table.concat(list, ", ")
  end
  kam.Pipeline { kam.OneShot "go", kam.Hash(), kam.map(function(m) print(who()) return m end),
    kam.Privileges { "nobody", group = "nogroup" }, kam.each(function() print(who()) end) }:run()
]]

describe("Privileges", function()
  it("becomes another user for good, with all threads", function()
    if not here:run("id -u"):find "^0\n" then pending "needs root" return end
    here:write("who.lua", 'local kam = require "kam"\n' .. WHO)
    local out, err = here:run "exec sh -c 'chmod 755 . && exec kam who.lua $$'"
    local before, after = out:match "^([^\n]*)\n([^\n]*)\n$"
    assert.truthy(before and before:find "^0 0 0 0", out .. err)
    assert.truthy(after:find "^65534 65534 65534 65534", out .. err)
    assert.is_nil(after:find "%f[%d]0%f[%D]", out)
  end)

  it("is an error of who does not have root any more", function()
    if not here:run("id -u"):find "^0\n" then pending "needs root" return end
    local out, err, exit = here:run [[kam -e 'kam.Pipeline { kam.OneShot "go", kam.Privileges "nobody",
      kam.Privileges "root", kam.ConsoleEchoer() }:run()']]
    assert.equal(1, exit)
    assert.equal("", out)
    assert.truthy(err:find("E0688", 1, true), err)
  end)

  it("is an error of a user, or a group, that is not there", function()
    for _, given in ipairs { '"no-such-user"', '{ "root", group = "no-such-group" }' } do
      local _, err, exit = here:run(("kam -e 'kam.Pipeline { kam.OneShot(1), kam.Privileges%s, kam.NullSink() }:run()'")
        :format(given))
      assert.equal(1, exit)
      assert.truthy(err:find("E0687", 1, true), err)
    end
  end)

  it("passes on what comes if nobody is named", function()
    local out = here:run "kam -e 'kam.Pipeline { kam.DataSource { 1, 2 }, kam.Privileges(), kam.ConsoleEchoer() }:run()'"
    assert.equal("1\n2\n", out)
  end)
end)
