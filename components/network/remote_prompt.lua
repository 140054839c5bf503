local kam = require "kam"

return kam.component "RemotePrompt" {
  summary = "A prompt for who sends lines: each is run as Lua, in the living system.",
  doc = "What kam shows on a terminal is here for one who comes over a socket: expressions show their values, "
    .. "locals live on, what is not yet whole goes on in the next line, and print writes to who has sent it. "
    .. "Lines are run one after another, by a component, so that they may wait, and hold up the system if they "
    .. "do not give way. An error is told to who sent the line, and harms nothing else. Who sends lines can do "
    .. "all that this program can: PromptServer lets nobody in from another machine. A line that begins a request "
    .. "of HTTP ends it, so that no page in a browser can send any.",
  ends = "When its inbox has ended, or at the line exit.",
  effects = true,
  inboxes = { inbox = { "lines, as LineSplit gives them", kind = "line" } },
  outboxes = { outbox = { "what is shown, and the prompts", kind = "bytes" } },
  options = { greeting = { "kam   ? for help, exit to end", "the first line; \"\": none" } },
  main = function(self)
    local session, more = kam.promptSession { kam = kam, self = self }, false
    self:send((self.greeting ~= "" and self.greeting .. "\n" or "") .. "> ")
    for line in self:messages() do
      if line:find "^%u+ %S+ HTTP/%d" or not more and line:find "^%s*exit%s*$" then return end
      local text
      text, more = session:take(line)
      self:send(text .. (more and ">> " or "> "))
    end
  end,
  example = [[
kam.Pipeline {
  kam.DataSource { "local n = 20", "n * 2 + 2", "print(kam.show(kam.null))" },
  kam.RemotePrompt { greeting = "" },
  kam.Collate(), kam.map(table.concat), kam.ConsoleEchoer(),
}:run()
--> > > 42
--> > kam.null
--> >
]],
}
