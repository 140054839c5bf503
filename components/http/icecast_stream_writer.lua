local kam = require "kam"

-- A title as the name of a file.
local function name_of(n, title)
  title = (title or ""):gsub("[%c/\\]", "_"):sub(1, 100):gsub("^[. ]+", "")
  return ("%03d%s%s"):format(n, title ~= "" and " " or "", title)
end

return kam.component "IcecastStreamWriter" {
  summary = "Writes a radio station's sound into files, one for each title.",
  doc = "`write` makes what writes a file: kam.FileWriter, or a function that is called with its path. The files "
    .. "are numbered, and named after the titles, in which a / becomes a _. What comes before the first title is "
    .. "a file of its own. `metadata` and the sound are linked from one IcecastDemux or IcecastClient: each "
    .. "title says at which byte it begins.",
  ends = "When its inbox has, and all is written.",
  effects = true,
  inboxes = { inbox = { "the sound", kind = "bytes" }, metadata = "titles: { title =, at = }" },
  outboxes = { outbox = false, sound = { "what is written", optional = true } },
  options = {
    write = { type = "maker", "makes what writes a file: kam.FileWriter" },
    folder = { ".", "where the files lie" },
    ending = { ".mp3", "of their names" },
  },
  first = { "write", "folder" },
  init = function(self)
    self.titles, self.n, self.at = {}, 0, 0 -- those that begin later; files; bytes so far
  end,
  -- From here on another file is written.
  begin = function(self, title)
    self:finish()
    self.n = self.n + 1
    local path = ("%s/%s%s"):format(self.folder, name_of(self.n, title), self.ending)
    self.box = self:addOutbox "sound"
    self.file = self.write(path)
    self:link({ self, self.box }, { self.file, "inbox" })
    self:addChildren(self.file)
  end,
  finish = function(self)
    if not self.file then return end
    local stop = self:addOutbox "last"
    self:link({ self, stop }, { self.file, "control" })
    self:send(kam.producerFinished(), stop)
    self.file = nil
  end,
  -- Some of the sound, in which titles may begin.
  put = function(self, bytes)
    while bytes ~= "" do
      local title = self.titles[1]
      if title and title.at <= self.at then
        table.remove(self.titles, 1)
        self:begin(title.title)
      else
        if not self.file then self:begin() end
        local n = title and math.min(title.at - self.at, #bytes) or #bytes
        self:send(bytes:sub(1, n), self.box)
        self.at, bytes = self.at + n, bytes:sub(n + 1)
      end
    end
  end,
  main = function(self)
    for box, m in self:messagesAny { "metadata", "inbox" } do
      if box == "metadata" then self.titles[#self.titles + 1] = m else self:put(m) end
    end
    self:finish()
  end,
  example = [[
kam.Graphline {
  FROM = kam.DataSource { { status = 200, headers = { ["icy-metaint"] = "4" }, more = true },
    "beep\1StreamTitle='A';boop\0bip", {} },
  DEMUX = kam.IcecastDemux(),
  WRITER = kam.IcecastStreamWriter { kam.FileWriter, ending = ".raw" },
  linkages = { "FROM -> DEMUX -> WRITER", "DEMUX.metadata -> WRITER.metadata" },
}:run()
kam.Pipeline { kam.FileReader "002 A.raw", kam.ConsoleEchoer() }:run()
--> boopbip
]],
}
