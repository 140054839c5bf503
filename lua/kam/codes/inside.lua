-- inside: E03xx, of what a component does inside its main.

local core = require "kam.core"
local words = require "kam.words"
local quoted, name_of, full_name, box_names, did_you_mean, value_text =
  words.quoted, words.name_of, words.full_name, words.box_names, words.did_you_mean, words.value_text

return function(define)

define("E0301", "nil as a message", {
  make = function() return { message = "nil is no message; to send that there is nothing, send false or kam.null" } end,
  exit = 1, why = "A receiver could not tell it from the end.", wrong = "self:send(t.x)", right = "self:send(t.x or false)",
})

define("E0303", "waiting where Lua cannot yield", {
  make = function(name)
    return { message = ("%s cannot wait here: it is called from a function of C (table.sort, string.gsub, "
      .. "a metamethod or the like)"):format(name), mend = "collect the values first, and send them after" }
  end,
  exit = 1, why = "A call that may wait has to be able to give way, and C code in between cannot.",
  wrong = "table.sort(t, function(a, b) self:send(a) return a < b end)",
  right = "table.sort(t) for _, v in ipairs(t) do self:send(v) end",
})

define("E0304", "waiting in a coroutine of your own", {
  make = function(name)
    return { message = ("%s was called in a coroutine of your own, where it cannot wait; let it yield "
      .. "values, and %s in main"):format(name, name), mend = "for v in coroutine.wrap(f) do self:send(v) end" }
  end,
  exit = 1, why = "What it would wait for comes to main's own coroutine.", wrong = "coroutine.wrap(function() self:send(1) end)()",
  right = "for v in coroutine.wrap(f) do self:send(v) end",
})

define("E0305", "a method called with a dot", {
  make = function(name) return { message = ('%s was called with "."'):format(name), mark = "." .. name,
    mend = ("self:%s(…)"):format(name) } end,
  exit = 1, why = "A method needs its component, which the colon passes.", wrong = "self.send(x)", right = "self:send(x)",
})

define("E0306", "a method called outside main", {
  make = function(name) return { message = ("%s works only inside main of its own component; from outside use a handle")
    :format(name), mend = "kam.handle(c)" } end,
  exit = 1, why = "Only the component itself sends and takes.", wrong = "c:send(1)", right = "kam.handle(c):put(1)",
})

define("E0307", "an outbox that the component does not have", {
  make = function(c, box, call)
    if type(box) ~= "string" then
      return { message = ("%s: the box must be a string, got %s; a function that gave two values? keep the first")
        :format(call, value_text(box)), mend = 'self:send((s:gsub("a", "b")))' }
    end
    for _, name in ipairs(box_names(c)) do
      if name == box then
        return { message = ("%s is an inbox of %s: one takes from it; to send, name an outbox")
          :format(box, name_of(c)), mark = quoted(box), mend = "self:send(x)" }
      end
    end
    local hint, best = did_you_mean(box, box_names(c, true))
    return { message = ("%s has no outbox %s%s"):format(full_name(c), quoted(box), hint),
      mark = quoted(box), under = box, mend = best and quoted(best) }
  end,
  exit = 1, why = "Boxes are declared, or added with addOutbox.", wrong = 'self:send(x, "outbxo")', right = "self:send(x)",
})

define("E0308", "an inbox that the component does not have", {
  make = function(c, box, call)
    if type(box) ~= "string" then
      return { message = ('%s is not a box; for a time-out: %s("inbox", %s)'):format(tostring(box), call,
        tostring(box)) }
    end
    for _, name in ipairs(box_names(c, true)) do
      if name == box then
        return { message = ("%s is an outbox of %s: one sends to it; to read, name an inbox")
          :format(box, name_of(c)), mark = quoted(box), mend = ('self:%s "inbox"'):format(call) }
      end
    end
    local hint, best = did_you_mean(box, box_names(c))
    return { message = ("%s has no inbox %s%s"):format(full_name(c), quoted(box), hint),
      mark = quoted(box), under = box, mend = best and quoted(best) }
  end,
  exit = 1, why = "Boxes are declared, or added with addInbox.", wrong = 'self:recv "outbox"', right = 'self:recv "inbox"',
})

