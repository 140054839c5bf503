-- The kernel's own specs, which are programs in C.
local program = require "spec.core.program"

describe("the kernel", function()
  it("is embedded in a C program by one header", function()
    local text, _, status = program.run "embed"
    assert.same("to \nbe \nor \nnot\n to\n be\n", text)
    assert.is_true(status)
  end)

  it("keeps every clause of boxes and links", function()
    program.passes("spec_box", "^spec_box: %d+ clauses hold$")
  end)

  it("keeps its invariants in random systems", function()
    program.passes("spec_random", "^spec_random: %d+ systems from seed 1 on kept all promises$")
  end)

  it("survives every refused allocation", function()
    program.passes("spec_oom", "^spec_oom: %d+ refused allocations in %d+ scenes did no harm$")
  end)

  it("fires timers as a plain table would", function()
    program.passes("spec_timer", "^spec_timer: %d+ operations, and %d+ timers fired in time$")
  end)

  it("reads from a tape what was written on it", function()
    program.passes("spec_tape", "^spec_tape: %d+ values came back$")
  end)
end)

describe("its benchmarks", function()
  for _, words in ipairs {
    { "bench_buffers", "counted" }, { "bench_timers", "random" }, { "bench_timers", "later" },
  } do
    it("print a result: " .. table.concat(words, " "), function()
      program.passes(words[1], "^RESULT cpu_ns=%d+ ops=%d+$", words[2], 10000)
    end)
  end
end)
