local kam = require "kam"

return kam.component "TestResult" {
  summary = "Fails when something other than a true value comes.",
  doc = "What comes is the result of a test: false or kam.null is an error that says which message it "
    .. "was, and makes the system fail. A Comparator before it makes a test of two streams.",
  ends = "When its inbox has ended.",
  inboxes = { inbox = "results: false is a failure" },
  outboxes = { outbox = false },
  example = [[
kam.Graphline {
  GOT = kam.DataSource { 1, 2 }, WANTED = kam.DataSource { 1, 2 },
  SAME = kam.Comparator(), TEST = kam.TestResult(),
  linkages = { "GOT -> SAME.inA", "WANTED -> SAME.inB", "SAME -> TEST" },
}:run()
]],
  main = function(self)
    local n = 0
    for msg in self:messages() do
      n = n + 1
      if not msg or msg == kam.null then error(("result %d is %s"):format(n, tostring(msg)), 0) end
    end
  end,
}
