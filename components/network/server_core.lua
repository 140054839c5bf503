local kam = require "kam"

-- A maker of the same, behind a TLSSession each.
local function secured(protocol, terms)
  return function(peer)
    local handler = kam.make(protocol, peer)
    return kam.Graphline {
      TLS = kam.TLSSession(terms), HANDLER = handler,
      linkages = { "self -> TLS", "TLS -> self",
        kam.takes(handler) and "TLS.decrypted -> HANDLER" or "TLS.decrypted -> null",
        kam.sends(handler) and "HANDLER -> TLS.encrypt" or nil },
    }
  end
end

return kam.component "ServerCore" {
  summary = "Serves a protocol: each peer that connects gets a handler of its own.",
  doc = "A TCPServer, or a UnixServer if it is given a `path`. A handler that fails closes its own "
    .. "connection and is reported; the server goes on.",
  ends = "When it is told; connections may end what they do.",
  effects = true,
  inboxes = { inbox = false },
  outboxes = {
    outbox = false,
    count = { "{ opened =, closed = }: how many connections since the last one", optional = true },
    listening = { "the address, when it listens: { host =, port = } or { path = }", optional = true },
  },
  options = {
    protocol = { type = "maker", "maker of each connection's handler: a constructor is given those of "
      .. "peer, peerport, localip and localport that it declares, a function a table of them" },
    port = { 1601, "the port to listen on; 0: a free one, which listening tells", min = 0, max = 65535 },
    host = { "", 'the address to listen on; "": all that the machine has' },
    path = { "", "a Unix socket to listen on instead" },
    connections = { 20000, "how many there may be at once; further ones are closed", min = 1 },
    perAddress = { 0, "how many of one address, or IPv6 network of 64 bits, there may be at once; 0: any number",
      min = 0 },
    idle = { 0.0, "seconds without a byte, or in which the peer took less than 500 bytes each of what is "
      .. "for it, after which a connection is closed; 0: never", min = 0 },
    total = { 0.0, "seconds after which a connection is closed; 0: never", min = 0 },
    tls = { type = "table", 'options of a TLSSession, as { certificates = { "site.pem" } }, which then secures '
      .. "each connection", optional = true },
    halfOpen = { false, "a peer that has said that it sends no more is still sent to" },
  },
  first = "protocol",
  init = function(self)
    local protocol = self.protocol
    if self.tls then
      protocol = secured(protocol, self.tls)
      self:addChildren(kam.TLSCertificates(self.tls)) -- fails now, and not with the first peer
    end
    local given = { protocol = protocol, connections = self.connections, idle = self.idle,
      total = self.total, halfOpen = self.halfOpen }
    local server
    if self.path ~= "" then
      given.path = self.path
      server = kam.UnixServer(given)
    else
      given.port, given.host, given.perAddress = self.port, self.host, self.perAddress
      server = kam.TCPServer(given)
    end
    self:addChildren(server)
    self:link({ server, "listening" }, { self, "listening" })
    self:link({ server, "count" }, { self, "count" })
  end,
  example = [[
local Shout = kam.component "Shout" {
  options = { peer = { type = "string", "the address of who has connected" } },
  main = function(self)
    for bytes in self:messages() do self:send(bytes:upper()) end
  end,
}

kam.main(function(self)
  local server = self:addChildren(kam.ServerCore { protocol = Shout, port = 0 })
  self:link({ server, "listening" }, { self, "inbox" })
  local at = self:recv()
  kam.Pipeline { kam.OneShot "hello\n", kam.TCPClient { "localhost", at.port },
    kam.ConsoleEchoer { eol = "" } }:activate()
  self:sleep(0.2)
  server:stop()
end):run()
--> HELLO
]],
}
