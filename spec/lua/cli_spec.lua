-- The command: what it runs, its streams and its exit statuses.
local kit = require "spec.lua.kit"
local place = require "spec.lua.place"

local here

setup(function() here = place.new() end)
teardown(function() here:__close() end)

-- Runs a command that must end with that status; gives output, what it said.
local function run(command, status, input)
  local out, err, got = here:run(command, input)
  assert(got == (status or 0), ("exit %s of %s\n%s%s"):format(got, command, out, err))
  return out, err
end

-- Runs a command that must end well and say nothing but its output.
local function gives(wanted, command, input)
  local out, err = run(command, 0, input)
  assert.equal("", err)
  assert.equal(wanted, out)
end

local echo = [[
local kam = require "kam"
kam.Pipeline { kam.ConsoleReader(), kam.ConsoleEchoer() }:run()
]]

local shout = [[
local kam = require "kam"
return kam.component "Shout" {
  summary = "Sends on what it receives, in capitals.",
  options = { marks = { 1, "how many exclamation marks", min = 0, max = 10 } },
  main = function(self)
    for text in self:messages() do self:send(text:upper() .. ("!"):rep(self.marks)) end
  end,
}
]]

describe("kam FILE", function()
  it("runs a script, losing nothing", function()
    here:write("echo.lua", echo)
    gives("hello\nworld\n", "kam echo.lua", "hello\nworld\n")
    gives("", "kam echo.lua", "")
    gives("no end\n", "kam echo.lua", "no end")
  end)

  it("keeps long lines and many lines as they are", function()
    here:write("echo.lua", echo)
    local lines = {}
    for i = 1, 20000 do lines[i] = ("%d %s"):format(i, ("x"):rep(i % 97)) end
    lines[#lines + 1] = ("y"):rep(500000)
    local text = table.concat(lines, "\n") .. "\n"
    gives(text, "kam echo.lua", text)
    gives(text, "cat bin/input | kam echo.lua | cat", text)
  end)

  it("keeps bytes that are no text, and ends of lines of others", function()
    here:write("echo.lua", echo)
    gives("\0\1\255\r\n\n\n", "kam echo.lua", "\0\1\255\r\n\n\n")
  end)

  it("gives the script its arguments, in arg and in ...", function()
    here:write("args.lua", 'print(arg[0], arg[1], arg[2], #arg, ...) print(arg[-1] ~= nil)')
    gives("args.lua\ta\t--b\t2\ta\t--b\ntrue\n", "kam args.lua a --b")
  end)

  it("leaves words after the script alone, though they look like ours", function()
    here:write("args.lua", "print(...)")
    gives("--help\t--seed\t5\t--json\n", "kam args.lua --help --seed 5 --json")
  end)

  it("searches the script's own folder first for what it requires", function()
    here:write("sub/main.lua", 'print(require "part")')
    here:write("sub/part.lua", 'return "part of sub"')
    here:write("part.lua", 'return "another part"')
    gives("part of sub\tsub/part.lua\n", "kam sub/main.lua")
  end)

  it("runs a folder that has a main.lua", function()
    here:write("app/main.lua", 'print "the app"')
    gives("the app\n", "kam ./app")
    gives("the app\n", "kam app")
  end)

  it("takes a first line with #!", function()
    here:write("tool", '#!/usr/bin/env kam\nprint("run as a tool", ...)\n')
    gives("run as a tool\ta\n", "chmod +x tool && ./tool a")
  end)

  it("keeps the numbers of lines after a #!", function()
    here:write("bad.lua", "#!/usr/bin/env kam\n\nerror 'on purpose'\n")
    local _, err = run("kam bad.lua", 1)
    kit.has(err, "bad.lua:3: on purpose")
  end)

  it("finds what LUA_PATH says", function()
    here:write("elsewhere/far.lua", 'return "far"')
    here:write("needs.lua", 'print((require "far"))')
    gives("far\n", 'LUA_PATH="$PWD/elsewhere/?.lua;;" kam needs.lua')
  end)

  it("that is not there is wrong usage", function()
    local out, err = run("kam nothing.lua", 2)
    assert.equal("", out)
    kit.has(err, "nothing.lua")
  end)

  it("of binary Lua is refused", function()
    here:write("chunk.lua", string.dump(function() print "no" end))
    local out = run("kam chunk.lua", 2)
    assert.equal("", out)
  end)
end)

describe("kam -", function()
  it("runs the script on the standard input", function()
    gives("from stdin\ta\n", "kam - a", 'print("from stdin", ...)')
  end)
end)

describe("kam -e", function()
  it("runs a piece of code, in which kam is there", function()
    gives("5\n", "kam -e 'print(2 + 3)'")
    gives("a\n", [[kam -e 'kam.Pipeline { kam.OneShot "a", kam.ConsoleEchoer() }:run()']])
    gives("x\ty\n", "kam -e 'print(...)' x y")
  end)

  it("shows the code in its errors", function()
    local _, err = run([[kam -e 'local c = kam.Chunker { size = 0 }']], 2)
    kit.has(err, "E0208", "--> command line:1", "size = 0")
  end)

  it("needs a piece of code", function()
    local _, err = run("kam -e", 2)
    kit.has(err, "E0702", "-e needs a piece of code")
  end)
end)

describe("kam run", function()
  it("runs a system in one line", function()
    gives("hello\n", "kam run 'ConsoleReader | ConsoleEchoer'", "hello\n")
    gives("x\n", "kam run 'OneShot x | ConsoleEchoer'")
  end)

  it("takes a component from a file, with its options", function()
    here:write("shout.lua", shout)
    gives("HI!!!\n", "kam run 'ConsoleReader | ./shout.lua marks=3 | ConsoleEchoer'", "hi\n")
    gives("HI!!\n", "kam run 'ConsoleReader | shout.lua 2 | ConsoleEchoer'", "hi\n")
  end)

  it("takes numbers, truths and texts with blanks as values", function()
    gives("a b\n", [[kam run 'OneShot "a b" | ConsoleEchoer']])
    gives("7;", [[kam run 'OneShot msg=7 | ConsoleEchoer eol=";"']])
    gives("true\n", [[kam run 'OneShot true | ConsoleEchoer']])
    gives("ab\ncd\n", [[kam run 'ConsoleReader | Chunker size=2 | ConsoleEchoer']], "abcd")
  end)

  it("runs a file, too", function()
    here:write("args.lua", "print(...)")
    gives("a\tb\n", "kam run args.lua a b")
  end)

  it("refuses what it cannot read, and names the nearest", function()
    local _, err = run("kam run 'ConsolReader | ConsoleEchoer'", 2)
    kit.has(err, "E0221", "did you mean kam.ConsoleReader?")
    _, err = run("kam run 'ConsoleReader || ConsoleEchoer'", 2)
    kit.has(err, "E0701", "a component is missing")
    _, err = run([[kam run 'OneShot "a | ConsoleEchoer']], 2)
    kit.has(err, "E0701", "a quote is not closed")
    _, err = run("kam run 'OneShot a | ConsoleEchoer eeol=1'", 2)
    kit.has(err, "E0205", 'did you mean "eol"?')
    _, err = run("kam run 'ConsoleReader | ./nothing.lua | ConsoleEchoer'", 2)
    kit.has(err, "nothing.lua")
    _, err = run("kam run", 2)
    kit.has(err, "run needs a file or a system")
  end)

  it("refuses a file that gives no component", function()
    here:write("none.lua", "local kam = require 'kam'\n")
    local _, err = run("kam run 'OneShot x | ./none.lua | ConsoleEchoer'", 2)
    kit.has(err, "none.lua gives no component", "return NAME")
  end)
end)

describe("kam list", function()
  it("lists the components with what they do", function()
    local out, err = run "kam list"
    assert.equal("", err)
    kit.has(out, "Chunker", "Cuts a stream of bytes into chunks of one size.", "Collate", "Pipeline")
  end)

  it("finds a word in name, family or summary, in any case", function()
    local out = run "kam list CONSOLE"
    kit.has(out, "ConsoleReader", "ConsoleEchoer")
    kit.lacks(out, "Collate")
  end)

  it("says so when there is none, and exits 1", function()
    local out, err = run("kam list zebra", 1)
    assert.equal("", out)
    kit.has(err, "zebra")
  end)

  it("is JSON on request", function()
    local out = run "kam list chunker --json"
    kit.has(out, '"name":"Chunker"', '"family":"text"', '"summary":')
    assert.truthy(out:find "^%[{.*}%]\n$")
    assert.equal(out, (run "kam --json list chunker"))
  end)
end)

describe("kam doc", function()
  it("says what a component does, its boxes, options and an example", function()
    local out, err = run "kam doc Chunker"
    assert.equal("", err)
    kit.has(out, "Chunker (text): Cuts a stream", "inboxes", "outboxes", "options", "size", "default 188",
      "example", "kam.Pipeline")
  end)

  it("reads the user's own components, too", function()
    here:write("shout.lua", shout)
    local out = run "kam doc ./shout.lua"
    kit.has(out, "Shout (your own): Sends on what it receives, in capitals.", "marks",
      "how many exclamation marks", "from 0", "to 10")
  end)

  it("is JSON on request", function()
    kit.has(run "kam doc Chunker --json", '"name":"Chunker"', '"options":[{', '"default":188')
  end)

  it("names the nearest when there is none of that name", function()
    local out, err = run("kam doc Chunkr", 2)
    assert.equal("", out)
    kit.has(err, "there is no component Chunkr; did you mean Chunker?")
  end)

  it("lists all without a name", function() kit.has(run "kam doc", "Chunker", "Collate") end)
end)

describe("kam explain", function()
  it("gives the cause, a wrong and a right example", function()
    local out = run "kam explain E0102"
    kit.has(out, "E0102: a name that is not in the graph", "wrong", "right", '"SRC -> SNK"')
  end)

  it("takes the code in lower case", function() kit.has(run "kam explain e0102", "E0102") end)
  it("lists all codes without one", function() kit.has(run "kam explain", "E0101", "E0701") end)

  it("says so when there is no such code", function()
    local _, err = run("kam explain E9999", 2)
    kit.has(err, "E9999")
  end)
end)

describe("kam --help and --version", function()
  it("are written to the standard output", function()
    local out, err = run "kam --help"
    assert.equal("", err)
    kit.has(out, "kam FILE.lua [args]", "--seed N", "--trace[=FILE]", "exit:")
    assert.equal(out, (run "kam help"))
    assert.equal(out, (run "kam -h"))
    assert.truthy((run "kam --version"):find "^kam %d+%.%d+")
  end)

  it("lists each command", function()
    local out = run "kam --help"
    for _, name in ipairs { "run", "list", "doc", "test", "explain", "env" } do kit.has(out, "kam " .. name) end
  end)
end)

describe("wrong usage", function()
  it("is said on the standard error, exit 2", function()
    for _, command in ipairs { "kam", "kam --sed 5 x.lua", "kam lst", "kam --seed", "kam --seed x y.lua" } do
      local out, err = run(command, 2)
      assert.equal("", out)
      assert.is_true(#err > 0)
    end
  end)

  it("gets the nearest name", function()
    local _, err = run("kam lst", 2)
    kit.has(err, "there is no command or file lst", "did you mean kam list?")
    _, err = run("kam --sed 5 x.lua", 2)
    kit.has(err, "there is no option --sed; did you mean --seed?")
  end)
end)

describe("the streams", function()
  it("carry data on the standard output, and all else on the standard error", function()
    here:write("both.lua", [[
local kam = require "kam"
print "printed"
kam.Pipeline {
  kam.OneShot "sent",
  kam.main(function(self)
    for m in self:messages() do
      self:log("logged")
      self:send(m)
    end
  end),
  kam.ConsoleEchoer(),
}:run()
]])
    local out, err = run "kam both.lua"
    assert.equal("printed\nsent\n", out)
    assert.equal("main: logged\n", err)
  end)

  it("keep print and ConsoleEchoer in their order", function()
    here:write("order.lua", [[
local kam = require "kam"
print "1"
kam.Pipeline { kam.DataSource { "2", "3" }, kam.each(print) }:run()
kam.Pipeline { kam.DataSource { "4", "5" }, kam.ConsoleEchoer() }:run()
io.write "6\n"
]])
    gives("1\n2\n3\n4\n5\n6\n", "kam order.lua")
  end)

  it("are written before os.exit, whose status counts", function()
    here:write("exit.lua", "io.write 'written' os.exit(7)")
    local out = run("kam exit.lua", 7)
    assert.equal("written", out)
  end)

  it("that nobody reads any more are an end, and no failure", function()
    here:write("many.lua", [[
local kam = require "kam"
local n = 0
kam.Pipeline { kam.source(function() n = n + 1 return n end), kam.ConsoleEchoer() }:run()
]])
    local out, err = run "kam many.lua | head -n 2"
    assert.equal("1\n2\n", out)
    assert.equal("", err)
  end)

  it("that are full are a failure", function()
    here:write("echo.lua", echo)
    local _, err = run("kam echo.lua >/dev/full", 1, "hello\n")
    kit.has(err, "ConsoleEchoer", "cannot write to the standard output")
  end)

  it("that cannot be read are a failure", function()
    here:write("echo.lua", echo)
    local _, err = run("kam echo.lua </", 1)
    kit.has(err, "ConsoleReader", "cannot read the standard input")
  end)
end)

describe("the exit status", function()
  it("is 0 when all is done", function()
    run "kam -e 'kam.Pipeline { kam.OneShot(1), kam.NullSink() }:run()'"
  end)

  it("is 1 when a component failed, which is reported with its traceback", function()
    here:write("fail.lua", [[
local kam = require "kam"
local function parse(m) return m.date.day end
kam.Pipeline { kam.OneShot { { id = 4 } }, kam.main(function(self)
  for m in self:messages() do self:send(parse(m)) end
end), kam.ConsoleEchoer() }:run()
]])
    local out, err = run("kam fail.lua", 1)
    assert.equal("", out)
    kit.has(err, "error[E0400]: main failed at fail.lua:2", "stack traceback:", "fail.lua:4")
  end)

  it("is 1 when the script failed", function()
    local _, err = run([[kam -e 'error "on purpose"']], 1)
    kit.has(err, "on purpose")
  end)

  it("is 2 when the script cannot be read as Lua", function()
    here:write("bad.lua", "local x = = 1\n")
    local _, err = run("kam bad.lua", 2)
    kit.has(err, "bad.lua:1")
  end)

  it("is 1 when messages were lost", function()
    local _, err = run("kam -e 'kam.OneShot(1):run()'", 1)
    kit.has(err, "E0602", "nobody is linked to it")
  end)

  it("is 1 when messages were lost that only a handle moved", function()
    local _, err = run([[kam -e 'kam.try(kam.Graphline { A = kam.OneShot(1), B = kam.OneShot(2),
      linkages = { "A -> self" } })']], 1)
    kit.has(err, "E0602", "B")
  end)

  it("is 1 when a component was made and never run, which is named", function()
    here:write("unrun.lua", 'local kam = require "kam"\n\nkam.Pipeline {\n  kam.ConsoleReader(), kam.ConsoleEchoer(),\n}\n')
    local out, err = run("kam unrun.lua", 1)
    assert.equal("", out)
    kit.has(err, "E0601", "the Pipeline was made but never run", "--> unrun.lua:3", "}:run()")
    assert.equal(1, select(2, err:gsub("E0601", "")))
  end)

  it("is that of a failure, of which what was then not run is a part", function()
    local _, err = run([[kam -e 'kam.main(function() kam.OneShot(1) error "oh" end):run()']], 1)
    assert.same({ 1, 0 }, { select(2, err:gsub("E0400", "")), (select(2, err:gsub("E0601", ""))) })
  end)

  it("is 1 when a component was activated and nothing ran it", function()
    local _, err = run("kam -e 'kam.NullSink():activate()'", 1)
    kit.has(err, "E0604", "NullSink", "kam.run()")
  end)

  it("is 2 when the graph cannot be built", function()
    here:write("graph.lua", [[
local kam = require "kam"
kam.Graphline {
  SRC = kam.OneShot "x", SNK = kam.NullSink(),
  linkages = { "SRC -> SKN" },
}:run()
]])
    local _, err = run("kam graph.lua", 2)
    kit.has(err, "E0102", 'did you mean "SNK"?', "--> graph.lua:4")
  end)

  it("is 3 when the system is stalled, which is explained", function()
    here:write("stall.lua", [[
local kam = require "kam"
kam.Graphline {
  ASK = kam.PassThrough(),
  REPLY = kam.PassThrough(),
  linkages = { "ASK -> REPLY -> ASK" },
}:run()
]])
    local out, err = run("kam stall.lua", 3)
    assert.equal("", out)
    kit.has(err, "stalled: nothing can move, and 2 components are still waiting (exit 3)",
      "ASK (stall.lua:3) waits for a message in inbox; only REPLY feeds it")
  end)

  it("of a failure stands above that of a stall, whichever came first", function()
    local stalls = "kam.main(function(self) self:recv() end):run() "
    local fails = "kam.main(function() error 'x' end):run() "
    here:write("one.lua", "local kam = require 'kam' " .. stalls .. fails)
    here:write("two.lua", "local kam = require 'kam' " .. fails .. stalls)
    run("kam one.lua", 1)
    run("kam two.lua", 1)
  end)
end)

describe("a signal", function()
  -- A component that sends this process a signal at its tick of that number.
  local kills = [[
local kam = require "kam"
local stat = io.open "/proc/self/stat"
local pid = stat:read "n"
local function kill(name) io.popen(("kill -%s %d"):format(name, pid)):close() end
]] -- os.execute would not do: while it waits it ignores SIGINT

  for name, status in pairs { INT = 130, TERM = 143 } do
    it(("of SIG%s asks the system to end, and is the exit status"):format(name), function()
      here:write("tick.lua", kills .. ([[
kam.Pipeline {
  kam.PeriodicTick(0.001),
  kam.main(function(self)
    for n in self:messages() do
      if n == 3 then kill "%s" end
      self:send(n)
    end
    self:send "the end"
  end),
  kam.ConsoleEchoer(),
}:run()
print "after"
]]):format(name))
      local out, err = run("kam tick.lua", status)
      assert.equal("", err)
      kit.has(out, "1\n2\n3\n", "the end\n")
    end)
  end

  it("does not lose what is queued", function()
    here:write("queued.lua", kills .. [[
kam.Pipeline {
  kam.main(function(self)
    for i = 1, 200 do self:send(i) end
    kill "INT"
    while self:sleep(100) do end
  end),
  kam.main(function(self)
    for n in self:messages() do
      self:sleep(0.0001)
      self:send(n)
    end
  end),
  kam.Collate(),
  kam.each(function(all) print(#all) end),
}:run()
]])
    local out = run("kam queued.lua", 130)
    assert.equal("200\n", out)
  end)

  it("a second time tells all to end now", function()
    here:write("twice.lua", kills .. [[
kam.main(function(self)
  self:addChildren(kam.main(function(c)
    c:sleep(100)
    print(c:told())
  end))
  kill "INT"
  self:sleep(0.01)
  kill "INT"
  while not self:told() do self:sleep(0.01) end
end):run()
]])
    local out = run("kam twice.lua", 130)
    assert.equal("shutdownMicroprocess\n", out)
  end)

  it("a second time stops a component that does not give way", function()
    here:write("busy.lua", kills .. [[
kam.main(function()
  kill "INT"
  kill "INT"
  while true do end
end):run()
]])
    local _, err = run("timeout 20 kam busy.lua", 130)
    kit.has(err, "E0402", "busy.lua:")
  end)

  it("ends a script that has not run anything yet", function()
    here:write("loop.lua", kills .. 'kill "INT"\nkill "INT"\nkill "INT"\nwhile true do end\n')
    run("timeout 20 kam loop.lua", 130)
  end)
end)

describe("--seed", function()
  local talkers = [[
local kam = require "kam"
local function talker(name)
  return kam.main(function(self)
    for i = 1, 4 do
      self:send(name .. i)
      self:yield()
    end
  end)
end
kam.Graphline {
  A = talker "a", B = talker "b", C = talker "c", OUT = kam.ConsoleEchoer { eol = " " },
  linkages = { "A, B, C -> OUT" },
}:run()
print(math.random(1000000))
]]

  it("gives another order, and the same for the same number", function()
    here:write("talk.lua", talkers)
    local one, seen, n = run "kam --seed 1 talk.lua", {}, 0
    assert.equal(one, (run "kam --seed 1 talk.lua"))
    assert.equal(one, (run "kam --seed=1 talk.lua"))
    assert.equal(one, (run "kam run --seed 1 talk.lua"))
    for seed = 1, 6 do seen[run("kam --seed " .. seed .. " talk.lua"):gsub("%d+\n", "")] = true end
    for _ in pairs(seen) do n = n + 1 end
    assert.is_true(n > 1)
  end)

  it("goes with -e, - and one line, too", function()
    gives("1\n", "kam --seed 1 -e 'print(1)'")
    gives("1\n", "kam --seed 1 -", "print(1)")
    gives("x\n", "kam --seed 1 run 'OneShot x | ConsoleEchoer'")
  end)
end)

describe("--trace", function()
  it("writes a line for each message that moves to the standard error", function()
    local out, err = run "kam --trace run 'OneShot x | ConsoleEchoer'"
    assert.equal("x\n", out)
    kit.has(err, "OneShot ──> ConsoleEchoer", '"x"')
  end)

  it("writes to a file when one is named", function()
    gives("x\n", "kam --trace=t.txt run 'OneShot x | ConsoleEchoer'")
    kit.has(here:read "t.txt", "OneShot ──> ConsoleEchoer")
  end)

  it("writes JSON with --json", function()
    gives("x\n", "kam --trace=t.json --json run 'OneShot x | ConsoleEchoer'")
    for line in here:read "t.json":gmatch "[^\n]+" do assert.truthy(line:find '^{"number":%d+,.*}$', line) end
  end)

  it("says so when the file cannot be written", function()
    local out, err = run("kam --trace=/nowhere/t.txt run 'OneShot x | ConsoleEchoer'", 1)
    assert.equal("", out)
    kit.has(err, "/nowhere/t.txt")
  end)

  it("is the same each time, byte for byte", function()
    run "kam --seed 3 --trace=1.txt run 'DataSource 1 2 3 | PassThrough | ConsoleEchoer'"
    run "kam --seed 3 --trace=2.txt run 'DataSource 1 2 3 | PassThrough | ConsoleEchoer'"
    assert.equal(here:read "1.txt", here:read "2.txt")
  end)
end)

describe("an error of Lua's own", function()
  -- What is said of a script of that text.
  local function said(text, status)
    here:write("syntax.lua", text)
    local out, err = run("kam syntax.lua", status or 1)
    assert.equal("", out)
    return err
  end

  it("of syntax comes with the line, and before anything runs", function()
    kit.has(said('print "no"\nlocal x = = 1\n', 2), "syntax.lua:2", "local x = = 1")
  end)

  it("of a missing comma is told in words", function()
    kit.has(said([[
local kam = require "kam"
kam.Graphline {
  A = kam.OneShot "x",
  linkages = {
    "A -> B"
    "B -> C",
  },
}:run()
]], 2), 'a comma is missing after "A -> B" on line 5', '"A -> B",')
  end)

  it("of a missing end, a quote that is not closed, = for == is told in words", function()
    kit.has(said("if true then\n", 2), "an end is missing")
    kit.has(said('print "abc\n', 2), "a quote is not closed")
    kit.has(said("if x = 1 then end\n", 2), "==")
  end)

  it("in ordinary code has its traceback", function()
    kit.has(said "local function f() error 'deep' end\nf()\n", "syntax.lua:1: deep", "stack traceback",
      "syntax.lua:2")
  end)

  it("may be any value", function()
    kit.has(said "error({ code = 5 })", "code = 5")
    kit.has(said "error()", "nil")
  end)
end)

describe("kam test", function()
  it("runs specs on a virtual clock, with one closing line for machines", function()
    here:write("x_spec.lua", [[
local kam = require "kam"
describe("a tick", function()
  it("waits an hour, which costs none", function()
    assert.same({ 1 }, kam.try(kam.PeriodicTick { 3600, count = 1 }))
  end)
  it("fails here", function() assert.equal(1, 2) end)
end)
]])
    local out = run("kam test x_spec.lua", 1)
    assert.truthy(out:find "\n1 passed, 1 failed\n$", out)
  end)

  it("exits 0 if all pass", function()
    here:write("y_spec.lua", 'it("is so", function() assert.is_true(true) end)')
    local out = run "kam test y_spec.lua"
    assert.truthy(out:find "\n1 passed, 0 failed\n$", out)
  end)

  it("finds the user's own modules and names a component early that does not give way", function()
    here:write("shout.lua", shout)
    here:write("z_spec.lua", [[
local Shout = require "shout"
local kam = require "kam"
it("shouts", function() assert.same({ "HI!!" }, kam.try(Shout { marks = 2 }, { "hi" })) end)
]])
    assert.truthy((run "kam test z_spec.lua"):find "1 passed, 0 failed")
  end)
end)

describe("plain lua5.4", function()
  -- The variables of kam env, before a command.
  local function plain(command) return 'eval "$(kam env)" && ' .. command end

  it("finds kam by what kam env says", function()
    if place.sanitized then return pending "needs a build without sanitizers" end
    here:write("plain.lua", [[
local kam = require "kam"
local h <close> = kam.handle(kam.Pipeline { kam.DataSource { "a", "b" }, kam.map(string.upper) })
for line in h:messages() do print(line) end
print(kam.isShutdown(kam.producerFinished()))
kam.Pipeline { kam.OneShot "run", kam.ConsoleEchoer() }:run()
]])
    gives("A\nB\nproducerFinished\nrun\n", plain "lua5.4 plain.lua")
  end)

  it("raises our errors", function()
    if place.sanitized then return pending "needs a build without sanitizers" end
    local _, err = run(plain [[lua5.4 -e 'require("kam").Chunker { size = 0 }']], 1)
    kit.has(err, "E0208", "Chunker's option size")
  end)

  it("keeps what LUA_PATH said before", function()
    if place.sanitized then return pending "needs a build without sanitizers" end
    here:write("elsewhere/far.lua", 'return "far"')
    gives("far\n", 'export LUA_PATH="$PWD/elsewhere/?.lua;;"; ' .. plain [[lua5.4 -e 'require "kam" print((require "far"))']])
  end)

  it("ends well though components live on", function()
    if place.sanitized then return pending "needs a build without sanitizers" end
    gives("", plain [[lua5.4 -e 'local kam = require "kam" local h = kam.handle(kam.PassThrough()) h:put(1)']])
  end)
end)
