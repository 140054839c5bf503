-- network: E067x and W0011 to W0019, of sockets and those who serve them.

local CERTIFICATE = [[os.execute("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes "
  .. "-subj /CN=localhost -addext subjectAltName=DNS:localhost -keyout site.pem -out site.pem 2>errors")
]]

return function(define)

define("W0011", "a server with as many connections as it may have", {
  make = function(message) return { message = message } end,
  why = "Further peers are accepted and closed at once, and the server goes on with those that it has. The first "
    .. "one is told when it happens, those after it as a sum. More may come at once with `connections`; peers that "
    .. "are connected and say nothing leave with `idle`.",
  wrong = [[
    kam.TTL { kam.UnixServer { kam.PassThrough, path = "socket", connections = 1 }, 0.3 }:activate()
    kam.Pipeline { kam.UnixClient "socket", kam.ConsoleEchoer() }:activate()
    kam.Pipeline { kam.UnixClient "socket", kam.ConsoleEchoer() }:run()
  ]],
  right = [[
    kam.TTL { kam.UnixServer { kam.PassThrough, path = "socket", connections = 2 }, 0.3 }:activate()
    kam.Pipeline { kam.UnixClient "socket", kam.ConsoleEchoer() }:activate()
    kam.Pipeline { kam.UnixClient "socket", kam.ConsoleEchoer() }:run()
  ]],
})

define("W0012", "an address with as many connections as one may have", {
  make = function(message) return { message = message } end,
  why = "With `perAddress` no peer can take all connections of a server. All those behind one router have one "
    .. "address, and an IPv6 network of 64 bits counts as one, as each host in it may use any address.",
  wrong = [[
    kam.TTL { kam.TCPServer { kam.PassThrough, port = 17611, host = "127.0.0.1", perAddress = 1 }, 0.3 }:activate()
    kam.Pipeline { kam.TCPClient { "127.0.0.1", 17611 }, kam.ConsoleEchoer() }:activate()
    kam.Pipeline { kam.TCPClient { "127.0.0.1", 17611 }, kam.ConsoleEchoer() }:run()
  ]],
  right = [[
    kam.TTL { kam.TCPServer { kam.PassThrough, port = 17612, host = "127.0.0.1", perAddress = 2 }, 0.3 }:activate()
    kam.Pipeline { kam.TCPClient { "127.0.0.1", 17612 }, kam.ConsoleEchoer() }:activate()
    kam.Pipeline { kam.TCPClient { "127.0.0.1", 17612 }, kam.ConsoleEchoer() }:run()
  ]],
})

define("W0013", "a connection for which the machine has no room", {
  make = function(message) return { message = message } end,
  why = "Each connection takes a descriptor and memory. `ulimit -n` says how many descriptors a program may have; "
    .. "with `connections` below that, files and clients still get theirs. Those who are connected are served on.",
  wrong = "kam run 'ServerCore PassThrough'",
  right = "kam.run(kam.TCPServer { kam.PassThrough, port = 0, connections = 800 }, kam.main(function() kam.stop() end))",
})

define("W0014", "what a component warns of", {
  make = function(message) return { message = message } end,
  why = "A component says with self:warn(text) what does not fail it and should be known: a packet that never came, "
    .. "a message that it had to drop. The first is told at once; those of its kind that follow are counted, and told "
    .. "as a sum.",
  wrong = [[
    kam.Pipeline { kam.DataSource { { 1, "b" }, { 3, "d" }, { 4, "e" } }, kam.RecoverOrder(1),
      kam.ConsoleEchoer() }:run()
  ]],
  right = [[
    kam.Pipeline { kam.DataSource { { 1, "b" }, { 3, "d" }, { 2, "c" } }, kam.RecoverOrder(2),
      kam.ConsoleEchoer() }:run()
  ]],
})

