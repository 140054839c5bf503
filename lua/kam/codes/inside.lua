-- inside: E03xx, of what a component does inside its main.

local core = require "kam.core"
local words = require "kam.words"
local quoted, name_of, full_name, box_names, did_you_mean, value_text =
  words.quoted, words.name_of, words.full_name, words.box_names, words.did_you_mean, words.value_text

return function(define)

define("E0301", "nil as a message", {
  make = function() return { message = "nil is no message; to send that there is nothing, send false or kam.null" } end,
  exit = 1, why = "A receiver could not tell it from the end.",
  wrong = [[
    kam.Pipeline {
      kam.main(function(self)
        local t = { name = "Ann" }
        self:send(t.age)
      end),
      kam.ConsoleEchoer(),
    }:run()
  ]],
  right = [[
    kam.Pipeline {
      kam.main(function(self)
        local t = { name = "Ann" }
        self:send(t.age or false)
      end),
      kam.ConsoleEchoer(),
    }:run()
  ]],
})

define("E0303", "waiting where Lua cannot yield", {
  make = function(name)
    return { message = ("%s cannot wait here: it is called from a function of C (table.sort, string.gsub, "
      .. "a metamethod or the like)"):format(name), mend = "collect the values first, and send them after" }
  end,
  exit = 1, why = "A call that may wait has to be able to give way, and C code in between cannot.",
  wrong = [[
    kam.Pipeline {
      kam.main(function(self) string.gsub("a b", "%a", function(s) self:send(s) end) end),
      kam.ConsoleEchoer(),
    }:run()
  ]],
  right = [[
    kam.Pipeline {
      kam.main(function(self) for s in string.gmatch("a b", "%a") do self:send(s) end end),
      kam.ConsoleEchoer(),
    }:run()
  ]],
})

define("E0304", "waiting in a coroutine of your own", {
  make = function(name)
    return { message = ("%s was called in a coroutine of your own, where it cannot wait; let it yield "
      .. "values, and %s in main"):format(name, name), mend = "for v in coroutine.wrap(f) do self:send(v) end" }
  end,
  exit = 1, why = "What it would wait for comes to main's own coroutine.",
  wrong = [[
    kam.Pipeline {
      kam.main(function(self)
        local step = coroutine.wrap(function() for i = 1, 3 do self:send(i) end end)
        step()
      end),
      kam.ConsoleEchoer(),
    }:run()
  ]],
  right = [[
    kam.Pipeline {
      kam.main(function(self)
        local step = coroutine.wrap(function() for i = 1, 3 do coroutine.yield(i) end end)
        for i in step do self:send(i) end
      end),
      kam.ConsoleEchoer(),
    }:run()
  ]],
})

define("E0305", "a method called with a dot", {
  make = function(name) return { message = ('%s was called with "."'):format(name), mark = "." .. name,
    mend = ("self:%s(…)"):format(name) } end,
  exit = 1, why = "A method needs its component, which the colon passes.",
  wrong = 'kam.Pipeline { kam.main(function(self) self.send "x" end), kam.ConsoleEchoer() }:run()',
  right = 'kam.Pipeline { kam.main(function(self) self:send "x" end), kam.ConsoleEchoer() }:run()',
})

define("E0306", "a method called outside main", {
  make = function(name) return { message = ("%s works only inside main of its own component; from outside use a handle")
    :format(name), mend = "kam.handle(c)" } end,
  exit = 1, why = "Only the component itself sends and takes.",
  wrong = [[
    local up = kam.map(string.upper)
    up:send "x"
  ]],
  right = [[
    local up <close> = kam.handle(kam.map(string.upper))
    up:put "x"
    print(up:get())
  ]],
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
  exit = 1, why = "Boxes are declared, or added with addOutbox.",
  wrong = 'kam.Pipeline { kam.main(function(self) self:send("x", "outbxo") end), kam.ConsoleEchoer() }:run()',
  right = 'kam.Pipeline { kam.main(function(self) self:send("x", "outbox") end), kam.ConsoleEchoer() }:run()',
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
  exit = 1, why = "Boxes are declared, or added with addInbox.",
  wrong = 'kam.Pipeline { kam.OneShot "x", kam.main(function(self) print(self:recv "outbox") end) }:run()',
  right = 'kam.Pipeline { kam.OneShot "x", kam.main(function(self) print(self:recv "inbox") end) }:run()',
})

