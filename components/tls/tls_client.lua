local kam = require "kam"

return kam.component "TLSClient" {
  summary = "Connects to a TCP port, and carries bytes both ways, secured.",
  doc = "A TCPClient behind a TLSSession. The peer's certificate must be for the `host`, or for the "
    .. "`serverName`, and its authority be trusted. When the inbox has ended, answers still come.",
  ends = "When the peer has sent all.",
  effects = true,
  inboxes = { inbox = "bytes for the peer" },
  outboxes = {
    outbox = "bytes from the peer, in any cut",
    secured = { "after the handshake, what is known of the peer: see TLSSession", optional = true },
  },
  options = {
    host = { type = "string", "the name or address of the peer" },
    port = { type = "integer", "its port", min = 1, max = 65535 },
    serverName = { "", "the name that its certificate must be for; \"\": the host" },
    verify = { true, "its certificate is checked" },
    ca = { "", "the authorities that are trusted, a PEM file or a folder; \"\": the system's" },
    certificate = { "", "a PEM file of our own, if the peer asks for one" },
    key = { "", "a PEM file with its key; \"\": in the same" },
    protocols = { {}, "names of protocols for ALPN, the best first" },
    closeNotify = { true, "a peer that closes without having said that it has sent all is an error" },
    halfClose = { false, "the peer is told when the inbox has ended; many give no more answers then" },
    timeout = { 10.0, "seconds that connecting may take, and as many for the handshake", min = 0.001 },
  },
  first = { "host", "port" },
  init = function(self)
    local net = kam.TCPClient { self.host, self.port, timeout = self.timeout }
    local tls = kam.TLSSession {
      client = true, serverName = self.serverName ~= "" and self.serverName or self.host,
      verify = self.verify, ca = self.ca, protocols = self.protocols, timeout = self.timeout,
      certificates = self.certificate ~= "" and { self.certificate } or {},
      keys = self.key ~= "" and { self.key } or {},
      closeNotify = self.closeNotify, halfClose = self.halfClose,
    }
    self:addChildren(net, tls)
    self:link({ self, "inbox" }, { tls, "encrypt" })
    self:link({ tls, "outbox" }, { net, "inbox" })
    self:link({ net, "outbox" }, { tls, "inbox" })
    self:link({ tls, "decrypted" }, { self, "outbox" })
    self:link({ tls, "secured" }, { self, "secured" })
  end,
  example = [[
os.execute("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=localhost "
  .. "-addext subjectAltName=DNS:localhost -keyout site.pem -out site.pem 2>errors")
kam.main(function(self)
  local server = self:addChildren(kam.ServerCore {
    kam.PassThrough, port = 0, tls = { certificates = { "site.pem" } },
  })
  self:link({ server, "listening" }, { self, "inbox" })
  local at = self:recv()
  local got = self:addInbox "got"
  local client = kam.Pipeline { kam.OneShot "hello",
    kam.TLSClient { "localhost", at.port, ca = "site.pem", halfClose = true } }
  self:link({ client, "outbox" }, { self, got })
  self:addChildren(client)
  print(self:recv(got))
  server:stop()
end):run()
--> hello
]],
}
