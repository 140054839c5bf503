-- The prompt, typed at in a terminal of tmux's.
local terminal = require "spec.lua.terminal"
local place = require "spec.lua.place"

local here = terminal.here()

-- A prompt in a folder, whose history is there too: the terminal. Close it.
local function prompt(options)
  options = options or {}
  local home = options.home or place.new()
  local t = terminal.new(("cd '%s' && XDG_STATE_HOME=\"$PWD/state\" PATH=\"$PWD/bin:$PATH\" kam; "
    .. "echo ended with $?; stty -a | grep -o '.icanon'; sleep 60"):format(home.folder), options.columns)
  t:wait "^D to end"
  t:wait "\n>"
  return setmetatable({}, { __index = t, __close = function()
    t:__close()
    if not options.home then home:__close() end
  end })
end

-- Types a line, and Enter.
local function enter(t, text)
  t:type(text)
  t:press "Enter"
end

-- Gives the terminal time to lay out its lines anew, and to say so.
local function settle() os.execute "sleep 0.3" end

local function count(screen, text)
  local n, at = 0, 1
  while true do
    local from, to = screen:find(text, at, true)
    if not from then return n end
    n, at = n + 1, to + 1
  end
end

local function it_types(what, f)
  it(what, function()
    if not here then pending "needs tmux" return end
    f()
  end)
end

local P24 = {
  "local g = kam.Graphline {",
  "  TICK = kam.PeriodicTick(1), OUT = kam.ConsoleEchoer(),",
  '  linkages = { "TICK -> OUT" },',
  "}:activate()",
}