define("E0309", "an inbox that is passed on", {
  make = function(c, box)
    local to, to_box = core.sink(c, box, true)
    return { message = ("%s of %s is passed on to %s.%s: what comes there is not ours to take")
      :format(box, name_of(c), to and name_of(to) or "a child", to_box or "inbox") }
  end,
  exit = 1, why = "A message is delivered straight to the last box of a chain.",
  wrong = [[
    kam.Pipeline {
      kam.OneShot "x",
      kam.main(function(self)
        self:link({ self, "inbox" }, self:addChildren(kam.ConsoleEchoer()))
        print(self:recv())
      end),
    }:run()
  ]],
  right = [[
    kam.Pipeline {
      kam.OneShot "x",
      kam.main(function(self)
        self:link({ self, "inbox" }, self:addChildren(kam.ConsoleEchoer()))
      end),
    }:run()
  ]],
})

define("E0310", "a time that makes no sense", {
  make = function(v) return { message = ("a time is a number of seconds from 0 on, got %s"):format(value_text(v)) } end,
  exit = 1, why = "Time does not run backwards.",
  wrong = "kam.main(function(self) self:sleep(-1) end):run()",
  right = "kam.main(function(self) self:sleep(0.1) end):run()",
})

define("E0311", "a message of a kind that the box does not take", {
  make = function(c, box, msg, to)
    return { message = ("%s sent %s to %s, and %s does not take that"):format(full_name(c),
      msg == nil and "a message" or value_text(msg), box, to and full_name(to) or "its receiver"),
      notes = to and { ("kam doc %s says what it takes"):format(select(2, name_of(to))) } or nil }
  end,
  exit = 1, why = "A box may say what kind of messages it takes.",
  wrong = "kam.Pipeline { kam.DataSource { 12, 34 }, kam.Chunker { size = 2 }, kam.ConsoleEchoer() }:run()",
  right = 'kam.Pipeline { kam.DataSource { "12", "34" }, kam.Chunker { size = 2 }, kam.ConsoleEchoer() }:run()',
})

define("E0312", "a send that only the sender could make room for", {
  make = function(c, box)
    return { message = ("%s.%s leads back to %s's own inbox, which is full: only it could make room, and "
      .. "it would wait for ever"):format(name_of(c), box, name_of(c)) }
  end,
  exit = 1, why = "A component that waits for itself never goes on.",
  wrong = [[
    local Loop = kam.component "Loop" {
      main = function(self)
        self:link({ self, "outbox" }, { self, "inbox" })
        for i = 1, 1000 do self:send(i) end
      end,
    }
    Loop():run()
  ]],
  right = [[
    local Loop = kam.component "Loop" {
      main = function(self)
        self:link({ self, "outbox" }, { self, "inbox" })
        for i = 1, 1000 do
          self:send(i)
          self:recv()
        end
      end,
    }
    Loop():run()
  ]],
})

