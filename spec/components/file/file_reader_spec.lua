-- FileReader: what it sends of files, pipes and devices, and what it says when it cannot.
local kam = require "kam"
local kit = require "spec.lua.kit"
local place = require "spec.lua.place"

local here

setup(function() here = place.new() end)
teardown(function() here:__close() end)
after_each(kit.settled)

-- What FileReader sends of a file with that text.
local function sends(text, options)
  here:write("in", text)
  options = options or {}
  options.path = here.folder .. "/in"
  local got = {}
  kit.runs(kam.Pipeline { kam.FileReader(options), kit.into(got) })
  return got
end

-- What is said when it fails.
local function fails(options)
  local ok, _, said = kit.run(kam.Pipeline { kam.FileReader(options), kam.NullSink() })
  assert.is_nil(ok)
  return said
end

describe("FileReader", function()
  it("sends bytes in chunks, the last of which may be shorter", function()
    assert.same({ "abc", "def", "g" }, sends("abcdefg", { chunk = 3 }))
    assert.same({}, sends(""))
    assert.same({ "\0\r\n\255" }, sends("\0\r\n\255"))
  end)

  it("sends a chunk larger than any other in one message", function()
    local text = ("0123456789"):rep(200000)
    assert.same({ text }, sends(text, { chunk = 3000000 }))
    assert.same({ text:sub(1, 1500000), text:sub(1500001) }, sends(text, { chunk = 1500000 }))
  end)

  it("sends lines without their ends, empty ones and one without an end too", function()
    assert.same({ "a", "", "b", "c" }, sends("a\n\nb\nc", { lines = true }))
    assert.same({ "a", "b" }, sends("a\nb\n", { lines = true }))
    assert.same({ "" }, sends("\n", { lines = true }))
    assert.same({}, sends("", { lines = true }))
  end)

  it("leaves \\r where it is unless it is asked to take it off", function()
    assert.same({ "a\r", "b" }, sends("a\r\nb", { lines = true }))
    assert.same({ "a", "\rb\r\r", "", "c\r" },
      sends("a\r\n\rb\r\r\r\n\r\nc\r", { lines = true, crlf = true }))
  end)

  it("sends every line of any file, wherever its blocks end", function()
    math.randomseed(7)
    for _, most in ipairs { 0, 3, 200, 70000, 300000 } do
      local lines, size = {}, 0
      while size < 400000 and #lines < 30000 do
        lines[#lines + 1] = ("x"):rep(math.random(0, most)) .. #lines
        size = size + #lines[#lines] + 1
      end
      local text = table.concat(lines, "\n")
      assert.same(lines, sends(text, { lines = true }))
      assert.same(lines, sends(text .. "\n", { lines = true }))
    end
  end)

  it("sends as many lines as there can be in a block", function()
    local got = sends(("\n"):rep(200001), { lines = true })
    assert.equal(200001, #got)
    assert.equal("", table.concat(got))
  end)

  it("reads a part of a file, counted from the start or from the end", function()
    assert.same({ "cde" }, sends("abcdefg", { from = 2, bytes = 3 }))
    assert.same({ "fg" }, sends("abcdefg", { from = -2 }))
    assert.same({ "abc" }, sends("abc", { from = -10 }))
    assert.same({}, sends("abc", { from = 10 }))
    assert.same({ "b", "c" }, sends("a\nb\ncd\n", { from = 2, bytes = 3, lines = true }))
  end)

  it("refuses a line longer than its limit", function()
    here:write("long", "ab\nabcd\nabcde\n")
    local path = here.folder .. "/long"
    kit.has(fails { path, lines = true, limit = 4 }, "E0632", "cannot read " .. path, "line 3",
      "longer than 4 bytes", "option limit")
    here:write("long", ("x"):rep(500000))
    kit.has(fails { path, lines = true, limit = 100000 }, "line 1", "100000")
    assert.same({ ("x"):rep(500000) }, sends(("x"):rep(500000), { lines = true, limit = 500000 }))
  end)

  it("names the path and the reason when a file cannot be read", function()
    kit.has(fails "no/such", "E0630", "cannot read no/such: No such file or directory")
    kit.has(fails(here.folder), "cannot read " .. here.folder .. ": Is a directory")
    kit.has(fails { here.folder, lines = true }, "Is a directory")
    kit.has(fails "/proc/self/mem", "cannot read /proc/self/mem: Input/output error")
  end)

  it("must be given a path", function()
    kit.has(kit.refused(function() kam.FileReader { nil, lines = true } end), "E0207", "path")
  end)

  it("leaves nothing open when its receiver ends before the file does", function()
    local out, err, status = here:run [[
      kam -e 'local kam = require "kam"
        for i = 1, 100 do
          kam.Pipeline { kam.FileReader { "/dev/zero", chunk = 1000 },
            kam.main(function(self) self:recv() end) }:run()
        end
        os.execute("ls /proc/$PPID/fd | wc -l")']]
    assert.same({ "", 0 }, { err, status })
    assert.is_true(tonumber(out) < 20, out)
  end)

  it("reads devices and files of /proc, which tell no size", function()
    local got = {}
    kit.runs(kam.Pipeline { kam.FileReader { "/dev/zero", bytes = 100000 }, kit.into(got) })
    assert.equal(("\0"):rep(100000), table.concat(got))
    kit.runs(kam.Pipeline { kam.FileReader "/dev/null", kit.into(got) })
    assert.equal(100000, #table.concat(got))
  end)

  it("reads a pipe as it fills, without holding up the system", function()
    here:write("fifo.lua", [[
      local kam = require "kam"
      kam.Graphline {
        FIFO = kam.FileReader { "fifo", lines = true }, IN = kam.FileReader { "/dev/stdin", lines = true },
        OUT = kam.ConsoleEchoer(),
        linkages = { "FIFO, IN -> OUT" },
      }:run()]])
    local out, err, status = here:run([[
      mkfifo fifo; mkfifo stdin; : > out.txt
      kam fifo.lua < stdin > out.txt & exec 3> stdin
      until grep -q two out.txt; do echo two >&3; sleep 0.01; done
      exec 4> fifo; printf 'one' >&4; sleep 0.05; echo ' and' >&4; echo three >&4
      exec 4>&- 3>&-; wait $!; status=$?; sort -u out.txt; exit $status]])
    assert.same({ "one and\nthree\ntwo\n", "", 0 }, { out, err, status })
  end)

  it("ends when it is told, though nobody ever writes into its pipe", function()
    local out, err, status = here:run [[
      mkfifo never
      timeout -s INT 0.3 kam -e 'local kam = require "kam"
        kam.Pipeline { kam.FileReader "never", kam.ConsoleEchoer() }:run()']]
    assert.same({ "", "", 124 }, { out, err, status })
  end)

  it("follows a file that grows, and one that begins anew", function()
    local out, err, status = here:run [[
      echo one > log
      kam -e 'local kam = require "kam"
        kam.Pipeline { kam.FileReader { "log", lines = true, follow = true },
          kam.main(function(self) for m in self:messages() do
            print(m) io.stdout:flush() if m == "end" then return end end end) }:run()' > followed &
      until grep -qs one followed; do sleep 0.01; done
      printf 'tw' >> log; sleep 0.3; echo o >> log
      until grep -q two followed; do sleep 0.01; done
      echo new > log
      until grep -q new followed; do sleep 0.01; done
      echo end >> log
      wait $!; status=$?; cat followed; exit $status]]
    assert.same({ "one\ntwo\nnew\nend\n", "", 0 }, { out, err, status })
  end)
end)