define("W0015", "a peer with whom a server has no secure connection", {
  make = function(message) return { message = message } end,
  why = "A peer that speaks another protocol, trusts another authority, or has no certificate where one is asked "
    .. "for, is sent an alert, and its connection is closed. The server goes on.",
  wrong = CERTIFICATE .. [[
local tls = { certificates = { "site.pem" } }
kam.TTL { kam.ServerCore { kam.PassThrough, path = "socket", tls = tls }, 0.5 }:activate()
kam.Pipeline { kam.OneShot "GET / HTTP/1.0\r\n\r\n", kam.UnixClient "socket", kam.NullSink() }:run()]],
  right = CERTIFICATE .. [[
local tls = { certificates = { "site.pem" } }
kam.TTL { kam.ServerCore { kam.PassThrough, path = "socket", tls = tls }, 0.5 }:activate()
kam.Graphline {
  A = kam.OneShot "hello", NET = kam.UnixClient "socket",
  TLS = kam.TLSSession { client = true, serverName = "localhost", ca = "site.pem", halfClose = true },
  linkages = { "A -> TLS.encrypt", "TLS -> NET -> TLS", "TLS.decrypted -> null" },
}:run()]],
})

define("W0016", "a certificate that could not be read again", {
  make = function(message) return { message = message } end,
  why = "The files of a certificate have changed, and what is in them now cannot be used; new connections go on with "
    .. "what was read before. Files that are renewed under another name first, and then moved into place, are whole "
    .. "at every moment.",
  wrong = CERTIFICATE .. [[
kam.Pipeline {
  kam.Seq {
    kam.TLSCertificates { certificates = { "site.pem" } },
    kam.main(function() io.open("site.pem", "w"):write("half a file"):close() end),
    kam.TLSCertificates { certificates = { "site.pem" } },
  },
  kam.each(function(certificate) print(certificate.till) end),
}:run()]],
  right = CERTIFICATE .. [[
kam.Pipeline {
  kam.TLSCertificates { certificates = { "site.pem" } },
  kam.each(function(certificate) print(certificate.till) end),
}:run()]],
})

define("E0670", "an address that cannot be listened on", {
  make = function(message) return { message = message } end,
  why = "Another program may have the port, or only root may take it (those under 1024); a path of a Unix "
    .. "socket may be taken, or its folder may not be there.",
  wrong = "kam.TCPServer { kam.PassThrough, port = 1, host = \"192.0.2.1\" }:run()",
  right = "kam.run(kam.TCPServer { kam.PassThrough, port = 0 }, kam.main(function() kam.stop() end))",
})

define("E0671", "a peer that cannot be reached", {
  make = function(message) return { message = message } end,
  why = "Nobody listens there, the name is unknown, or no answer came in time.",
  wrong = 'kam.Pipeline { kam.TCPClient { "localhost", 1 }, kam.ConsoleEchoer() }:run()',
  right = 'kam.TTL { kam.UnixServer { kam.PassThrough, path = "socket" }, 0.3 }:activate()\n'
    .. 'kam.Pipeline { kam.OneShot "hello\\n", kam.UnixClient "socket", kam.ConsoleEchoer() }:run()',
})

define("E0672", "a protocol whose maker fails", {
  make = function(text, trace)
    return { message = "the maker of a server's protocol failed, and the connection was closed: " .. text,
      notes = trace and { trace } or nil }
  end,
  why = "The maker is called for each connection; the server goes on, and the others are left alone.",
  wrong = 'kam.TTL { kam.UnixServer { function() error "oh" end, path = "socket" }, 0.3 }:activate()\n'
    .. 'kam.Pipeline { kam.UnixClient "socket", kam.ConsoleEchoer() }:run()',
  right = 'kam.TTL { kam.UnixServer { function() return kam.OneShot "hello" end, path = "socket" }, 0.3 }:activate()\n'
    .. 'kam.Pipeline { kam.UnixClient "socket", kam.ConsoleEchoer() }:run()',
})

define("E0673", "a connection that broke", {
  make = function(message) return { message = message } end,
  why = "The peer, or something on the way, ended the connection without saying that no more would come.",
  wrong = 'kam.UnixServer { kam.NullSink, path = "socket", total = 0.1 }:activate()\n'
    .. 'kam.Pipeline { kam.FileReader "/dev/zero", kam.UnixClient "socket", kam.ConsoleEchoer() }:run()',
  right = 'kam.TTL { kam.UnixServer { kam.NullSink, path = "socket" }, 0.3 }:activate()\n'
    .. 'kam.Pipeline { kam.FileReader "/dev/null", kam.UnixClient "socket", kam.ConsoleEchoer() }:run()',
})

