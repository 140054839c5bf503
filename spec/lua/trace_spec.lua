-- Same program, inputs and seed: the same trace, byte for byte (T2, T6).
local host = io.popen("readlink /proc/$PPID/exe"):read "l"

local program = [[
local kam = require "kam"
local Jumble = kam.component "Jumble" {
  main = function(self)
    for m in self:messages() do
      if math.random(3) > 1 then self:sleep(0.001 * m) end
      self:send { n = m, word = ("x"):rep(m) }
    end
  end,
}
kam.Graphline {
  A = kam.DataSource { 1, 2, 3 }, B = kam.source(io.lines(arg[0])), J = Jumble(), K = kam.PassThrough(),
  C = kam.PeriodicTick { 0.01, count = 2 }, ALL = kam.Collate(), END = kam.NullSink(),
  linkages = { "A -> J -> K", "B, C, K -> ALL -> END" },
}:run()
]]

local function folder()
  local name = os.tmpname()
  os.remove(name)
  assert(os.execute(("mkdir %q"):format(name)))
  return name
end

local function read(path)
  local f <close> = assert(io.open(path, "rb"))
  return f:read "a"
end

-- The trace of one run of the program with the given flags.
local function trace(dir, flags)
  local out = dir .. "/trace"
  assert(os.execute(("%q %s --trace=%q %q"):format(host, flags, out, dir .. "/program.lua")))
  return read(out)
end

describe("a trace", function()
  local dir

  setup(function()
    dir = folder()
    local f <close> = assert(io.open(dir .. "/program.lua", "w"))
    f:write(program)
  end)

  teardown(function() os.execute(("rm -r %q"):format(dir)) end)

  it("is the same 200 times, byte for byte, for the same seed", function()
    local first = trace(dir, "--seed 7")
    assert.truthy(first:find "has ended")
    for i = 2, 200 do assert(trace(dir, "--seed 7") == first, "run " .. i .. " was another") end
  end)

  it("is another one for another seed", function()
    assert.not_equal(trace(dir, "--seed 7"), trace(dir, "--seed 8"))
  end)

  it("has one JSON object a line with --json", function()
    for line in trace(dir, "--seed 7 --json"):gmatch "[^\n]+" do
      assert.truthy(line:find '^{"number":%d+,"time":[%d.]+,"kind":"%a+".*}$', line)
    end
  end)
end)
