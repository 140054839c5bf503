-- FileWriter: that the file has just what came, or is untouched.
local kam = require "kam"
local kit = require "spec.lua.kit"
local place = require "spec.lua.place"

local here

before_each(function() here = place.new() end)
after_each(function()
  kit.settled()
  here:__close()
end)

local function path(name) return here.folder .. "/" .. (name or "out") end

local function there(name) return os.rename(path(name), path(name)) ~= nil end

-- Writes a list of messages.
local function writes(list, options)
  options = options or {}
  options.path = path()
  kit.runs(kam.Pipeline { kam.DataSource(list), kam.FileWriter(options) })
  return here:read "out"
end

local function fails(options, list)
  local ok, _, said = kit.run(kam.Pipeline { kam.DataSource(list or { "x" }), kam.FileWriter(options) })
  assert.is_nil(ok)
  return said
end

-- The names in the folder but for the kit's own.
local function names()
  local out = here:run "ls -A | grep -v '^bin$'"
  return (out:gsub("\n", " "))
end

describe("FileWriter", function()
  it("writes strings and buffers as they are", function()
    assert.equal("a\0b\n", writes { "a", "\0b", "", "\n" })
    kit.runs(kam.Pipeline { kam.source(function() end), kam.FileWriter(path()) })
    assert.equal("", here:read "out")
    here:write("in", ("0123456789"):rep(100000))
    kit.runs(kam.Pipeline { kam.FileReader { path "in", chunk = 33333 }, kam.FileWriter(path()) })
    assert.equal(here:read "in", here:read "out")
  end)

  it("puts the ends of lines back", function()
    assert.equal("a\n\nb\n", writes({ "a", "", "b" }, { lines = true }))
    local long = ("x"):rep(100000)
    assert.equal("a\n" .. long .. "\nb\n", writes({ "a", long, "b" }, { lines = true }))
  end)

  it("writes messages of all sizes in order", function()
    math.randomseed(3)
    local list = {}
    for i = 1, 3000 do list[i] = tostring(i):rep(math.random(0, 1) == 1 and 3 or math.random(1, 4000)) end
    assert.equal(table.concat(list), writes(list))
    assert.equal(table.concat(list, "\n") .. "\n", writes(list, { lines = true, atomic = true }))
  end)

  it("replaces what was in the file, adds to it, or wants it new", function()
    assert.equal("long text", writes { "long text" })
    assert.equal("b", writes { "b" })
    assert.equal("bc", writes({ "c" }, { mode = "append" }))
    kit.has(fails({ path(), mode = "new" }), "E0631", "cannot write " .. path() .. ": File exists")
    kit.has(fails({ path(), mode = "new", atomic = true }), "File exists")
    assert.equal("bc", here:read "out")
    kit.runs(kam.Pipeline { kam.OneShot "d", kam.FileWriter { path "new", mode = "new" } })
    assert.equal("d", here:read "new")
    os.remove(path "new")
    kit.runs(kam.Pipeline { kam.OneShot "e", kam.FileWriter { path "new", mode = "new", atomic = true } })
    assert.equal("e", here:read "new")
  end)

  it("makes the folders that are missing when it is asked to", function()
    kit.has(fails(path "a/b/c"), "cannot write " .. path "a/b/c" .. ": No such file or directory")
    kit.runs(kam.Pipeline { kam.OneShot "x", kam.FileWriter { path "a/b/c", mkdir = true } })
    assert.equal("x", here:read "a/b/c")
  end)

  it("says at once that a file cannot be written", function()
    kit.has(fails(here.folder), ": Is a directory")
    kit.has(fails({ here.folder, atomic = true }), ": Is a directory")
    kit.has(fails(path "bin/kam/x"), ": Not a directory")
    local start = kam.now()
    local ok, _, said = kit.run(kam.Pipeline {
      kam.main(function(self) self:sleep(1000) self:send "late" end),
      kam.FileWriter(path "no/such"),
    })
    assert.is_nil(ok)
    kit.has(said, "no/such")
    assert.is_true(kam.now() - start < 1000)
  end)

  it("refuses what is no string or buffer at its sender, naming the kind", function()
    kit.has(fails(path(), { { 1 } }), "FileWriter", "table")
    kit.has(fails(path(), { 1 }), "FileWriter", "the number 1")
  end)

  it("fails on a full disk with path and reason", function()
    kit.has(fails "/dev/full", "cannot write /dev/full: No space left on device")
    local _, err, status = here:run [[
      kam -e 'local kam = require "kam"
        kam.Pipeline { kam.FileReader { "/dev/zero", bytes = 1e7 }, kam.FileWriter "/dev/full" }:run()']]
    assert.equal(1, status)
    kit.has(err, "error[E0631]: FileWriter: cannot write /dev/full: No space left on device")
  end)

  it("fails when a file grows over what it may", function()
    here:write("big.lua", [[local kam = require "kam"
      kam.Pipeline { kam.FileReader { "/dev/zero", bytes = 1e6 },
        kam.FileWriter { "big", atomic = arg[1] == "atomic" } }:run()]])
    for _, how in ipairs { "plain", "atomic" } do
      here:write("big", "old")
      local _, err, status = here:run(("trap '' XFSZ; ulimit -f 100; kam big.lua %s"):format(how))
      assert.equal(1, status)
      kit.has(err, "cannot write big: File too large")
      if how == "atomic" then assert.equal("old", here:read "big") end
    end
    assert.equal("big big.lua ", names())
  end)
end)

describe("an atomic FileWriter", function()
  it("leaves no other file behind, and keeps the rights of the old one", function()
    here:write("out", "old")
    here:run "chmod 640 out"
    assert.equal("new", writes({ "new" }, { atomic = true }))
    assert.equal("640\n", (here:run "stat -c %a out"))
    assert.equal("out ", names())
  end)

  it("changes the file that a link leads to, not the link", function()
    here:write("out", "old")
    here:run "ln -s out link"
    kit.runs(kam.Pipeline { kam.OneShot "new", kam.FileWriter { path "link", atomic = true } })
    assert.equal("new", here:read "out")
    assert.equal("out\n", (here:run "readlink link"))
  end)

  it("shows the old file until all has come", function()
    here:write("out", "old")
    local before
    local part = ("x"):rep(50000)
    kit.runs(kam.Pipeline {
      kam.main(function(self)
        for _ = 1, 100 do
          self:send(part)
          self:yield()
        end
        self:sleep(1)
        before = here:read "out"
      end),
      kam.FileWriter { path(), atomic = true },
    })
    assert.equal("old", before)
    assert.equal(("x"):rep(5000000), here:read "out")
  end)

  it("leaves the old file and nothing else when its sender fails", function()
    here:write("out", "old")
    local ok = kit.run(kam.Pipeline {
      kam.main(function(self)
        for _ = 1, 100 do self:send(("x"):rep(50000)) end
        self:sleep(1)
        error "broken"
      end),
      kam.FileWriter { path(), atomic = true },
    })
    assert.is_nil(ok)
    assert.equal("old", here:read "out")
    assert.equal("out ", names())
  end)

  it("leaves the old file and nothing else when it is told to end now", function()
    here:write("out", "old")
    local h <close> = kam.handle(kam.FileWriter { path(), atomic = true })
    for _ = 1, 100 do h:put(("x"):rep(50000)) end
    h:stop()
    h:close()
    assert.equal("old", here:read "out")
    assert.equal("out ", names())
  end)

  it("cannot append", function()
    kit.has(fails { path(), atomic = true, mode = "append" }, "E0634", path())
    assert.is_false(there())
  end)
end)

describe("a FileWriter that writes in place", function()
  it("keeps what it took when it is told to end now", function()
    local c = kam.FileWriter(path())
    local source = kam.main(function(self)
      for i = 1, 10 do self:send(tostring(i)) end
      self:sleep(1)
      error "broken"
    end)
    kit.run(kam.Pipeline { source, c })
    assert.equal("12345678910", here:read "out")
  end)

  it("has a message in the file soon after it came", function()
    local seen
    kit.runs(kam.Pipeline {
      kam.main(function(self)
        self:send "soon"
        self:sleep(0.01)
        seen = here:read "out"
      end),
      kam.FileWriter(path()),
    })
    assert.equal("soon", seen)
  end)

  it("writes into a pipe at the speed of who reads it", function()
    local out, err, status = here:run [[
      mkfifo pipe
      kam -e 'local kam = require "kam"
        kam.Pipeline { kam.FileReader { "/dev/zero", bytes = 3000000 }, kam.FileWriter "pipe" }:run()' &
      sleep 0.1
      { head -c 100000; sleep 0.1; cat; } < pipe | wc -c
      wait $!]]
    assert.same({ "3000000\n", "", 0 }, { out, err, status })
  end)

  it("fails when nobody reads its pipe any more", function()
    local _, err, status = here:run [[
      mkfifo pipe
      kam -e 'local kam = require "kam"
        kam.Pipeline { kam.FileReader "/dev/zero", kam.FileWriter "pipe" }:run()' &
      head -c 10 < pipe > /dev/null
      wait $!]]
    assert.equal(1, status)
    kit.has(err, "cannot write pipe: Broken pipe")
  end)
end)

describe("copies", function()
  it("are the same byte for byte, whatever the chunks", function()
    local out, err, status = here:run [[
      head -c 3000001 /dev/urandom > in
      for chunk in 1 7 4096 65536 1000000; do
        n=$((chunk == 1 ? 30000 : 3000001)); head -c $n in > part
        kam -e "local kam = require 'kam'
          kam.Pipeline { kam.FileReader { 'part', chunk = $chunk }, kam.FileWriter 'copy' }:run()
          kam.Pipeline { kam.FileReader { 'part', lines = true, limit = 1e7 },
            kam.FileWriter { 'lines', lines = true, atomic = true } }:run()"
        cmp part copy && head -c $n lines | cmp - part && echo same
      done]]
    assert.same({ ("same\n"):rep(5), "", 0 }, { out, err, status })
  end)

  it("go through the kernel from file to file, and are the same", function()
    here:run "head -c 20000001 /dev/urandom > in"
    local whole = here:read "in"
    local function copied(reader, writer, between)
      reader.path, writer.path = path "in", path()
      kit.runs(kam.Pipeline { kam.FileReader(reader), between or kam.FileWriter(writer), between and kam.FileWriter(writer) })
      return here:read "out"
    end
    assert.is_true(copied({}, {}) == whole)
    assert.is_true(copied({}, { atomic = true }) == whole)
    assert.is_true(copied({ from = 9000001, bytes = 9000003 }, {}) == whole:sub(9000002, 18000004))
    assert.is_true(copied({ from = -7000000 }, {}) == whole:sub(-7000000))
    here:write("out", "before")
    assert.is_true(copied({}, { mode = "append" }) == "before" .. whole) -- where the kernel declines
    assert.is_true(copied({}, {}, kam.PassThrough()) == whole)
    assert.is_true(copied({ chunk = 5000000 }, { lines = true }) == whole:sub(1, 5000000) .. "\n"
      .. whole:sub(5000001, 10000000) .. "\n" .. whole:sub(10000001, 15000000) .. "\n"
      .. whole:sub(15000001, 20000000) .. "\n" .. whole:sub(-1) .. "\n")
  end)

  it("go through the kernel no further than the disk, and what may be written", function()
    here:run "head -c 3000000 /dev/urandom > in"
    here:write("copy.lua", [[require "kam".Pipeline {
      require "kam".FileReader "in", require "kam".FileWriter { arg[1], atomic = arg[2] == "atomic" } }:run()]])
    local _, err, status = here:run "kam copy.lua /dev/full"
    assert.equal(1, status)
    kit.has(err, "cannot write /dev/full: No space left on device")
    here:write("out", "old")
    _, err, status = here:run "trap '' XFSZ; ulimit -f 2000; kam copy.lua out atomic"
    assert.equal(1, status)
    kit.has(err, "cannot write out: File too large")
    assert.equal("old", here:read "out")
  end)

  it("fail when the file that is copied loses what was to come", function()
    here:run "head -c 30000000 /dev/zero > in"
    local ok, _, said = kit.run(kam.Graphline {
      READER = kam.FileReader(path "in"), WRITER = kam.FileWriter(path()),
      CUT = kam.main(function() here:run "truncate -s 2000000 in" end),
      linkages = { "READER -> WRITER" },
    })
    if ok then -- it was read before it was cut, or seen to be shorter
      assert.is_true(#here:read "out" == 2000000 or #here:read "out" == 30000000)
    else
      kit.has(said, "cannot write", "No data available")
    end
  end)

  -- A file that is read slowly into "out", and a signal or what else ends that on the way.
  local copies = [[
local kam = require "kam"
local stat = io.open "/proc/self/stat"
local pid = stat:read "n"
local n = 0
kam.Pipeline {
  kam.FileReader "in",
  kam.map(function(bytes)
    n = n + 1
    if n == 3 then
      if arg[1] == "stop" then kam.stop() else io.popen("kill -INT " .. pid):close() end
    end
    return bytes
  end),
  kam.FileWriter { "out", atomic = arg[2] == "atomic" },
}:run()]]

  for how, expected in pairs { INT = 130, stop = 0 } do
    it(("leaves the old file when %s ends the reader before all was read"):format(how), function()
      here:write("copy.lua", copies)
      here:write("in", ("x"):rep(50e6))
      here:write("out", "old")
      local _, _, status = here:run(("exec kam copy.lua %s atomic"):format(how))
      assert.equal(expected, status)
      assert.equal("old", here:read "out")
      assert.equal("copy.lua in out ", names())
      here:run(("exec kam copy.lua %s plain"):format(how))
      local size = #here:read "out"
      assert.is_true(size > 3 and size < 50e6) -- it was a part
    end)
  end

  it("leaves the old file when it is killed", function()
    here:write("out", "old")
    here:run [[
      kam -e 'require "kam".Pipeline { kam.FileReader "/dev/zero", kam.FileWriter { "out", atomic = true } }:run()' &
      sleep 0.2; kill -KILL $!]]
    assert.equal("old", here:read "out")
  end)

  it("changes the file in a run after one that was asked to end", function()
    here:write("out", "old")
    kit.runs(kam.Pipeline { kam.main(function() kam.stop() end), kam.NullSink() })
    assert.equal("new", writes({ "new" }, { atomic = true }))
  end)
end)
