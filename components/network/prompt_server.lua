local kam = require "kam"

return kam.component "PromptServer" {
  summary = "Lets people of this machine talk with the living system, at a prompt.",
  doc = "Who connects gets a RemotePrompt; several may, each with locals of their own. It listens on a Unix "
    .. "socket, which only may use who may write the file, or on a port of this machine: an address of another "
    .. "kind than 127.x.y.z or ::1 is refused, because who comes to a prompt can do all that this program can. "
    .. "A port can be used by everybody who is on this machine; a path is better. From elsewhere one comes with "
    .. "ssh: ssh HOST nc -U PATH.",
  ends = "When it is told; prompts end with it.",
  effects = true,
  inboxes = { inbox = false },
  outboxes = {
    outbox = false,
    listening = { "the address, when it listens: { host =, port = } or { path = }", optional = true },
  },
  options = {
    path = { "", "a Unix socket to listen on" },
    port = { 0, "the port, without a path; 0: a free one, which listening tells", min = 0, max = 65535 },
    host = { "127.0.0.1", "the address of the port: 127.x.y.z or ::1" },
    connections = { 10, "how many may be there at once", min = 1 },
  },
  first = "path",
  init = function(self)
    if self.host ~= "::1" and not self.host:find "^127%.%d+%.%d+%.%d+$" then
      error(("a prompt is for this machine only, because who comes to it can do all that the program can: "
        .. "host is 127.0.0.1 or ::1, not %q"):format(self.host), 0)
    end
    local server = self:addChildren(kam.ServerCore {
      path = self.path, port = self.port, host = self.host, connections = self.connections, halfOpen = true,
      protocol = function()
        return kam.Pipeline { kam.LineSplit { crlf = true, limit = 65536 }, kam.RemotePrompt() }
      end,
    })
    self:link({ server, "listening" }, { self, "listening" })
  end,
  example = [[
kam.PromptServer("prompt.sock"):activate()

-- Somebody else would type: nc -U prompt.sock
local typed = kam.Pipeline { kam.OneShot "6 * 7\nexit\n", kam.UnixClient "prompt.sock",
  kam.ConsoleEchoer { eol = "" } }
kam.main(function(self)
  self:watch(self:addChildren(typed))
  self:recv()
  kam.stop()
end):run()
--> kam   ? for help, exit to end
--> > 42
--> >
]],
}