define("E0313", "a buffer that was released", {
  make = function() return { message = "this buffer was released" } end, exit = 1,
  why = "release gives its memory back at once.",
  wrong = [[
    local Sizes = kam.component "Sizes" {
      inboxes = { inbox = { "bytes", kind = "buffer" } },
      main = function(self)
        for bytes in self:messages() do
          bytes:release()
          self:send(#bytes)
        end
      end,
    }
    kam.Pipeline { kam.FileReader "a.txt", Sizes(), kam.ConsoleEchoer() }:run()
  ]],
  right = [[
    local Sizes = kam.component "Sizes" {
      inboxes = { inbox = { "bytes", kind = "buffer" } },
      main = function(self)
        for bytes in self:messages() do
          self:send(#bytes)
          bytes:release()
        end
      end,
    }
    kam.Pipeline { kam.FileReader "a.txt", Sizes(), kam.ConsoleEchoer() }:run()
  ]],
})

define("E0314", "a standard box that cannot be removed", {
  make = function(c, box) return { message = ("%s of %s was declared, and only added boxes can be removed")
    :format(box, full_name(c)) } end,
  exit = 1, why = "Boxes of the declaration are there as long as their component.",
  wrong = 'kam.main(function(self) self:removeInbox "inbox" end):run()',
  right = 'kam.main(function(self) self:removeInbox(self:addInbox "more") end):run()',
})

define("E0315", "a name of a service that is none", {
  make = function(got) return { message = ("a service has a text as its name, got %s"):format(value_text(got)) } end,
  exit = 1, why = "Services are found by their names.",
  wrong = [[
    kam.registerService(7, kam.map(string.upper):activate())
    kam.run()
  ]],
  right = [[
    kam.registerService("UPPER", kam.map(string.upper):activate())
    kam.stop()
    kam.run()
  ]],
})

define("E0316", "a name of a service that is taken", {
  make = function(name, c)
    return { message = ("the service %s is there already: %s"):format(quoted(name), full_name(c)), mark = name,
      mend = ("kam.deregisterService %s"):format(quoted(name)) }
  end,
  exit = 1, why = "A name leads to one inbox. It is free again when its component has ended.",
  wrong = [[
    kam.registerService("UPPER", kam.map(string.upper):activate())
    kam.registerService("UPPER", kam.map(string.lower):activate())
    kam.run()
  ]],
  right = [[
    kam.registerService("UPPER", kam.map(string.upper):activate())
    kam.registerService("LOWER", kam.map(string.lower):activate())
    kam.stop()
    kam.run()
  ]],
})

define("E0317", "a service that is not there", {
  make = function(name, names, ended, box)
    if ended then
      return { message = ("there is no service %s any more: %s has ended%s"):format(quoted(name), ended,
        box and "; if its clients come and go, its inbox has to be open" or ""), mark = name,
        mend = box and ('%s = { "…", open = true }'):format(box) or nil }
    end
    local hint, best = did_you_mean(name, names)
    return { message = ("there is no service %s%s"):format(quoted(name), hint), mark = name,
      mend = best and quoted(best),
      notes = { #names > 0 and "services: " .. table.concat(names, ", ") or "no service is registered" } }
  end,
  exit = 1, why = "A service is there from kam.registerService until its component ends.",
  wrong = [[
    kam.registerService("UPPER", kam.map(string.upper):activate())
    kam.main(function(self)
      print(self:ask("UPER", "x"))
      kam.stop()
    end):run()
  ]],
  right = [[
    kam.registerService("UPPER", kam.map(string.upper):activate())
    kam.main(function(self)
      print(self:ask("UPPER", "x"))
      kam.stop()
    end):run()
  ]],
})

define("E0318", "a second answer", {
  make = function(msg)
    return { message = ("the request %s has been answered already"):format((core.show { msg }):sub(3, -3)) }
  end,
  exit = 1, why = "A request is answered once.",
  wrong = [[
    local Twice = kam.component "Twice" {
      main = function(self)
        for request in self:messages() do
          request:reply(request.msg)
          request:reply(request.msg)
        end
      end,
    }
    kam.main(function(self) print(self:ask(self:addChildren(Twice()), 1)) end):run()
  ]],
  right = [[
    local Twice = kam.component "Twice" {
      main = function(self)
        for request in self:messages() do request:reply(2 * request.msg) end
      end,
    }
    kam.main(function(self) print(self:ask(self:addChildren(Twice()), 1)) end):run()
  ]],
})

define("E0319", "a question to a component whose answers go elsewhere", {
  make = function(c, to)
    return { message = ("cannot ask %s: what it sends goes to %s already"):format(full_name(c), full_name(to)),
      mend = "make one of its own to be asked" }
  end,
  exit = 1, why = "A component that knows nothing of requests can be asked if nobody else gets what it sends.",
  wrong = [[
    kam.main(function(self)
      local up, out = self:addChildren(kam.map(string.upper), kam.ConsoleEchoer())
      self:link(up, out)
      print(self:ask(up, "x"))
    end):run()
  ]],
  right = [[
    kam.main(function(self)
      local up = self:addChildren(kam.map(string.upper))
      print(self:ask(up, "x"))
    end):run()
  ]],
})

define("E0320", "a question to a component that answers none", {
  make = function(c)
    return { message = ("%s answers no questions"):format(full_name(c)),
      mend = "ask one that takes requests, { msg =, reply() }, or sends one message for each" }
  end,
  exit = 1, why = "Requests are understood by components in Lua that call request:reply(value), and kam.map.",
  wrong = 'kam.main(function(self) print(self:ask(self:addChildren(kam.ConsoleEchoer()), "x")) end):run()',
  right = 'kam.main(function(self) print(self:ask(self:addChildren(kam.map(string.upper)), "x")) end):run()',
})

end