define("E0674", "a response that cannot be sent", {
  make = function(message) return { message = message } end,
  why = "A response is a string, or a table with status, type, headers, body and more; what is in a header is "
    .. "one line. The peer was told status 500, and its connection closed.",
  wrong = 'kam.HTTPServer { function() return { stauts = 404 } end, path = "socket" }:activate()\n'
    .. 'kam.Pipeline { kam.OneShot "GET / HTTP/1.0\\r\\n\\r\\n", kam.UnixClient "socket",\n'
    .. "  kam.main(function(self) self:recv() kam.stop() end) }:run()",
  right = 'kam.HTTPServer { function() return { status = 404 } end, path = "socket" }:activate()\n'
    .. 'kam.Pipeline { kam.OneShot "GET / HTTP/1.0\\r\\n\\r\\n", kam.UnixClient "socket",\n'
    .. "  kam.main(function(self) self:recv() kam.stop() end) }:run()",
})

define("E0675", "a datagram that cannot be sent", {
  make = function(message) return { message = message } end,
  why = "A datagram has at most 65,507 bytes, and there must be a way to its address.",
  wrong = 'kam.Pipeline { kam.OneShot(("x"):rep(70000)), kam.UDPPeer { "127.0.0.1", 9 } }:run()',
  right = 'kam.Pipeline { kam.OneShot(("x"):rep(1000)), kam.UDPPeer { "127.0.0.1", 9 } }:run()',
})

define("E0676", "a handshake that fails", {
  make = function(message) return { message = message } end,
  why = "The two sides of a connection agree on how it is secured, and a client checks that the certificate of its "
    .. "peer is for the name that it asked for, in its time, and vouched for by an authority that it trusts. A peer "
    .. "that speaks no TLS fails too. Give the authority by `ca`, or another name by `serverName`; for a trial on "
    .. "one machine, `verify = false` checks nothing.",
  wrong = [[
kam.Graphline {
  A = kam.OneShot "220 mail.example\r\n", CLIENT = kam.TLSSession { client = true, serverName = "localhost" },
  linkages = { "A -> CLIENT", "CLIENT -> null", "CLIENT.decrypted -> null" },
}:run()]],
  right = CERTIFICATE .. [[
kam.Graphline {
  A = kam.OneShot "hello", B = kam.ConsoleEchoer(),
  CLIENT = kam.TLSSession { client = true, serverName = "localhost", ca = "site.pem", halfClose = true },
  SERVER = kam.TLSSession { certificates = { "site.pem" } },
  linkages = { "A -> CLIENT.encrypt", "CLIENT -> SERVER", "SERVER -> CLIENT", "CLIENT.decrypted -> null",
    "SERVER.decrypted -> B" },
}:run()]],
})

define("E0677", "a secured connection that broke", {
  make = function(message) return { message = message } end,
  why = "What came was not what the peer had sent, or the connection was closed before the peer had said that it "
    .. "had sent all: something on the way may have cut it off. If the peer is known to close like that, and "
    .. "what it sends tells its own length, `closeNotify = false` takes it for the end.",
  wrong = CERTIFICATE .. [[
kam.Graphline {
  A = kam.OneShot "hello", CUT = kam.Take(2),
  CLIENT = kam.TLSSession { client = true, serverName = "localhost", ca = "site.pem" },
  SERVER = kam.TLSSession { certificates = { "site.pem" } },
  linkages = { "A -> CLIENT.encrypt", "CLIENT -> SERVER", "SERVER -> CUT -> CLIENT", "CLIENT.decrypted -> null",
    "SERVER.decrypted -> null" },
}:run()]],
  right = CERTIFICATE .. [[
kam.Graphline {
  A = kam.OneShot "hello",
  CLIENT = kam.TLSSession { client = true, serverName = "localhost", ca = "site.pem", halfClose = true },
  SERVER = kam.TLSSession { certificates = { "site.pem" } },
  linkages = { "A -> CLIENT.encrypt", "CLIENT -> SERVER", "SERVER -> CLIENT", "CLIENT.decrypted -> null",
    "SERVER.decrypted -> null" },
}:run()]],
})

define("E0678", "a TLSSession that cannot be", {
  make = function(message) return { message = message } end,
  why = "A server needs a certificate and the key that belongs to it, in PEM files that can be read and have no "
    .. "password. A client that checks its peer needs the name that the certificate must be for.",
  wrong = 'kam.TLSCertificates { certificates = { "nowhere.pem" } }:run()',
  right = CERTIFICATE .. 'kam.TLSCertificates { certificates = { "site.pem" } }:run()',
})

