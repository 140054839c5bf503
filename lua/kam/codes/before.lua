-- before: E0001 to E0019, of syntax, and E0140 to E0159, of names and of the script's own
-- lines: what is told before anything runs.

local words = require "kam.words"
local quoted = words.quoted

return function(define)

-- An entry of fixed words.
local function says(text)
  return function() return { message = text } end
end

define("E0001", "a line that Lua cannot read", {
  make = function(message) return { message = message } end,
  why = "The words are Lua's own: what stands in the line makes no sense there, or in the line before.",
  wrong = "local x = = 1", right = "local x = 1",
})

define("E0002", "a comma that is missing", {
  make = function(_, item, line)
    return { message = ("a comma is missing after %s on line %d"):format(item, line) }
  end,
  why = "The items of a table have commas between them, also when each has a line of its own.",
  wrong = 'local linkages = {\n  "A -> B"\n  "B -> C",\n}', right = 'local linkages = {\n  "A -> B",\n  "B -> C",\n}',
})

define("E0003", "an end that is missing", {
  make = function(_, what, line)
    return { message = ("an end is missing for the %s of line %d"):format(quoted(what), line) }
  end,
  why = "function, if, for, while and do go up to their end.",
  wrong = "if true then\n  print(1)", right = "if true then\n  print(1)\nend",
})

define("E0004", "a then or do that is missing", {
  make = function(_, word) return { message = ("the word %s is missing"):format(word) } end,
  why = "It is if … then, elseif … then, while … do, for … do.",
  wrong = "if 1 < 2\n  print(1)\nend", right = "if 1 < 2 then\n  print(1)\nend",
})

define("E0005", "a quote that is not closed", {
  make = says "a quote is not closed on this line",
  why = "A text in quotes ends on its line; [[ ]] goes over several.",
  wrong = 'print "abc', right = 'print "abc"',
})

define("E0006", "a bracket that is not closed, or never opened", {
  make = function(_, missing, token)
    return { message = missing and ("a %s is missing"):format(missing)
      or ("this %s closes nothing"):format(token or "bracket") }
  end,
  why = "Each ( has its ), each { its }, each [ its ].",
  wrong = "print((1 + 2)", right = "print((1 + 2))",
})

define("E0007", "a = where == is meant", {
  make = says "= gives a value to a name; to compare, write ==",
  why = "One = stores, two compare.",
  wrong = "local x = 1\nif x = 1 then print(x) end", right = "local x = 1\nif x == 1 then print(x) end",
})

define("E0008", "a != where ~= is meant", {
  make = says "Lua writes ~= for not equal",
  why = "Other languages write !=.",
  wrong = "local x = 1\nif x != 1 then print(x) end", right = "local x = 1\nif x ~= 1 then print(x) end",
})

define("E0009", "a += or ++, which Lua does not have", {
  make = function(_, sign) return { message = ("Lua has no %s"):format(sign) } end,
  why = "The name is written on both sides.",
  wrong = "local x = 1\nx += 1", right = "local x = 1\nx = x + 1",
})

define("E0010", "else if where elseif is meant", {
  make = says "else if begins another if, which needs an end of its own; one word is meant",
  why = "elseif goes on with the same if.",
  wrong = "local x = 1\nif x == 1 then print(1)\nelse if x == 2 then print(2)\nend",
  right = "local x = 1\nif x == 1 then print(1)\nelseif x == 2 then print(2)\nend",
})

define("E0011", "a function without parentheses", {
  make = says "a function has parentheses, also when it takes nothing",
  why = "In them stand the names of what it takes.",
  wrong = "local f = function print(1) end", right = "local f = function() print(1) end",
})

define("E0012", "a word that is misspelt, or a method that is not called", {
  make = function(_, object, name, best)
    if object then
      return { message = ("%s:%s is a call; it needs parentheses"):format(object, name) }
    end
    return { message = ("there is no word %s here; did you mean %s?"):format(quoted(name), quoted(best)) }
  end,
  why = "With : a method is called; a field is read with a dot.",
  wrong = "loacl x = 1", right = "local x = 1",
})

