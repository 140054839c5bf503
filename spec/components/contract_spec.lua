-- The contract that every component of the library keeps: made from its defaults,
-- or from what stands for it in `given`, it ends when it is told to, whichever way,
-- and when nothing comes, and leaves nothing open. In C and Lua alike.
local component = require "kam.component"
local core = require "kam.core"
local kam = require "kam"
local kit = require "spec.lua.kit"
local library = require "kam.library"

-- What a component is made with that needs something. A function, so that each gets
-- its own.
local given = {
  Backplane = function() return { "contract plane" } end,
  Carousel = function() return { function() return kam.PassThrough() end } end,
  Par = function() return { kam.PassThrough(), kam.PassThrough() } end,
  PromptedFileReader = function() return { library.root .. "/README.md" } end,
  PublishTo = function() return { "contract" } end,
  Seq = function() return { kam.PassThrough(), kam.PassThrough() } end,
  SubscribeTo = function() return { "contract" } end,
  Supervisor = function() return { A = kam.PassThrough } end,
  TCPClient = function() return { "localhost", 1 } end,
  TCPServer = function() return { kam.PassThrough, port = 0 } end,
  TPipe = function() return { kam.PassThrough() } end,
  ToService = function()
    kam.service("contract service", function() return kam.NullSink() end)
    return { "contract service" }
  end,
  TTL = function() return { kam.PassThrough(), 100 } end,
  FortuneCookieProtocol = function() return { library.root .. "/README.md" } end,
  IRCClient = function() return { kam.PassThrough(), "kam" } end,
  IRCSession = function() return { nick = "kam" } end,
  JSONRPCClient = function() return { kam.PassThrough() } end,
  JSONRPCHandler = function() return { methods = {} } end,
  JSONRPCSession = function() return { methods = {} } end,
  HTTPAgent = function() return { connect = kam.PassThrough } end,
  EventSource = function() return { "http://localhost:1/" } end,
  IcecastClient = function() return { "http://localhost:1/" } end,
  IcecastStreamWriter = function() return { kam.FileWriter } end,
  HTTPServer = function() return { port = 0 } end,
  HTTPFiles = function() return { library.root, { method = "GET", rest = "README.md" } } end,
  WebSocket = function()
    return { { headers = { upgrade = "websocket", ["sec-websocket-version"] = "13",
      ["sec-websocket-key"] = "dGhlIHNhbXBsZSBub25jZQ==" } }, kam.PassThrough }
  end,
  TLSCertificates = function() return { client = true, verify = false } end,
  TLSClient = function() return { "localhost", 1 } end,
  TLSSession = function() return { client = true, serverName = "localhost" } end,
  WebSocketClient = function() return { "ws://localhost:1/" } end,
  With = function() return { kam.PassThrough(), kam.PassThrough() } end,
  Balance = function() return { "a", "b" } end,
  Chooser = function() return { items = { 1, 2, 3 } } end,
  ContinuousIdentity = function() return { value = 1 } end,
  DataSource = function() return { 1, 2, 3 } end,
  Debounce = function() return { 0.1 } end,
  Delay = function() return { 0.1 } end,
  FileReader = function() return { library.root .. "/README.md" } end,
  FileWriter = function() return { "/dev/null" } end,
  Filter = function() return { filter = { filter = function(_, msg) return msg end } } end,
  Fold = function() return { function(a) return a end } end,
  Graphline = function() return { A = kam.PassThrough(), linkages = { "self -> A -> self" } } end,
  Loss = function() return { 0.1 } end,
  Duplication = function() return { 0.1 } end,
  ReliableMulticastReceiver = function() return { "239.255.77.4", 17704, interface = "127.0.0.1" } end,
  ReliableMulticastSender = function() return { "239.255.77.4", 17704, interface = "127.0.0.1" } end,
  Reordering = function() return { 0.1 } end,
  Merge = function() return { "a", "b" } end,
  OneShot = function() return { 1 } end,
  Pipeline = function() return { kam.PassThrough(), kam.PassThrough() } end,
  PureTransformer = function() return { function(msg) return msg end } end,
  RangeFilter = function() return { { 1, 2 } } end,
  RateChunker = function() return { 100, 1, 10 } end,
  RateLimit = function() return { messages = 10 } end,
  Repeat = function() return { 1, 2 } end,
  Route = function() return { "a", by = function() return "a" end } end,
  SequentialTransformer = function() return { tostring } end,
  ServerCore = function() return { kam.PassThrough, port = 0 } end,
  SMTPServer = function() return { function() end, port = 0 } end,
  SimpleDetupler = function() return { 1 } end,
  SqliteDatabase = function() return { ":memory:" } end,
  SqliteQuery = function() return { ":memory:", sql = "select 1" } end,
  Split = function() return { "a", "b" } end,
  Take = function() return { 3 } end,
  Throttle = function() return { 0.1 } end,
  Timeout = function() return { 100 } end,
  TriggeredOneShot = function() return { 1 } end,
  TriggeredSource = function() return { 1 } end,
  UnixClient = function() return { "/nowhere" } end,
  UnixProcess = function() return { "cat" } end,
  UnixServer = function()
    local path = os.tmpname()
    os.remove(path)
    return { kam.PassThrough, path = path }
  end,
  Window = function() return { 3 } end,
  Zip = function() return { "a", "b" } end,
}

