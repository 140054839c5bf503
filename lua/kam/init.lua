-- kam: concurrent systems of components that send each other messages.
--
--     local kam = require "kam"
--     kam.Pipeline { kam.ConsoleReader(), kam.ConsoleEchoer() }:run()
--
-- Components of the library are kam.Name; what else there is stands here.

local core = require "kam.core"
local chassis = require "kam.chassis"
local component = require "kam.component"
local drawing = require "kam.drawing"
local graph = require "kam.graph"
local library = require "kam.library"
local makers = require "kam.makers"
local methods = require "kam.methods"
local names = require "kam.names"
local near = require "kam.near"
local pace = require "kam.pace"
local refusals = require "kam.refusals"
local report = require "kam.report"
local run = require "kam.run"
local services = require "kam.services"
local tree = require "kam.tree"
local wiring = require "kam.wiring"

local kam = {
  component = component.new,
  declaration = component.declaration,
  run = run.run,
  stop = run.stop,
  configure = run.configure,
  handle = run.handle,
  try = run.try,
  show = core.show,
  now = core.now,
  tree = tree.text,
  registerService = services.register,
  retrieveService = services.retrieve,
  deregisterService = services.deregister,
  service = services.get,
  topology = tree.topology,
  promptSession = function(env) return require "kam.prompt_session"(env) end,
  takes = chassis.takes,
  sends = chassis.sends,
  make = makers.make,
  null = setmetatable({}, { __name = "kam.null", __tostring = function() return "kam.null" end }),
}

for name, make in pairs(chassis) do
  if name:find "^%u" then kam[name] = make end
end

-- What comes on control when a component is told to end.
for _, told in ipairs { core.finished, core.shutdown } do
  setmetatable(told, { __name = "kam.told", __tostring = function(t) return t.kind end })
end
function kam.producerFinished() return core.finished end
function kam.shutdownMicroprocess() return core.shutdown end

-- "producerFinished" or "shutdownMicroprocess" if msg is that, else false.
function kam.isShutdown(msg)
  return (msg == core.finished or msg == core.shutdown) and msg.kind
end

function kam.isComponent(v) return core.isself(v) end

-- Functions as components: no declaration is needed.
local function index_of(kind)
  local index = { name = kind, children = {}, inboxes = { inbox = "", control = "" },
    outboxes = { outbox = "", signal = "" } }
  for name, f in pairs(methods.all) do index[name] = f end
  if kind == "source" then index.inboxes.inbox = nil end
  if kind == "each" then index.outboxes.outbox = nil end
  index.answers = kind == "map"
  return { __index = index, __name = kind, __tostring = function(c) return core.name(c) or kind end }
end

for _, kind in ipairs { "map", "filter", "each", "source" } do
  local metatable = index_of(kind)
  kam[kind] = function(f)
    if type(f) ~= "function" then
      local call = (getmetatable(f) or {}).__call
      if not call or core.isself(f) then report.raise("E0222", kind, f) end
      local callable = f
      f = function(...) return callable(...) end
    end
    local c = core.func(kind, f, metatable)
    if run.noting then run.functions[c] = f end
    return c
  end
end

local Main = component.declare("main", {
  options = { work = { type = "function", "what it does" } },
  main = function(self) return self.work(self) end,
})

function kam.main(f)
  if type(f) ~= "function" then report.raise("E0222", "main", f) end
  return Main(f)
end

-- A system drawn, or several side by side.
local forms = { text = drawing.text, svg = drawing.svg, dot = graph.dot, mermaid = graph.mermaid }
function methods.draw(roots, form)
  local draw = forms[form or "text"]
    or report.raise("E0208", "graph", "form", "one of dot, mermaid, svg, text", form)
  return draw(graph.of(roots))
end

core.library {
  raise = report.raise, failed = run.on_failed, overrun = run.on_overrun, spins = run.on_spins, deaf = report.deaf,
  warned = report.warned,
  refused = refusals.note, unmade = component.unmade, children = methods.children,
  serve = makers.serve, watched = methods.watched, comes = methods.comes,
  resolve = wiring.resolve, terms = wiring.terms, null = kam.null,
  tree = function() report.say(tree.text()) end, paced = pace.paced, choose = pace.choose,
  linktext = function(c, text) return wiring.link_whole(c, c.children, text)[1] end,
  unlinktext = function(c, text) return wiring.unlink(c, c.children, text) end,
}

local functions = {}
for _, name in ipairs(near.names(kam)) do
  if type(kam[name]) == "function" and name:find "^%l" then functions[#functions + 1] = name end
end

return setmetatable(kam, {
  __index = function(_, name)
    if type(name) ~= "string" then return nil end
    local make, needs = library.find(name)
    if make then
      rawset(kam, name, make)
      return make
    end
    if needs then report.raise("E0223", name, needs) end
    if name:find "^%u" or names.find(name) or library.spelt(name) then
      report.raise("E0221", name, library.names())
    end
    report.raise("E0227", name, functions)
  end,
})
