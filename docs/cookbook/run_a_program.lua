-- Other programs: a filter between components, and an exit status that is dealt with.
local kam = require "kam"

-- The program and its arguments are a list; no shell reads them.
kam.Pipeline {
  kam.DataSource { "pear\n", "apple\n", "fig\n" },
  kam.UnixProcess { "sort", "-r" },
  kam.ConsoleEchoer { eol = "" },
}:run()
--> pear
--> fig
--> apple

-- grep says by its exit status that it found nothing. Without a link from `status` that would
-- be a failure, which names the program and the status.
kam.Graphline {
  TEXT = kam.DataSource { "apple\n", "fig\n" },
  GREP = kam.UnixProcess { "grep", "cherry" },
  REPORT = kam.map(function(status)
    return status.exit == 0 and "there are cherries" or "there are no cherries"
  end),
  FOUND = kam.NullSink(),
  OUT = kam.ConsoleEchoer(),
  linkages = { "TEXT -> GREP -> FOUND", "GREP.status -> REPORT -> OUT" },
}:run()
--> there are no cherries