define("E0013", "a long text or comment that is not closed", {
  make = function(_, what) return { message = ("the long %s that begins here is not closed"):format(what) } end,
  why = "[[ goes on to ]].",
  wrong = "local t = [[abc", right = "local t = [[abc]]",
})

define("E0014", "a line that does nothing, or a loop that is none", {
  make = function(message)
    return { message = message:find "^break" and "break is only for loops"
      or message:find "or 'in'" and "for needs = or in" or "this line is no statement: something is missing in it" }
  end,
  why = "A statement gives a value to a name, calls something, or begins with a word of Lua.",
  wrong = "local x = 1\nx\n", right = "local x = 1\nprint(x)",
})

define("E0015", "a key that needs brackets", {
  make = function(_, key) return { message = ("the key %s is no plain name"):format(key) } end,
  why = 'A key that is not a plain name is written ["so"] = value.',
  wrong = 'local t = { "a" = 1 }', right = 'local t = { ["a"] = 1 }',
})

define("E0016", "an end too many", {
  make = says "this end closes nothing",
  why = "Each end belongs to a function, if, for, while or do.",
  wrong = "print(1) end", right = "print(1)",
})

define("E0017", "a word of another language", {
  make = function(_, word, other)
    return { message = other == "another name" and ("%s is a word of Lua and cannot be a name"):format(word)
      or ("Lua writes %s for %s"):format(other, word) }
  end,
  why = "Lua writes and, or, not; its own words cannot be names.",
  wrong = "local x = true && false", right = "local x = true and false",
})

define("E0018", "a link without quotes", {
  make = says "a link is a text: it stands in quotes",
  why = "Linkages are texts that Kamaelua reads.",
  wrong = "local linkages = { A -> B }", right = 'local linkages = { "A -> B" }',
})

define("E0019", "quotes of a word processor", {
  make = says "these quotes are not those of a program",
  why = "Texts copied from documents have curly quotes; a program's are straight.",
  wrong = "print(\u{201c}abc\u{201d})", right = 'print("abc")',
})

-- Methods of components, which a novice calls as if they were functions.
local methods = {}
for name in ("send trySend recv recvAny messages dataReady anyReady yield pause sleep ask addChildren"):gmatch "%a+" do
  methods[name] = true
end

define("E0140", "a name that nobody defines", {
  make = function(name, best, is_local)
    local hint = ""
    if name == "self" then
      return { message = 'there is no "self" here: it is the argument of main and of methods',
        mend = "main = function(self)", mark = name }
    elseif methods[name] then
      return { message = ("there is no %s in this script; components have a method of that name"):format(quoted(name)),
        mend = ("self:%s(…)"):format(name), mark = name }
    elseif best then
      hint = is_local and ("; there is a local %s"):format(quoted(best))
        or ("; did you mean %s?"):format(quoted(best))
    end
    return { message = ("there is no %s in this script%s"):format(quoted(name), hint), mend = best,
      mark = name }
  end,
  why = "A name that was given no value is nil, and a misspelt one is another name. One that may be missing is "
    .. "tested: if name then.",
  wrong = "local shout = 1\nprint(shuot)", right = "local shout = 1\nprint(shout)",
})

define("E0141", "kam without require", {
  make = function() return { message = "kam is nil here", mend = 'local kam = require "kam"', mark = "kam" } end,
  why = "A script names what it uses; only kam -e has kam from the start.",
  wrong = "kam.OneShot(1)", right = 'local kam = require "kam"',
})

define("E0150", "lines of the script that do not come to their end", {
  make = function(seconds)
    return { message = ("the script's own lines have run for %g s and come to no end: "):format(seconds)
      .. "check and graph wait no longer" }
  end,
  why = "To see what a script would run, check and graph run its own lines, with no input and no components. "
    .. "What goes on for ever belongs into a component.",
  wrong = "while true do end", right = "kam.main(function(self) while self:sleep(1) do end end):run()",
})

end