-- Those for which no input at all, no terminal or no peer is an error.
local wants_input = { GzipDecompress = "E0651", ZstdDecompress = "E0651", LineEditor = "are no terminal",
  TCPClient = "E0671", IcecastClient = "E0671", TLSClient = "E0671", TLSSession = "E0676", UnixClient = "E0671",
  WebSocketClient = "E0671", XMLParser = "E0845" }

local function make(entry)
  if given[entry.name] then return entry.make(given[entry.name]()) end
  for _, o in ipairs(component.declaration(entry.make).options) do
    if o.required then
      error(("%s cannot be made without its option %s: say in `given` of this spec what to make it with")
        :format(entry.name, o.name), 0)
    end
  end
  return entry.make()
end

-- Takes all that comes, but slowly, so that the virtual clock goes on.
local function slow_sink()
  return kam.main(function(self)
    for _ in self:messages() do self:sleep(0.001) end
  end)
end

-- The names of the boxes of c but for one, sorted.
local function names(boxes, but)
  local list = {}
  for name in pairs(boxes) do
    if name ~= but then list[#list + 1] = name end
  end
  table.sort(list)
  return list
end

-- Runs c, with all its outboxes linked to a slow sink, beside what `act` does as a
-- component of its own; gives the seconds that the system lived, and what was said.
local function run(entry, c, act)
  local sink, start, failures = slow_sink(), kam.now(), require "kam.run".failures
  local driver = kam.main(function(self)
    local _, outboxes = c:boxes()
    for _, box in ipairs(outboxes) do
      if box.name ~= "signal" and not box.linked then self:link({ c, box.name }, { sink, "inbox" }) end
    end
    act(self)
  end)
  local said = kit.said(kam.run, driver, c, sink)
  if not said:find(wants_input[entry.name] or "%z") then
    assert.equal(failures, require "kam.run".failures, said)
  end
  return kam.now() - start, said
end

-- Runs what made(c) does for a component of that entry; nothing of it stays.
local function leaves_nothing(entry, with)
  with(make(entry)) -- what is made once, for all, is made here
  collectgarbage()
  collectgarbage()
  local before = core.totals()
  with(make(entry))
  collectgarbage()
  collectgarbage()
  local after = core.totals()
  kit.settled()
  assert.same({ before.components, before.parked }, { after.components, after.parked })
end

local GRACE = 2 -- seconds, after which what was told to end is ended by force

for _, entry in ipairs(library.all()) do
  describe(entry.name, function()
    it("ends when it is told to end now", function()
      leaves_nothing(entry, function(c)
        local lived, said = run(entry, c, function(self)
          self:sleep(1)
          c:stop()
        end)
        assert.is_true(lived < 1 + GRACE / 2, ("it lived %.3f s: %s"):format(lived, said))
      end)
    end)

    it("ends when it is told on control that no more will come", function()
      leaves_nothing(entry, function(c)
        local lived, said = run(entry, c, function(self)
          self:link({ self, "outbox" }, { c, "control" })
          self:sleep(1)
          self:send(kam.producerFinished())
        end)
        assert.is_true(lived < 5, ("it lived %.3f s: %s"):format(lived, said))
      end)
    end)

    it("ends when its inboxes end without a message", function()
      leaves_nothing(entry, function(c)
        local boxes = names(c.inboxes, "control")
        local lived, said = run(entry, c, function(self)
          for _, name in ipairs(boxes) do self:link({ self, self:addOutbox(name) }, { c, name }) end
          self:sleep(1)
          if #boxes == 0 then c:stop() end
        end)
        assert.is_true(lived < 5, ("it lived %.3f s: %s"):format(lived, said))
      end)
    end)
  end)
end

it("names no component that is not there", function()
  for name in pairs(given) do assert.truthy(library.find(name), name) end
end)
