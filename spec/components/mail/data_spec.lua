-- The text of a mail on the wire: see the program.
local program = require "spec.core.program"

describe("the text of a mail", function()
  it("is read and written as a reference does it, in any cut", function()
    program.passes("spec_smtp_data", "^spec_smtp_data: %d+ sequences are read and written$")
  end)
end)
