-- Worker threads and the watchdog; a file of its own, for the thread sanitizer.
local program = require "spec.core.program"

describe("what runs beside the loop", function()
  it("hands back its work, and watches, without a race", function()
    program.passes("spec_worker", "^spec_worker: %d+ scenes beside the loop went well$")
  end)
end)
