local kam = require "kam"

return kam.component "FortuneCookieProtocol" {
  summary = "Tells who connects a fortune, and hangs up: the handler of a server.",
  doc = "The fortune is one of a file as the program fortune has them (see FortuneCookie), read anew for each "
    .. "connection. What the peer sends is not taken. A file that cannot be read fails the handler.",
  ends = "When it has sent one.",
  effects = true,
  inboxes = { inbox = false },
  outboxes = { outbox = { "the text", kind = "bytes" } },
  options = { path = { "/usr/share/games/fortunes/fortunes", "the file" } },
  first = "path",
  init = function(self)
    self:lend(self:addChildren(kam.Pipeline {
      kam.FileReader { self.path, lines = true }, kam.FortuneCookie(),
    }))
  end,
  example = [[
kam.Pipeline { kam.DataSource { "Beware of dragons." },
  kam.FileWriter { "fortunes", lines = true } }:run()
kam.ServerCore { path = "socket", protocol = function()
  return kam.FortuneCookieProtocol "fortunes"
end }:activate()
kam.Graphline { PEER = kam.UnixClient "socket",
  SHOW = kam.each(function(text)
    print((tostring(text):gsub("\n", "")))
    kam.stop()
  end), linkages = { "PEER -> SHOW" } }:run()
--> Beware of dragons.
]],
}
