local kam = require "kam"

return kam.component "IcecastClient" {
  summary = "Listens to a radio station on the Internet (Icecast, SHOUTcast).",
  doc = "An HTTPClient and an IcecastDemux. The sound leaves as the station sends it, MP3 or Ogg; what is being "
    .. "played goes to `metadata`, and what the station says of itself to `station`. One that cannot be reached, "
    .. "or breaks off, fails it; a Supervisor tries again.",
  ends = "When the station's stream has.",
  effects = true,
  inboxes = { inbox = false },
  outboxes = {
    outbox = { "the sound", kind = "bytes" },
    metadata = { "what is being played: { title =, url =, text =, fields =, at = }", optional = true },
    station = { "{ name =, genre =, url =, bitrate =, type =, description = }", optional = true },
  },
  options = {
    url = { type = "string", "the stream's address" },
    proxy = { "", "the proxy to go through" },
    idleTime = { 30.0, "seconds in which more must come", min = 0 },
    verify = { true, "certificates are checked" },
    ca = { "", "the authorities that are trusted; \"\": the system's" },
  },
  first = "url",
  init = function(self)
    local client = kam.HTTPClient { self.url, stream = true, icy = true, gzip = false, resumes = 0,
      headers = { ["Icy-MetaData"] = "1" }, proxy = self.proxy, idleTime = self.idleTime, headTime = self.idleTime,
      verify = self.verify, ca = self.ca }
    local demux = kam.IcecastDemux()
    self:addChildren(client, demux)
    self:link({ client, "outbox" }, { demux, "inbox" })
    for _, box in ipairs { "outbox", "metadata", "station" } do self:link({ demux, box }, { self, box }) end
  end,
  example = [[
kam.main(function(self)
  local station = self:addChildren(kam.HTTPServer { function()
    return { headers = { ["icy-name"] = "Ours", ["icy-metaint"] = 4 }, body = "beep\1StreamTitle='A';boop\0" }
  end, port = 0 })
  self:link({ station, "listening" }, { self, "inbox" })
  local radio = kam.IcecastClient(("http://localhost:%d/"):format(self:recv().port))
  local sound, said = self:addInbox "sound", self:addInbox "said"
  self:link({ radio, "outbox" }, { self, sound })
  self:link({ radio, "metadata" }, { self, said })
  self:addChildren(radio)
  print(self:recv(sound), self:recv(said).title, self:recv(sound))
  station:stop()
end):run()
--> beep	A	boop
]],
}