define("E0680", "a server that opens no WebSocket", {
  make = function(message) return { message = message } end,
  why = "The server answered the request for a WebSocket with another status than 101, or with one that does not "
    .. "belong to that request. The path may be another one, or the server may want to know who asks, or from which "
    .. "page: a Cookie or an Origin is given by `headers`.",
  wrong = [[
kam.Graphline {
  CODEC = kam.WebSocketCodec { client = true, target = "/" }, SERVER = kam.map(function() return { status = 404 } end),
  linkages = { "CODEC -> SERVER -> CODEC", "CODEC.message -> null" },
}:run()]],
  right = [[
kam.Graphline {
  A = kam.OneShot "hello", CLIENT = kam.WebSocketCodec { client = true }, SERVER = kam.WebSocketCodec(),
  B = kam.ConsoleEchoer(),
  linkages = { "A -> CLIENT.send", "CLIENT -> SERVER", "SERVER -> CLIENT", "SERVER.message -> B",
    "CLIENT.message -> null" },
}:run()]],
})

define("E0681", "an SMTP reply that cannot be sent", {
  make = function(message) return { message = message } end,
  why = "A reply is a code of three digits, a space, and a text; several lines have LF between them, and the code "
    .. "stands only before the first. A CR in it would end the line on the wire.",
  wrong = 'kam.Graphline { PEER = kam.NullSink(), SMTP = kam.SMTPServerSession(), HANDLER = kam.OneShot "hello",\n'
    .. '  linkages = { "SMTP -> PEER", "SMTP.request -> null", "HANDLER -> SMTP.reply" } }:run()',
  right = 'kam.Graphline { PEER = kam.NullSink(), SMTP = kam.SMTPServerSession(), HANDLER = kam.OneShot "220 hello",\n'
    .. '  linkages = { "SMTP -> PEER", "SMTP.request -> null", "HANDLER -> SMTP.reply" } }:run()',
})

define("E0684", "an SMTP request that cannot be sent", {
  make = function(message) return { message = message } end,
  why = "A request is a table with a command; CONNECT is the first. Names and addresses are one line, and an address "
    .. "has no < or > around it, so that nobody can smuggle in another command. Pieces of a mail come behind the "
    .. "reply 354 to DATA, and before END.",
  wrong = 'kam.Graphline { ASK = kam.OneShot { { command = "EHLO", name = "me.example" } },\n'
    .. '  SMTP = kam.SMTPClientSession(), SERVER = kam.OneShot "220 mail.example\\r\\n", OUT = kam.NullSink(),\n'
    .. '  linkages = { "ASK -> SMTP.request", "SERVER -> SMTP", "SMTP -> null", "SMTP.reply -> OUT" } }:run()',
  right = 'kam.Graphline { ASK = kam.OneShot { { command = "CONNECT" } },\n'
    .. '  SMTP = kam.SMTPClientSession(), SERVER = kam.OneShot "220 mail.example\\r\\n", OUT = kam.NullSink(),\n'
    .. '  linkages = { "ASK -> SMTP.request", "SERVER -> SMTP", "SMTP -> null", "SMTP.reply -> OUT" } }:run()',
})

define("E0695", "a response that cannot be read", {
  make = function(message) return { message = message } end,
  why = "What the server sent is no HTTP/1.1, has no end to its head, or says in two ways how long it is, so that "
    .. "another reader on the way might take a part of it for another response.",
  wrong = 'kam.Graphline { ASK = kam.OneShot { { target = "/" } }, HTTP = kam.HTTPClientSession { host = "localhost" },\n'
    .. '  PEER = kam.map(function() return "220 mail ESMTP\\r\\n" end), OUT = kam.NullSink(),\n'
    .. '  linkages = { "ASK -> HTTP.request", "HTTP -> PEER -> HTTP", "HTTP.response -> OUT" } }:run()',
  right = 'kam.Graphline { ASK = kam.OneShot { { target = "/" } }, HTTP = kam.HTTPClientSession { host = "localhost" },\n'
    .. '  PEER = kam.map(function() return "HTTP/1.1 204 No Content\\r\\n\\r\\n" end), OUT = kam.NullSink(),\n'
    .. '  linkages = { "ASK -> HTTP.request", "HTTP -> PEER -> HTTP", "HTTP.response -> OUT" } }:run()',
})

