local kam = require "kam"

return kam.component "CartesianPingPong" {
  summary = "Sends the places of a ball that bounces about in a rectangle.",
  doc = "The ball begins at `x`, `y` and moves by `step` to the right and down each time; it turns "
    .. "round at `border` from each edge. By default 25 places are sent a second.",
  ends = "When told, or when its receiver has ended.",
  inboxes = { inbox = false },
  outboxes = { outbox = { "{ x, y }", kind = "table" } },
  options = {
    x = { type = "number", default = 0, doc = "where it begins" },
    y = { type = "number", default = 0, doc = "where it begins" },
    width = { type = "number", default = 100, doc = "of the rectangle", min = 0 },
    height = { type = "number", default = 100, doc = "of the rectangle", min = 0 },
    border = { type = "number", default = 0, doc = "how far from the edges it turns round", min = 0 },
    step = { type = "number", default = 10, doc = "how far it moves each time", min = 0 },
    seconds = { type = "number", default = 0.04, doc = "between two; 0: as fast as they are taken", min = 0 },
  },
  first = { "x", "y", "width", "height", "border" },
  init = function(self)
    for _, side in ipairs { "width", "height" } do
      if self[side] < 2 * self.border then
        error(("it has no room: its %s of %.14g is less than two borders"):format(side,
          self[side]), 0)
      end
    end
  end,
  example = [[
kam.Pipeline {
  kam.CartesianPingPong { width = 20, height = 30, seconds = 0 },
  kam.Take(4),
  kam.ConsoleEchoer(),
}:run()
--> { 0, 0 }
--> { 10, 10 }
--> { 20, 20 }
--> { 10, 30 }
]],
  -- The next place between low and high, and the direction.
  bounce = function(_, at, step, low, high)
    at = at + step
    if at > high then return math.max(low, 2 * high - at), -step end
    if at < low then return math.min(high, 2 * low - at), -step end
    return at, step
  end,
  main = function(self)
    local border = self.border
    local right, bottom = self.width - border, self.height - border
    local x = math.min(math.max(self.x, border), right)
    local y = math.min(math.max(self.y, border), bottom)
    local dx, dy = self.step, self.step
    while self:send { x, y } and self:sleep(self.seconds) do
      x, dx = self:bounce(x, dx, border, right)
      y, dy = self:bounce(y, dy, border, bottom)
    end
  end,
}