describe("the prompt", function()
  it_types("shows the values of expressions, and keeps locals from line to line", function()
    local t <close> = prompt()
    enter(t, "local x = 1")
    enter(t, "local function more() x = x + 1 return x end")
    enter(t, "more(), 'a', { x = x }")
    t:wait "\n2       a       { x = 2 }\n"
    enter(t, "x")
    t:wait "> x\n2\n>"
  end)

  it_types("goes on with >> while a statement is not whole", function()
    local t <close> = prompt()
    enter(t, "for i = 1, 2 do")
    t:wait "\n>>"
    enter(t, "print('at ' .. i)")
    enter(t, "end")
    t:wait "at 1\nat 2\n>"
  end)

  it_types("is edited with the usual keys", function()
    local t <close> = prompt()
    t:type "'bd'"
    t:press("Left", "Left", "c", "Home", "Right", "a", "End", "Left", "e", "f", "BSpace", "Enter")
    t:wait "\nabcde\n>"
    t:type "'äö€'"
    t:press("Left", "Left", "BSpace", "Enter")
    t:wait "\nä€\n>"
    t:type "'quoted "
    t:press "C-v"
    enter(t, "é'")
    t:wait "\nquoted é\n>"
  end)

  it_types("has what was typed before, also in the next session", function()
    local home <close> = place.new()
    do
      local t <close> = prompt { home = home }
      enter(t, "'first'")
      enter(t, "'second'")
      t:wait "\nsecond\n>"
      t:press("Up", "Up", "Enter")
      t:wait "> 'first'\nfirst\n>"
      enter(t, "exit")
      t:wait "ended with 0"
    end
    local t <close> = prompt { home = home }
    t:press("Up", "Up", "Up", "Enter")
    t:wait "\nsecond\n>"
    local mode = assert(io.popen(("stat -c %%a '%s/state/kam/history'"):format(home.folder))):read "l"
    assert.equal("600", mode)
  end)

  it_types("completes components, options, fields, boxes and names", function()
    local t <close> = prompt()
    t:type "c = kam.Chunk"
    t:press "Tab"
    t:wait "kam.Chunk" -- Chunker, ChunkNamer
    t:type "er { si"
    t:press "Tab"
    t:wait "> c = kam.Chunker { size ="
    t:type "3 } c.si"
    t:press("Tab", "C-u")
    t:type "g = kam.Graphline { A = kam.PassThrough(), linkages = { \"A.in"
    t:press "Tab"
    t:wait "\"A.inbox"
    t:press "C-c"
    t:type "?Coll"
    t:press "Tab"
    t:wait "?Collate"
    t:press "C-u"
    t:type "colle"
    t:press "Tab"
    t:wait "collectgarbage"
  end)

  it_types("lists what a word may become, above the line", function()
    local t <close> = prompt()
    t:type "kam.One"
    t:press "Tab"
    t:wait "> kam.OneShot"
    t:press "C-u"
    t:type "io.st"
    t:press "Tab"
    t:wait "> io.std"
    t:press "Tab"
    local screen = t:wait "stderr"
    assert.truthy(screen:find "stderr  stdin   stdout\n> io.std$", screen)
  end)

  it_types("prints what components write above the line that is being typed", function()
    local t <close> = prompt()
    enter(t, "kam.Pipeline { kam.PeriodicTick(0.1), kam.ConsoleEchoer() }:activate()")
    t:type "local unfinished = 'a line"
    t:wait "\n3\n"
    local screen = t:wait "\n6\n"
    assert.truthy(screen:find "\n6\n[%d\n]*> local unfinished = 'a line$", screen)
    assert.equal(1, count(screen, "unfinished"), screen)
    enter(t, "'")
    enter(t, "unfinished")
    t:wait "\na line\n"
  end)

  it_types("prints what is said of a failure, and print itself, above the line", function()
    local t <close> = prompt()
    enter(t, "kam.Pipeline { kam.PeriodicTick { 0.5, count = 1 }, "
      .. "kam.each(function() print 'printed' error 'broken' end) }:activate()")
    t:type "local half"
    local screen = t:wait "broken"
    assert.truthy(screen:find "\nprinted\nerror%[E0400%].*\n> local half$", screen)
  end)

  it_types("survives errors of syntax, of a line and of a component", function()
    local t <close> = prompt()
    enter(t, "x = = 1")
    t:wait "unexpected symbol near '='"
    enter(t, "error 'boom'")
    t:wait "error: prompt:2: boom\n>"
    enter(t, "kam.Chnuker(1)")
    t:wait "did you mean kam.Chunker?"
    enter(t, "kam.Pipeline { kam.DataSource { 1 }, kam.map(function(x) return x.y end) }:run()")
    t:wait "attempt to index a number value"
    enter(t, "setmetatable({}, { __tostring = function() error 'no text' end })")
    enter(t, "'still here'")
    t:wait "\nstill here\n>"
  end)

  it_types("changes a living graph, a line at a time", function()
    local t <close> = prompt()
    for _, line in ipairs(P24) do enter(t, line) end
    t:wait "\n1\n"
    enter(t, "g.children.TICK:set { seconds = 0.1 }")
    t:wait "\n5\n"
    enter(t, 'g:unlink "TICK -> OUT" g:add { DATE = kam.map(function() return os.date() end) } '
      .. 'g:link "TICK -> DATE -> OUT"')
    t:wait(os.date "%b")
    enter(t, "print(g:graph())")
    t:wait "\nTICK ─> DATE ─> OUT\n"
    enter(t, "g.children.TICK.secnds = 9")
    local screen = t:wait "TICK.secnds cannot be set from outside"
    assert.truthy(screen:find(":set { seconds = … }", 1, true), screen)
    enter(t, "g.children.TICK.seconds = 9")
    t:wait "TICK.seconds cannot be set from outside"
    enter(t, "g.children.TICK.nothing, g.children.TICK.seconds")
    t:wait "\nnil     0.1\n"
    enter(t, "kam.tree()")
    t:wait "OUT                 "
    assert.equal(0, count(t:screen(), "Prompt"))
    enter(t, "g:stop()")
    enter(t, "kam.tree()")
    t:wait "nothing lives"
  end)

  it_types("gives the keyboard to what runs, until ^C", function()
    local t <close> = prompt()
    enter(t, "kam.Pipeline { kam.ConsoleReader(), kam.map(string.upper), kam.ConsoleEchoer() }:run()")
    enter(t, "shout")
    t:wait "\nSHOUT"
    t:press "C-c"
    t:wait "^C\n>"
    enter(t, "'back'")
    t:wait "\nback\n>"
    enter(t, "kam.Pipeline { kam.ConsoleReader(), kam.ConsoleEchoer() }:activate()")
    t:wait "run it with :run()"
  end)

  it_types("keeps the keyboard from what is added later to what goes on", function()
    local t <close> = prompt()
    enter(t, "g = kam.Graphline { A = kam.PeriodicTick(60), linkages = { 'A -> null' } }:activate()")
    enter(t, "g:add { READ = kam.ConsoleReader() }")
    t:wait "READ cannot read the keyboard while the prompt does"
    enter(t, "kam.main(function(self) self:addChildren(kam.ConsoleReader()) end):activate()")
    t:wait "error[E0730]: main: ConsoleReader"
  end)

  it_types("leaves what was started before running while another runs", function()
    local t <close> = prompt()
    enter(t, "n = 0 kam.Pipeline { kam.PeriodicTick(0.05), kam.each(function() n = n + 1 end) }:activate()")
    enter(t, "local before = n kam.Pipeline { kam.PeriodicTick { 0.5, count = 1 }, kam.NullSink() }:run() "
      .. "print(n - before > 3)")
    t:wait "\ntrue\n>"
  end)

  it_types("interrupts a line that does not end", function()
    local t <close> = prompt()
    enter(t, "print 'begun' while true do end")
    t:wait "\nbegun"
    t:press "C-c"
    t:wait "error: interrupted"
    enter(t, "kam.Graphline { A = kam.PassThrough(), B = kam.PassThrough(), "
      .. 'linkages = { "A -> B -> A" } }:run()')
    t:wait "stalled: nothing can move"
    enter(t, "'back'")
    t:wait "\nback\n>"
  end)

  it_types("gives up a line at ^C, and the lines before it", function()
    local t <close> = prompt()
    t:type "x = 'never"
    t:press "C-c"
    t:wait "x = 'never^C\n>"
    enter(t, "y = {")
    t:press "C-c"
    enter(t, "x, y")
    t:wait "\nnil     nil\n>"
  end)

  it_types("shows what a component does at ?NAME, and help at ?", function()
    local t <close> = prompt()
    enter(t, "?Collate")
    t:wait "Collate (flow): "
    enter(t, "? Chnuker")
    t:wait "there is no component Chnuker; did you mean Chunker?"
    enter(t, "?")
    t:wait "gives the line up, or stops what runs"
  end)

  it_types("ends at ^D: running systems end first, and the terminal is as it was", function()
    local t <close> = prompt()
    enter(t, "kam.Pipeline { kam.PeriodicTick(0.1), kam.main(function(self) for _ in self:messages() do end "
      .. "print 'ended well' end) }:activate()")
    t:wait "Pipeline\n>"
    t:press "C-d"
    local screen = t:wait "ended with 0"
    assert.truthy(screen:find("ended well", 1, true), screen)
    t:wait "\n icanon"
  end)

  it_types("redraws a long line when the window changes", function()
    local t <close> = prompt { columns = 60 }
    t:type("local s = '" .. ("0123456789"):rep(8))
    t:wait "3456789"
    t:tmux "resize-window -t t -x 40 -y 30"
    settle()
    t:type "<"
    local screen = t:wait "9<"
    assert.equal(1, count(screen, "local s"), screen)
    t:tmux "resize-window -t t -x 100 -y 30"
    settle()
    t:type ">'"
    t:press "Enter"
    enter(t, "#s")
    t:wait "\n82\n>"
  end)

  it_types("leaves the terminal as it was when it is told to end, or broken off", function()
    for signal, status in pairs { TERM = 143, ABRT = 134, HUP = 129 } do
      local t <close> = prompt()
      enter(t, "io.open('/proc/self/stat'):read 'n'")
      local pid = t:wait("'n'\n"):match "'n'\n(%d+)"
      t:type "'half"
      t:wait "'half"
      os.execute(("kill -%s %s"):format(signal, pid))
      t:wait("ended with " .. status)
      t:wait "\n icanon"
    end
  end)

  it_types("is stopped by ^Z with the terminal as it was, and goes on with its line", function()
    local home <close> = place.new()
    local t <close> = terminal.new("sh -i")
    t:type(("cd '%s'; PS1='$ '; PATH=\"$PWD/bin:$PATH\" XDG_STATE_HOME=$PWD kam"):format(home.folder))
    t:press "Enter"
    t:wait "\n>"
    t:type "'half"
    t:press "C-z"
    t:wait "Stopped"
    enter(t, "stty -a | grep -o '.icanon'; fg")
    t:wait " icanon"
    t:type " and half'"
    t:press "Enter"
    t:wait "\nhalf and half\n>"
  end)

  it("needs a terminal", function()
    local home <close> = place.new()
    local _, said, status = home:run "kam repl"
    assert.equal(2, status)
    assert.truthy(said:find("a prompt needs a terminal", 1, true))
    _, said, status = home:run "kam"
    assert.equal(2, status)
    assert.truthy(said:find("kam FILE.lua", 1, true))
  end)
end)
