-- prompt: E0730 to E0749, of what is typed at the prompt.

return function(define)

define("E0730", "a reader of the keyboard that runs beside the prompt", {
  make = function(name)
    return {
      message = ("%s cannot read the keyboard while the prompt does: run it with :run(), not with :activate()")
        :format(name),
      mend = ":run()",
    }
  end,
  exit = 1,
  why = "There is one keyboard. What :activate() starts goes on beside the prompt, which reads what you "
    .. "type. With :run() the system has the keyboard until it has ended, or until ^C stops it.",
  wrong = "kam.Pipeline { kam.ConsoleReader(), kam.FirstOnly(), kam.ConsoleEchoer() }:activate()",
  right = [[
    kam.Pipeline { kam.ConsoleReader(), kam.FirstOnly(), kam.ConsoleEchoer() }:run()
    hello
  ]],
})

define("E0731", "a field of a component that is set from outside", {
  make = function(name, field, best)
    local set = (":set { %s = … }"):format(best or field)
    return {
      message = ("%s.%s cannot be set from outside; its options are changed with %s"):format(name, field, set),
      mark = field, mend = set,
    }
  end,
  exit = 1,
  why = "A component's fields are its own: only its main writes them. Options are changed by set, which "
    .. "checks name and value as when the component was made.",
  wrong = [[
    tick = kam.PeriodicTick(60)
    kam.Pipeline { tick, kam.ConsoleEchoer() }:activate()
    tick.secnds = 9
  ]],
  right = [[
    tick = kam.PeriodicTick(60)
    kam.Pipeline { tick, kam.ConsoleEchoer() }:activate()
    tick:set { seconds = 9 }
  ]],
})

end