define("E0309", "an inbox that is passed on", {
  make = function(c, box)
    local to, to_box = core.sink(c, box, true)
    return { message = ("%s of %s is passed on to %s.%s: what comes there is not ours to take")
      :format(box, name_of(c), to and name_of(to) or "a child", to_box or "inbox") }
  end,
  exit = 1, why = "A message is delivered straight to the last box of a chain.", wrong = "", right = "",
})

define("E0310", "a time that makes no sense", {
  make = function(v) return { message = ("a time is a number of seconds from 0 on, got %s"):format(value_text(v)) } end,
  exit = 1, why = "Time does not run backwards.", wrong = "self:sleep(-1)", right = "self:sleep(1)",
})

define("E0311", "a message of a kind that the box does not take", {
  make = function(c, box, msg, to)
    return { message = ("%s sent %s to %s, and %s does not take that"):format(full_name(c),
      msg == nil and "a message" or value_text(msg), box, to and full_name(to) or "its receiver"),
      notes = to and { ("kam doc %s says what it takes"):format(select(2, name_of(to))) } or nil }
  end,
  exit = 1, why = "A box may say what kind of messages it takes.", wrong = "", right = "",
})

define("E0312", "a send that only the sender could make room for", {
  make = function(c, box)
    return { message = ("%s.%s leads back to %s's own inbox, which is full: only it could make room, and "
      .. "it would wait for ever"):format(name_of(c), box, name_of(c)) }
  end,
  exit = 1, why = "A component that waits for itself never goes on.", wrong = "", right = "",
})

define("E0313", "a buffer that was released", {
  make = function() return { message = "this buffer was released" } end, exit = 1,
  why = "release gives its memory back at once.", wrong = "", right = "",
})

define("E0314", "a standard box that cannot be removed", {
  make = function(c, box) return { message = ("%s of %s was declared, and only added boxes can be removed")
    :format(box, full_name(c)) } end,
  exit = 1, why = "", wrong = "", right = "",
})

define("E0315", "a name of a service that is none", {
  make = function(got) return { message = ("a service has a text as its name, got %s"):format(value_text(got)) } end,
  exit = 1, why = "Services are found by their names.",
  wrong = "kam.registerService(7, c)", right = 'kam.registerService("NAMES", c)',
})

define("E0316", "a name of a service that is taken", {
  make = function(name, c)
    return { message = ("the service %s is there already: %s"):format(quoted(name), full_name(c)), mark = name,
      mend = ("kam.deregisterService %s"):format(quoted(name)) }
  end,
  exit = 1, why = "A name leads to one inbox. It is free again when its component has ended.",
  wrong = 'kam.registerService("NAMES", a) kam.registerService("NAMES", b)',
  right = 'kam.registerService("NAMES", a) kam.registerService("OTHERS", b)',
})

define("E0317", "a service that is not there", {
  make = function(name, names)
    local hint, best = did_you_mean(name, names)
    return { message = ("there is no service %s%s"):format(quoted(name), hint), mark = name,
      mend = best and quoted(best),
      notes = { #names > 0 and "services: " .. table.concat(names, ", ") or "no service is registered" } }
  end,
  exit = 1, why = "A service is there from kam.registerService until its component ends.",
  wrong = 'self:ask("NAMSE", 1)', right = 'self:ask("NAMES", 1)',
})

define("E0318", "a second answer", {
  make = function(msg)
    return { message = ("the request %s has been answered already"):format((core.show { msg }):sub(3, -3)) }
  end,
  exit = 1, why = "A request is answered once.",
  wrong = "request:reply(1) request:reply(2)", right = "request:reply(1)",
})

define("E0319", "a question to a component whose answers go elsewhere", {
  make = function(c, to)
    return { message = ("cannot ask %s: what it sends goes to %s already"):format(full_name(c), full_name(to)),
      mend = "make one of its own to be asked" }
  end,
  exit = 1, why = "A component that knows nothing of requests can be asked if nobody else gets what it sends.",
  wrong = "", right = "",
})

define("E0320", "a question to a component that answers none", {
  make = function(c)
    return { message = ("%s answers no questions"):format(full_name(c)),
      mend = "ask one that takes requests, { msg =, reply() }, or sends one message for each" }
  end,
  exit = 1, why = "Requests are understood by components in Lua that call request:reply(value), and kam.map.",
  wrong = "self:ask(kam.ConsoleEchoer(), 1)", right = "self:ask(kam.map(f), 1)",
})

end
