-- spec_output: busted's plain output, and one closing line for machines.
return function(options)
  local busted = require "busted"
  local handler = require "busted.outputHandlers.plainTerminal"(options)
  busted.subscribe({ "exit" }, function()
    io.write(("%d passed, %d failed%s\n"):format(handler.successesCount,
      handler.failuresCount + handler.errorsCount,
      handler.pendingsCount > 0 and (", %d skipped"):format(handler.pendingsCount) or ""))
    io.flush()
    return nil, true
  end, { priority = 999 })
  return handler
end
