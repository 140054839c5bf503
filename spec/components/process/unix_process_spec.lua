-- UnixProcess: what goes in and out of another program, and how both end.
local core = require "kam.core"
local kam = require "kam"
local kit = require "spec.lua.kit"
local place = require "spec.lua.place"

local here

setup(function() here = place.new() end)
teardown(function() here:__close() end)
after_each(kit.settled)

-- What a program writes when it is given a list of texts.
local function writes(options, list)
  local got = {}
  kit.runs(kam.Pipeline { kam.DataSource(list or { "" }), kam.UnixProcess(options), kit.into(got) })
  return table.concat(got)
end

-- What is said when it fails.
local function fails(options)
  local ok, _, said = kit.run(kam.Pipeline { kam.UnixProcess(options), kam.NullSink() })
  assert.is_nil(ok)
  return said
end

-- The children of this process, by name; defunct ones too.
local function children()
  local f <close> = assert(io.popen "ps -o comm= --ppid $PPID")
  local names = {}
  for name in f:lines() do
    if name ~= "sh" and name ~= "ps" then names[#names + 1] = name end
  end
  return names
end

describe("UnixProcess", function()
  it("gives a program what comes, and sends what it writes", function()
    assert.equal("a\nb\nc\n", writes({ "sort" }, { "b\nc", "\na\n" }))
    assert.equal("c\nb\na\n", writes({ "sort", "-r" }, { "b\nc", "\na\n" }))
    assert.equal("\0\255", writes({ "cat" }, { "\0", "", "\255" }))
  end)

  it("gives each argument as it is", function()
    assert.equal("a b|*|$HOME|", writes({ "printf", "%s|", "a b", "*", "$HOME" }))
  end)

  it("closes the program's input at once when nothing feeds it", function()
    local got = {}
    kit.runs(kam.Pipeline { kam.UnixProcess { "wc", "-c" }, kit.into(got) })
    assert.equal("0\n", table.concat(got))
  end)

  it("runs in the folder and with the variables that it is given", function()
    assert.equal(here.folder .. "\n", writes { "pwd", cwd = here.folder })
    assert.equal("two words" .. os.getenv "PATH" .. "\n",
      writes { 'echo "$KAM_A$PATH"', shell = true, env = { "KAM_A=two words" } })
    assert.equal("elsewhere\n", writes { "/bin/sh", "-c", "echo $HOME", env = { "HOME=elsewhere" } })
  end)

  it("lets a shell read a command line when it is asked to", function()
    assert.equal("2\n", writes({ "grep -c a | cat", shell = true }, { "a\nb\na\n" }))
  end)

  it("carries more than any pipe holds, both ways, and drops nothing", function()
    local size = 5000000
    here:write("in", ("0123456789abcdef"):rep(size // 16))
    local got, slow = {}, 0
    kit.runs(kam.Pipeline {
      kam.FileReader { here.folder .. "/in", chunk = 10000 },
      kam.UnixProcess { "cat" },
      kam.main(function(self)
        for m in self:messages() do
          got[#got + 1] = m
          slow = slow + 1
          if slow % 10 == 0 then self:sleep(0.001) end
        end
      end),
    })
    assert.equal(here:read "in", table.concat(got))
  end)

  it("sorts, counts and searches as the shell does", function()
    local out, err, status = here:run [[
      seq 50000 | awk '{ print ($1 * 7919) % 50021, "x" $1 }' > in
      cat > run.lua <<'LUA'
        local kam = require "kam"
        kam.Pipeline { kam.FileReader "in", kam.UnixProcess(table.move(arg, 2, #arg, 1, {})),
          kam.FileWriter(arg[1]) }:run()
LUA
      kam run.lua sorted sort -n && sort -n in | cmp - sorted &&
      kam run.lua found grep 77 && grep 77 in | cmp - found &&
      kam run.lua counted wc -w && wc -w < in | cmp - counted]]
    assert.same({ "", "", 0 }, { out, err, status })
  end)

  it("is not disturbed by a program that stops reading", function()
    local got = {}
    kit.runs(kam.Pipeline {
      kam.FileReader { "/dev/zero", chunk = 5000 },
      kam.UnixProcess { "head", "-c", "3" }, kit.into(got),
    })
    assert.equal("\0\0\0", table.concat(got))
  end)

  it("sends the standard error to a box, and to ours if that is not linked", function()
    local got = {}
    kit.runs(kam.Graphline {
      P = kam.UnixProcess { "echo out; echo err >&2", shell = true }, ERR = kit.into(got),
      linkages = { "P.error -> ERR", "P -> null" },
    })
    assert.equal("err\n", table.concat(got))
    local out, err, status = here:run [[kam -e 'local kam = require "kam"
      kam.Pipeline { kam.UnixProcess { "ls", "no/such" }, kam.ConsoleEchoer() }:run()']]
    assert.same({ "", 1 }, { out, status })
    kit.has(err, "No such file", "error[E0641]: UnixProcess: ls no/such: its exit status is 2")
  end)

  it("fails when the program fails, naming it and its status", function()
    kit.has(fails { "false" }, "E0641", "false: its exit status is 1")
    kit.has(fails { "exit 7", shell = true }, "exit 7: its exit status is 7")
    kit.has(fails { "kill -9 $$", shell = true }, "signal 9 (Killed)")
  end)

  it("sends the status instead when that is linked, after all output", function()
    local got = {}
    local function status(options)
      got = {}
      kit.runs(kam.Graphline {
        P = kam.UnixProcess(options), OUT = kit.into(got), linkages = { "P, P.status -> OUT" },
      })
      return got
    end
    assert.same({ "x\n", { exit = 3 } }, status { "echo x; exit 3", shell = true })
    assert.same({ { exit = 0 } }, status { "true" })
    assert.same({ { signal = 15 } }, status { "kill $$", shell = true })
  end)

  it("says so when there is no such program or folder", function()
    kit.has(fails { "kam-no-such-program" }, "E0640",
      "cannot start kam-no-such-program: no such file or directory")
    kit.has(fails { "ls", cwd = "/no/such" }, "cannot start ls: its folder (option cwd) is not there")
    kit.has(fails { here.folder .. "/bin" }, "permission denied")
    kit.has(fails { "ls", env = { "X" } }, "option env", "NAME=value")
  end)

  it("says so when there are no descriptors for it", function()
    local _, err, exit = here:run [[ulimit -n 16; exec kam -e 'local all = {}
      for i = 1, 20 do all[i] = kam.UnixProcess { "cat" } end
      kam.run(kam.Par(all))']]
    kit.has(err, "E0640", "UnixProcess", "cannot start cat: too many open files")
    assert.equal(1, exit)
  end)

  it("refuses a command line in one text, with the list as mend", function()
    kit.has(fails "sort -r", "E0640", "cannot start sort -r",
      'mend: kam.UnixProcess { "sort", "-r" }', "shell = true")
    here:write("my tool", "#!/bin/sh\necho mine\n")
    here:run "chmod +x 'my tool'"
    assert.equal("mine\n", writes(here.folder .. "/my tool"))
  end)

  it("ends the program when it is told to end now", function()
    local said
    kit.runs(kam.main(function(self)
      local p = self:addChildren(kam.UnixProcess { "trap 'exit 0' TERM; echo; sleep 100 & wait", shell = true })
      self:link({ p, "outbox" }, { self, "inbox" })
      self:recv()
      p:stop()
      said = select(2, self:recv())
    end))
    assert.equal("ended", said)
    assert.same({}, children())
  end)

  it("ends one that does not listen by force, after the grace", function()
    kit.runs(kam.main(function(self)
      local p = self:addChildren(kam.UnixProcess {
        "trap '' TERM; echo; while :; do sleep 1; done", shell = true, grace = 0.05 })
      self:link({ p, "outbox" }, { self, "inbox" })
      self:recv()
      p:stop()
      self:recv()
    end))
    assert.same({}, children())
  end)

  it("ends with the one that takes what it writes", function()
    local first
    kit.runs(kam.Pipeline { kam.UnixProcess { "yes" }, kam.main(function(self) first = self:recv() end) })
    assert.equal("y\ny\n", first:sub(1, 4))
    assert.same({}, children())
  end)

  it("leaves no child when the system is ended by signals", function()
    local out = here:run [[
      kam -e 'local kam = require "kam"
        kam.Pipeline { kam.UnixProcess { "trap \"\" TERM; echo $$; while :; do sleep 0.1; done", shell = true },
          kam.FileWriter "pid" }:run()' &
      until [ -s pid ]; do sleep 0.01; done
      kill -TERM $!; wait $!; echo $?
      kill -0 $(cat pid) 2>/dev/null && echo alive; true]]
    assert.equal("143\n", out)
  end)

  it("runs two hundred at once, and leaves neither children nor descriptors", function()
    local function descriptors()
      collectgarbage()
      return #core.list "/proc/self/fd"
    end
    writes { "true" }
    local before, n = descriptors(), 0
    local all = {}
    for i = 1, 200 do
      all[i] = kam.Pipeline { kam.OneShot(tostring(i)), kam.UnixProcess { "cat" },
        kam.each(function(m) if m == tostring(i) then n = n + 1 end end) }
    end
    kit.runs(table.unpack(all))
    assert.equal(200, n)
    assert.same({}, children())
    assert.equal(before, descriptors())
  end)

  it("gives no descriptors of ours to the program", function()
    here:write("in", "x")
    local got = {}
    kit.runs(kam.Graphline {
      HELD = kam.FileReader { here.folder .. "/in", follow = true },
      OTHER = kam.UnixProcess { "sleep", "100" },
      LS = kam.UnixProcess { "ls", "/proc/self/fd" },
      OUT = kam.main(function(self)
        for m in self:messages() do got[#got + 1] = m end
      end),
      linkages = { "LS -> OUT", "HELD, OTHER -> null" },
    }, kam.main(function(self) self:sleep(0.1) kam.stop() end))
    local f <close> = assert(io.popen "ls /proc/self/fd") -- with those that we were given
    assert.equal(f:read "a", table.concat(got))
  end)
end)