define("E0696", "a response that is not whole", {
  make = function(message) return { message = message } end,
  why = "The connection ended before the end of a response: the server, or something on the way, gave up. What came "
    .. "of the body is a part of it only.",
  wrong = 'kam.Graphline { ASK = kam.OneShot { { target = "/" } }, HTTP = kam.HTTPClientSession { host = "localhost" },\n'
    .. '  PEER = kam.main(function(self) self:recv() self:send "HTTP/1.1 200 OK\\r\\nContent-Length: 9\\r\\n\\r\\nhello" end),\n'
    .. '  OUT = kam.NullSink(),\n'
    .. '  linkages = { "ASK -> HTTP.request", "HTTP -> PEER -> HTTP", "HTTP.response -> OUT" } }:run()',
  right = 'kam.Graphline { ASK = kam.OneShot { { target = "/" } }, HTTP = kam.HTTPClientSession { host = "localhost" },\n'
    .. '  PEER = kam.main(function(self) self:recv() self:send "HTTP/1.1 200 OK\\r\\nContent-Length: 5\\r\\n\\r\\nhello" end),\n'
    .. '  OUT = kam.NullSink(),\n'
    .. '  linkages = { "ASK -> HTTP.request", "HTTP -> PEER -> HTTP", "HTTP.response -> OUT" } }:run()',
})

define("E0697", "a request that cannot be sent", {
  make = function(message) return { message = message } end,
  why = "A request is a table with method, target, headers, type, body, more and stream. Its target has no blanks or "
    .. "letters beyond ASCII (they are encoded as %20), and what is in a header is one line, so that nobody can "
    .. "smuggle in another request.",
  wrong = 'kam.Graphline { ASK = kam.OneShot { { target = "/a b" } }, HTTP = kam.HTTPClientSession { host = "localhost" },\n'
    .. '  PEER = kam.map(function() return "HTTP/1.1 204 No Content\\r\\n\\r\\n" end), OUT = kam.NullSink(),\n'
    .. '  linkages = { "ASK -> HTTP.request", "HTTP -> PEER -> HTTP", "HTTP.response -> OUT" } }:run()',
  right = 'kam.Graphline { ASK = kam.OneShot { { target = "/a%20b" } },\n'
    .. '  HTTP = kam.HTTPClientSession { host = "localhost" },\n'
    .. '  PEER = kam.map(function() return "HTTP/1.1 204 No Content\\r\\n\\r\\n" end), OUT = kam.NullSink(),\n'
    .. '  linkages = { "ASK -> HTTP.request", "HTTP -> PEER -> HTTP", "HTTP.response -> OUT" } }:run()',
})

define("E0698", "a proxy that makes no way", {
  make = function(message) return { message = message } end,
  why = "The proxy was asked by CONNECT for a way to another server, and refused: it may want a password, or allow "
    .. "only some servers and ports.",
  wrong = 'kam.Graphline { HTTP = kam.HTTPClientSession { tunnel = "example.org:443" }, OUT = kam.NullSink(),\n'
    .. '  PEER = kam.map(function() return "HTTP/1.1 403 Forbidden\\r\\nContent-Length: 0\\r\\n\\r\\n" end),\n'
    .. '  linkages = { "HTTP -> PEER -> HTTP", "HTTP.response -> OUT" } }:run()',
  right = 'kam.Graphline { HTTP = kam.HTTPClientSession { tunnel = "example.org:443" }, ASK = kam.OneShot "hello",\n'
    .. '  PEER = kam.map(function() return "HTTP/1.1 200 OK\\r\\n\\r\\n" end), OUT = kam.NullSink(),\n'
    .. '  linkages = { "ASK -> HTTP.request", "HTTP -> PEER -> HTTP", "HTTP.response -> OUT" } }:run()',
})

define("E0699", "a request that is not answered", {
  make = function(message) return { message = message } end,
  why = "The URL is none that HTTP can get, the answer took too long or was too long, redirects lead nowhere, or, "
    .. "with bodies = true, the status says that there is no such thing. Without that, the answer has the field error.",
  wrong = 'kam.Pipeline { kam.HTTPClient { "ftp://example.org/", bodies = true }, kam.ConsoleEchoer() }:run()',
  right = 'kam.Pipeline { kam.OneShot "ftp://example.org/", kam.HTTPClient(),\n'
    .. "  kam.each(function(response) print(response.status or response.error) end) }:run()",
})

end
