-- system: Grey as a whole, of a configuration.
--
--     each client: SMTPServerSession <──> GreySession <──> SMTPClientSession of GreyPool: the real server
--                                            │    └ asks GreyEngine <──> the store
--                                          events ──> GreyCounters ──> GreyLog
local kam = require "kam"
local GreyCounters = require "counters"
local GreyEngine = require "engine"
local GreyLog = require "log"
local GreyPool = require "pool"
local GreyProbe = require "probe"
local GreySession = require "session"
local configuration = require "config"
local metrics = require "metrics"
local policy = require "policy"

local system = {}

-- What is offered to clients: extensions of the real server that go through, and our own.
local function offers_of(config, extensions)
  local size = tonumber(extensions.SIZE) or 0
  local most = size > 0 and math.min(size, config.size) or config.size
  local lines = { "PIPELINING", "ENHANCEDSTATUSCODES", ("SIZE %d"):format(most) }
  for _, name in ipairs { "8BITMIME", "SMTPUTF8", "DSN" } do
    if extensions[name] then lines[#lines + 1] = name end
  end
  return lines
end

-- What clients hear before they send a mail: a greeting, and a reply to EHLO.
local function welcome_of(config, offers)
  return { ("220 %s ESMTP %s"):format(config.servername, config.serverid),
    ("250 %s\n%s"):format(config.servername, table.concat(offers, "\n")) }
end

-- The state that sessions begin with, of a configuration and the extensions of the real server.
local function renew(state, config, extensions)
  state.config, state.extensions, state.offers = config, extensions, offers_of(config, extensions)
  state.welcome = welcome_of(config, state.offers)
  return state
end

-- Takes over what signals, the probe and the engine tell.
local GreyControl = kam.component "GreyControl" {
  summary = "Reads the configuration again, keeps what the real server offers, and ends what serves the servers.",
  ends = "When all servers have.",
  inboxes = {
    inbox = { "signals", open = true },
    probe = { "what the real server offers", open = true },
    trouble = { "what the engine complains of", open = true },
    over = { "that a server has ended", open = true },
  },
  outboxes = { outbox = "events, and \"reopen\"", engine = "configurations", probe = "that it is to ask now",
    pool = "that it is to end" },
  options = { state = { type = "table", "the configuration and the offers that sessions begin with" } },
  first = "state",
  init = function(self) self.up = nil end,
  reload = function(self)
    self:send "reopen"
    local config, problems = configuration.read(self.state.config.file)
    if problems.errors > 0 then
      self:send { event = "trouble", text = "the new configuration is not used", reason = problems:text() }
      return
    end
    renew(self.state, config, self.state.extensions)
    self:send(config, "engine")
    self:send(true, "probe")
    self:send { event = "reload", text = config.file }
  end,
  learn = function(self, found)
    if found.up then renew(self.state, self.state.config, found.extensions) end
    if found.up ~= self.up then
      self.up = found.up
      self:send { event = "upstream", up = found.up, reason = found.reason }
    end
  end,
  main = function(self)
    for _, server in ipairs(self.state.servers) do self:watch(server, "over") end
    local left = #self.state.servers
    while left > 0 do
      local box, msg = self:recvAny { "inbox", "probe", "trouble", "over" }
      if box == "inbox" then
        self:reload()
      elseif box == "probe" then
        self:learn(msg)
      elseif box == "trouble" then
        self:send { event = "trouble", text = msg.text, kind = msg.kind }
      elseif box and not msg.ok then
        error(msg.error, 0)
      else
        left = box and left - 1 or 0
      end
    end
    self:send(false, "engine")
    self:send(true, "pool")
  end,
}

-- A server for clients at an address; state is that of GreyControl.
local function server_at(at, state, counters)
  local config = state.config
  return kam.SMTPServer {
    host = at.host, port = at.port, hostname = config.servername,
    tls = config.tls_certificate ~= "" and { certificates = { config.tls_certificate },
      keys = config.tls_key ~= "" and { config.tls_key } or nil } or nil,
    connections = config.max_connections, perAddress = config.max_per_address, proxy = config.proxy_protocol,
    greetDelay = config.greet_delay, bare = config.bare, line = config.line, parameterLine = config.parameter_line,
    textLine = config.text_line, header = config.header_size, hops = config.hops, recipients = config.recipients,
    size = config.size, errors = config.errors, junk = config.junk, session = config.session_time,
    commandTime = config.inactivity_timeout, rate = config.data_rate,
    welcome = function() return table.unpack(state.welcome) end,
    handler = function(from)
      local session = GreySession { state, { ip = from.peer, port = from.peerport, toIP = from.localip,
        toPort = from.localport, helo = from.name, esmtp = from.extended, secured = from.secured } }
      session:link({ session, "events" }, { counters, "inbox" })
      return session
    end,
  }
end

-- The system of a configuration.
function system.new(config)
  local state = renew({ servers = {} }, config, {})
  local parts = {
    HUP = kam.Signal "SIGHUP", CONTROL = GreyControl { state = state },
    ENGINE = GreyEngine { config, sweepEvery = config.sweep_every }, COUNTERS = GreyCounters(),
    LOG = GreyLog { config.greylist_log, format = config.log_format },
    PROBE = GreyProbe(function() return state.config end), POOL = GreyPool(),
    ROOT = kam.Privileges { config.user, group = config.group },
    linkages = { "HUP -> CONTROL", "CONTROL -> COUNTERS", "CONTROL.engine -> ENGINE.config",
      "CONTROL.pool -> POOL.finish",
      "CONTROL.probe -> PROBE", "PROBE -> CONTROL.probe", "ENGINE.trouble -> CONTROL.trouble",
      "ENGINE.counts -> COUNTERS.engine",
      "COUNTERS -> LOG", "ROOT -> null" },
  }
  kam.registerService("grey engine", parts.ENGINE, "inbox")
  kam.registerService("grey pool", parts.POOL, "inbox")
  local function add(name, server)
    parts[name] = server
    table.insert(state.servers, server)
    table.insert(parts.linkages, name .. ".listening -> ROOT")
  end
  for i, at in ipairs(configuration.doors(config)) do
    local name = "SERVER" .. (i > 1 and i or "")
    add(name, server_at(at, state, parts.COUNTERS))
    table.insert(parts.linkages, name .. ".count -> COUNTERS.count")
  end
  if config.policy_listen then add("POLICY", policy.server(config.policy_listen, parts.COUNTERS)) end
  if config.metrics_listen then add("METRICS", metrics.server(config.metrics_listen, parts.COUNTERS)) end
  return kam.Graphline(parts)
end

-- Runs it until it is told to end.
function system.run(config)
  kam.configure { grace = 30 } -- mails under way are brought to their end
  return system.new(config):run()
end

return system
