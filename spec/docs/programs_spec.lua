-- The programs of docs/programs, run as they stand, with the files that they want.
-- Those of a first month that need no file are in the tutorial and the cookbook.
local kit = require "spec.lua.kit"
local pages = require "spec.docs.pages"
local place = require "spec.lua.place"

local run = {} -- names of programs that a spec here runs

-- Runs a program in a folder with these files: the folder, its output, what it
-- said, and its exit status.
local function start(name, files, words, before)
  run[name] = true
  local path = "docs/programs/" .. name .. ".lua"
  local here = place.new(files)
  here:write("program.lua", pages.read(pages.root .. "/" .. path))
  return here, here:run(("%s kam program.lua %s"):format(before or "exec", words or ""))
end

-- The same for one that ends well and says nothing: its output.
local function output(name, files, words)
  local here <close>, out, err, status = start(name, files, words)
  assert.same({ "", 0 }, { err, status })
  return out, here
end

it("P3 counts words, and sends the table at the end", function()
  assert.equal("{ a = 2, b = 1, c = 1 }\n", output("03-word-count", { ["words.txt"] = "a b\na c\n" },
    "words.txt"))
end)

it("P3 says which option is missing when no file is given", function()
  local here <close>, out, err, status = start("03-word-count")
  assert.same({ "", 2 }, { out, status })
  assert(here)
  kit.has(err, "E0207", "path")
end)

-- The same beside a program of Python, after which it is told to end: what the two wrote.
local function beside(name, python)
  local here <close>, out, err = start(name, { ["client.py"] = [[
import socket, time
def connect(port):
    for _ in range(500):
        try: s = socket.create_connection(("localhost", port))
        except ConnectionRefusedError: time.sleep(0.01)
        else:
            s.settimeout(10)
            return s.makefile("rw")
]] .. python }, "& pid=$!; python3 client.py >&2; kill -INT $pid; wait $pid", "")
  assert(here)
  return out, err
end

it("P4 is a chat", function()
  local out, err = beside("04-chat", [[
a, b = connect(1500), connect(1500)
time.sleep(0.2)
a.write("hello\n")
a.flush()
print(a.readline() + b.readline(), end = "")
]])
  assert.equal("", out)
  assert.equal("127.0.0.1: hello\n127.0.0.1: hello\n", (err:gsub("::1", "127.0.0.1")))
end)

it("P6 copies a file at a rate", function()
  local text = ("0123456789abcdef"):rep(4096 + 3)
  local clock = os.time()
  local here <close>, out, err, status = start("06-copy", { from = text }, "from to")
  assert.same({ "", "", 0 }, { out, err, status })
  assert.equal(text, here:read "to")
  assert.is_true(os.time() - clock <= 5)
end)

it("P7 sends to two", function()
  local files = { ["access.log"] = "GET / 200\nGET /x 500\n" }
  local here <close>, out, err, status = start("07-fan-out", files)
  assert.same({ files["access.log"], "", 0 }, { out, err, status })
  assert.equal(files["access.log"], here:read "copy.log")
end)

it("P8 merges two files, and ends when both have", function()
  local out = output("08-merge", { ["a.txt"] = "a1\na2\n", ["b.txt"] = "b1\n" })
  local lines = {}
  for line in out:gmatch "[^\n]+" do lines[#lines + 1] = line end
  table.sort(lines)
  assert.same({ "a1", "a2", "b1" }, lines)
end)

it("P9 asks a service", function()
  assert.equal("one\ntwo\nthree\n", output "09-service")
end)

it("P10 shows the time again and again, until it is stopped", function()
  local here <close>, out, _, status = start("10-timer", nil, nil, "exec timeout -s INT 2.5")
  assert(here)
  local shown = 0
  for line in out:gmatch "[^\n]+" do
    assert.truthy(line:find "^%d%d:%d%d:%d%d$")
    shown = shown + 1
  end
  assert.is_true(shown >= 1 and shown <= 2)
  assert.equal(124, status) -- timeout's
end)

it("P14 plays a list of files to its end", function()
  assert.equal("one\ntwo\nthree\n",
    output("14-carousel", { ["a.txt"] = "one\n", ["b.txt"] = "two\n", ["c.txt"] = "three\n" }))
end)

it("P16 sends news to the network and to the terminal", function()
  local out, err = beside("16-news", [[
a, b = connect(1600), connect(1600)
print(a.readline() == b.readline() != "")
]])
  assert.truthy(out:find "^%u%l+ [%l ]+%.\n")
  assert.equal("True\n", err)
end)

it("P17 sorts by another program", function()
  assert.equal("c\nb\na\n", output("17-subprocess", { ["words.txt"] = "b\na\nc\n" }))
end)

it("P18 asks a database", function()
  local name = "18-database"
  run[name] = true
  local here <close> = place.new()
  here:write("program.lua", pages.read(pages.root .. "/docs/programs/" .. name .. ".lua"))
  here:write("make.lua", [[
    local kam = require "kam"
    for _, sql in ipairs {
      "create table news (id integer, title text, day text)",
      "insert into news values (1, 'Sun at last.', '2026-11-23'), (2, 'Rain again.', '2026-11-24')",
    } do
      kam.Pipeline { kam.OneShot { msg = {} }, kam.SqliteQuery { "news.db", sql = sql }, kam.NullSink() }:run()
    end]])
  local out, err, status = here:run "kam make.lua && kam program.lua"
  assert.same({ "1\tSun at last.\n2\tRain again.\n", "", 0 }, { out, err, status })
end)

it("P25 draws a system", function()
  assert.equal("A ─┬─> SUM ─> (unlinked)\nB ─┘\n", output "25-drawing")
end)

it("P20 is made of functions", function()
  assert.equal("THREE\nFOUR\n", output("20-functions", { ["words.txt"] = "one\nthree\nsix\nfour\n" }))
end)

it("leaves no program out", function()
  for _, path in ipairs(pages.find("docs/programs", ".lua")) do
    assert.truthy(run[path:match "([^/]+)%.lua$"], path .. " is not run here")
  end
end)
