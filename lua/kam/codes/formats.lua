-- formats: E0650 to E0679, of bytes that are not what they should be.

return function(define)

-- What a component in C or Lua says by itself.
local function said(text) return { message = text } end

define("E0650", "compressed data that is damaged", {
  make = said, exit = 1,
  why = "The bytes are not what the compressor wrote: it is another format, or some were lost or changed. "
    .. "A file is read as bytes, not as lines.",
  wrong = 'kam.FileReader { "a.gz", lines = true }, kam.GzipDecompress()',
  right = 'kam.FileReader "a.gz", kam.GzipDecompress()',
})

define("E0651", "compressed data that ends too early", {
  make = said, exit = 1,
  why = "The last bytes are missing: the file was not written or sent whole. What came before them was sent on.",
  wrong = "", right = "",
})

define("E0652", "other bytes after compressed data", {
  make = said, exit = 1,
  why = "Only more of the same format may follow; all that was whole has been sent on.",
  wrong = "", right = "",
})

define("E0653", "compressed data that becomes too much", {
  make = said, exit = 1,
  why = "A few bytes can be made to become very many. The options limit and ratio say how many are expected.",
  wrong = "kam.GzipDecompress { limit = 10 }", right = "kam.GzipDecompress { limit = 1 << 30 }",
})

define("E0654", "a digest that the library does not allow", {
  make = said, exit = 1,
  why = "OpenSSL is set so that it refuses an old algorithm. Take a newer one.",
  wrong = 'kam.Hash "md5"', right = 'kam.Hash "sha256"',
})

define("E0655", "a text that is no base64", {
  make = said, exit = 1,
  why = "Only what an encoder writes is read: its characters, = at the end, no other bytes. Ends of lines "
    .. "are allowed by the option spaces, the letters for URLs by url.",
  wrong = "kam.Base64Decode()", right = "kam.Base64Decode { spaces = true }",
})

define("E0656", "a text that is not of hex digits", {
  make = said, exit = 1,
  why = "Two digits make a byte. Spaces and ends of lines are allowed by the option spaces.",
  wrong = "kam.HexDecode()", right = "kam.HexDecode { spaces = true }",
})

define("E0657", "a text that is no JSON", {
  make = said, exit = 1,
  why = "JSON is what RFC 8259 says: no comments, no comma before a bracket, names and strings in double quotes, "
    .. "each name once, UTF-8. Link the box error to go on after a wrong text. If texts come in pieces, as from "
    .. "a file, say stream = true.",
  wrong = 'kam.FileReader "a.json", kam.JSONDecode()', right = 'kam.FileReader "a.json", kam.JSONDecode { stream = true }',
})

define("E0658", "a text, record or frame that is too long", {
  make = said, exit = 1,
  why = "What comes from outside could go on for ever; the option limit says how long one may be.",
  wrong = "kam.JSONDecode { limit = 10 }", right = "kam.JSONDecode { limit = 1 << 20 }",
})

define("E0659", "a value that the format cannot say", {
  make = said, exit = 1,
  why = "A format has its own kinds of values. JSON has texts (UTF-8), numbers that are finite, true, false, null "
    .. "(kam.null), lists and tables with texts as keys. Put what does not fit into one of these first.",
  wrong = "{ [1] = 1, [3] = 3 }", right = "{ 1, kam.null, 3 }",
})

define("E0660", "a database that cannot be used", {
  make = said, exit = 1,
  why = "SQLite cannot open the file, or does not understand the sql; it says why. The tables have to be there "
    .. "when the component starts.",
  wrong = 'kam.SqliteQuery { "news.db", sql = "selct 1" }', right = 'kam.SqliteQuery { "news.db", sql = "select 1" }',
})

define("E0661", "parameters that do not fit the sql", {
  make = said, exit = 1,
  why = "A message holds one value for each parameter: a list for ?, a table for :name, a single value for the only "
    .. "one. kam.null is NULL; a list with nil in it has a hole.",
  wrong = "{ 1, nil, 3 }", right = "{ 1, kam.null, 3 }",
})

define("E0662", "a query that failed", {
  make = said, exit = 1,
  why = "SQLite says why: a value that must be unique is there already, the disk is full, another program writes for "
    .. "longer than the option timeout. Link the box error to go on after it.",
  wrong = '"insert into t values (?)"', right = '"insert or replace into t values (?)"',
})

end
