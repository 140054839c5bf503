local kam = require "kam"

return kam.component "Carousel" {
  summary = "Makes a component for each message, one at a time.",
  doc = "For a message on `next` it calls its maker with it: a table is the table of options, anything "
    .. "else the first option. The component that is there is told to end now, and when it has ended the "
    .. "new one is made, with the Carousel's inbox and outbox as its own. When one ends by itself and no "
    .. 'message waits on `next`, "NEXT" is sent on `requestNext`. When one fails, the Carousel fails.',
  ends = "When what feeds `next` has ended and the last component too, or when told.",
  endsEarly = true,
  inboxes = {
    inbox = "what goes to the component that is there", next = "what to make the next one from",
    ended = "ends of its components",
  },
  outboxes = {
    outbox = "what the component sends",
    requestNext = { '"NEXT" when another one may come', optional = true },
  },
  options = {
    maker = { type = "maker", "a constructor, or a function that gives a component" },
    make1stRequest = { true, 'send "NEXT" before the first message has come' },
  },
  first = "maker",
  -- Makes the component for a message, and gives it the boxes.
  make = function(self, msg)
    local c = self.maker(msg)
    self:lend(c, true)
    self:watch(c, "ended")
    self:addChildren(c)
    return c
  end,
  main = function(self)
    local child, waiting
    if self.make1stRequest then self:send("NEXT", "requestNext") end
    while true do
      local box, msg
      if child then
        box, msg = self:recvAny { "ended", "next" }
        if not box then box, msg = "ended", self:recv "ended" end
      else
        box, msg = "next", self:recv "next"
      end
      if msg == nil then return end
      if box == "ended" then
        if not msg.ok then error(msg.error, 0) end
        child = waiting ~= nil and self:make(waiting) or nil
        waiting = nil
        if not child and not self:dataReady "next" then self:send("NEXT", "requestNext") end
      elseif child then
        waiting = msg
        child:stop()
      else
        child = self:make(msg)
      end
    end
  end,
  example = [[
kam.Graphline {
  LIST   = kam.Chooser { items = { "one", "two" } },
  PLAYER = kam.Carousel { function(name) return kam.DataSource { name, "!" } end, make1stRequest = false },
  OUT    = kam.ConsoleEchoer(),
  linkages = { "LIST -> PLAYER.next", "PLAYER.requestNext -> LIST", "PLAYER -> OUT" },
}:run()
--> one
--> !
--> two
--> !
]],
}
