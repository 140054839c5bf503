-- formats: E0650 to E0679 and E0840 to E0859, of bytes that are not what they should be.

return function(define)

-- What a component in C or Lua says by itself.
local function said(text) return { message = text } end

define("E0650", "compressed data that is damaged", {
  make = said, exit = 1,
  why = "The bytes are not what the compressor wrote: it is another format, or some were lost or changed. "
    .. "A file is read as bytes, not as lines.",
  wrong = 'kam.Pipeline { kam.FileReader "a.txt", kam.GzipDecompress(), kam.ConsoleEchoer() }:run()',
  right = [[
    kam.Pipeline { kam.FileReader "a.txt", kam.GzipCompress(), kam.FileWriter "a.gz" }:run()
    kam.Pipeline { kam.FileReader "a.gz", kam.GzipDecompress(), kam.ConsoleEchoer() }:run()
  ]],
})

define("E0651", "compressed data that ends too early", {
  make = said, exit = 1,
  why = "The last bytes are missing: the file was not written or sent whole. What came before them was sent on.",
  wrong = [[
    kam.Pipeline { kam.FileReader "a.txt", kam.GzipCompress(), kam.FileWriter "a.gz" }:run()
    kam.Pipeline { kam.FileReader { "a.gz", bytes = 20 }, kam.GzipDecompress(), kam.ConsoleEchoer() }:run()
  ]],
  right = [[
    kam.Pipeline { kam.FileReader "a.txt", kam.GzipCompress(), kam.FileWriter "a.gz" }:run()
    kam.Pipeline { kam.FileReader "a.gz", kam.GzipDecompress(), kam.ConsoleEchoer() }:run()
  ]],
})

define("E0652", "other bytes after compressed data", {
  make = said, exit = 1,
  why = "Only more of the same format may follow; all that was whole has been sent on.",
  wrong = [[
    kam.Pipeline { kam.FileReader "a.txt", kam.GzipCompress(), kam.FileWriter "a.gz" }:run()
    kam.Pipeline { kam.OneShot "more", kam.FileWriter { "a.gz", mode = "append" } }:run()
    kam.Pipeline { kam.FileReader "a.gz", kam.GzipDecompress(), kam.ConsoleEchoer() }:run()
  ]],
  right = [[
    kam.Pipeline { kam.FileReader "a.txt", kam.GzipCompress(), kam.FileWriter "a.gz" }:run()
    kam.Pipeline { kam.OneShot "more", kam.GzipCompress(), kam.FileWriter { "a.gz", mode = "append" } }:run()
    kam.Pipeline { kam.FileReader "a.gz", kam.GzipDecompress(), kam.ConsoleEchoer() }:run()
  ]],
})

define("E0653", "compressed data that becomes too much", {
  make = said, exit = 1,
  why = "A few bytes can be made to become very many. The options limit and ratio say how many are expected.",
  wrong = [[
    kam.Pipeline {
      kam.FileReader "a.txt", kam.GzipCompress(), kam.GzipDecompress { limit = 5 }, kam.ConsoleEchoer(),
    }:run()
  ]],
  right = [[
    kam.Pipeline {
      kam.FileReader "a.txt", kam.GzipCompress(), kam.GzipDecompress { limit = 1000 }, kam.ConsoleEchoer(),
    }:run()
  ]],
})

define("E0654", "a digest that the library does not allow", {
  make = said, exit = 1,
  why = "OpenSSL is set so that it refuses an old algorithm. Take a newer one.",
  wrong = 'kam.Pipeline { kam.OneShot "x", kam.Hash "md5", kam.ConsoleEchoer() }:run()',
  right = 'kam.Pipeline { kam.OneShot "x", kam.Hash "sha256", kam.ConsoleEchoer() }:run()',
})

define("E0655", "a text that is no base64", {
  make = said, exit = 1,
  why = "Only what an encoder writes is read: its characters, = at the end, no other bytes. Ends of lines "
    .. "are allowed by the option spaces, the letters for URLs by url.",
  wrong = 'kam.Pipeline { kam.OneShot "aGVs bG8=", kam.Base64Decode(), kam.ConsoleEchoer() }:run()',
  right = 'kam.Pipeline { kam.OneShot "aGVs bG8=", kam.Base64Decode { spaces = true }, kam.ConsoleEchoer() }:run()',
})

define("E0656", "a text that is not of hex digits", {
  make = said, exit = 1,
  why = "Two digits make a byte. Spaces and ends of lines are allowed by the option spaces.",
  wrong = 'kam.Pipeline { kam.OneShot "6c 6f", kam.HexDecode(), kam.ConsoleEchoer() }:run()',
  right = 'kam.Pipeline { kam.OneShot "6c 6f", kam.HexDecode { spaces = true }, kam.ConsoleEchoer() }:run()',
})

define("E0657", "a text that is no JSON", {
  make = said, exit = 1,
  why = "JSON is what RFC 8259 says: no comments, no comma before a bracket, names and strings in double quotes, "
    .. "each name once, UTF-8. Link the box error to go on after a wrong text. If texts come in pieces, as from "
    .. "a file, say stream = true.",
  wrong = "kam.Pipeline { kam.DataSource { '{\"a\": [1,', ' 2]}' }, kam.JSONDecode(), kam.ConsoleEchoer() }:run()",
  right = [[
    kam.Pipeline {
      kam.DataSource { '{"a": [1,', ' 2]}' }, kam.JSONDecode { stream = true }, kam.ConsoleEchoer(),
    }:run()
  ]],
})

define("E0658", "a text, record or frame that is too long", {
  make = said, exit = 1,
  why = "What comes from outside could go on for ever; the option limit says how long one may be.",
  wrong = 'kam.Pipeline { kam.OneShot "[1, 2, 3]", kam.JSONDecode { limit = 5 }, kam.ConsoleEchoer() }:run()',
  right = 'kam.Pipeline { kam.OneShot "[1, 2, 3]", kam.JSONDecode { limit = 1000 }, kam.ConsoleEchoer() }:run()',
})

define("E0659", "a value that the format cannot say", {
  make = said, exit = 1,
  why = "A format has its own kinds of values. JSON has texts (UTF-8), numbers that are finite, true, false, null "
    .. "(kam.null), lists and tables with texts as keys. Put what does not fit into one of these first.",
  wrong = "kam.Pipeline { kam.DataSource { { 1, [3] = 3 } }, kam.JSONEncode(), kam.ConsoleEchoer() }:run()",
  right = "kam.Pipeline { kam.DataSource { { 1, kam.null, 3 } }, kam.JSONEncode(), kam.ConsoleEchoer() }:run()",
})

define("E0660", "a database that cannot be used", {
  make = said, exit = 1,
  why = "SQLite cannot open the file, or does not understand the sql; it says why. The tables have to be there "
    .. "when the component starts.",
  wrong = [[
    kam.Pipeline {
      kam.OneShot(1), kam.SqliteQuery { ":memory:", sql = "selct ? as n" }, kam.ConsoleEchoer(),
    }:run()
  ]],
  right = [[
    kam.Pipeline {
      kam.OneShot(1), kam.SqliteQuery { ":memory:", sql = "select ? as n" }, kam.ConsoleEchoer(),
    }:run()
  ]],
})

define("E0661", "parameters that do not fit the sql", {
  make = said, exit = 1,
  why = "A message holds one value for each parameter: a list for ?, a table for :name, a single value for the only "
    .. "one. kam.null is NULL; a list with nil in it has a hole.",
  wrong = [[
    kam.Pipeline {
      kam.DataSource { { 1 } }, kam.SqliteQuery { ":memory:", sql = "select ? as a, ? as b" }, kam.ConsoleEchoer(),
    }:run()
  ]],
  right = [[
    kam.Pipeline {
      kam.DataSource { { 1, kam.null } }, kam.SqliteQuery { ":memory:", sql = "select ? as a, ? as b" },
      kam.ConsoleEchoer(),
    }:run()
  ]],
})

define("E0662", "a query that failed", {
  make = said, exit = 1,
  why = "SQLite says why: a value that must be unique is there already, the disk is full, another program writes for "
    .. "longer than the option timeout. Link the box error to go on after it.",
  wrong = [[
    local create = kam.SqliteQuery { "n.db", sql = "create table if not exists t (n unique)" }
    kam.Pipeline { kam.DataSource { {} }, create }:run()
    local insert = kam.SqliteQuery { "n.db", sql = "insert into t values (?)" }
    kam.Pipeline { kam.DataSource { 1, 1 }, insert }:run()
  ]],
  right = [[
    local create = kam.SqliteQuery { "n.db", sql = "create table if not exists t (n unique)" }
    kam.Pipeline { kam.DataSource { {} }, create }:run()
    local insert = kam.SqliteQuery { "n.db", sql = "insert or replace into t values (?)" }
    kam.Pipeline { kam.DataSource { 1, 1 }, insert }:run()
  ]],
})

define("E0663", "a message that is no SQL", {
  make = said, exit = 1,
  why = "Each message for SqliteDatabase is a statement: a text, or a list of a text and its parameters; or it is "
    .. "a list of statements, one transaction. For one statement and many parameters there is SqliteQuery.",
  wrong = [[
    kam.Pipeline {
      kam.OneShot { msg = { sql = "select 1 as n" } }, kam.SqliteDatabase { ":memory:" }, kam.ConsoleEchoer(),
    }:run()
  ]],
  right = [[
    kam.Pipeline {
      kam.OneShot { msg = { "select ? as n", { 1 } } }, kam.SqliteDatabase { ":memory:" }, kam.ConsoleEchoer(),
    }:run()
  ]],
})

define("E0840", "a text that is no CSV", {
  make = said, exit = 1,
  why = "A field in quotes goes from its first character to the delimiter or the end of the line, and a quote within "
    .. "it stands twice (RFC 4180). The option delimiter says what is between two fields, lines whether each message "
    .. "is a line without its end.",
  wrong = "kam.Pipeline { kam.OneShot 'size;6\" by 4\"\\n', kam.CSVDecode(), kam.ConsoleEchoer() }:run()",
  right = "kam.Pipeline { kam.OneShot 'size;\"6\"\" by 4\"\"\"\\n', kam.CSVDecode { delimiter = \";\" }, kam.ConsoleEchoer() }:run()",
})

define("E0841", "a row that does not fit its columns", {
  make = said, exit = 1,
  why = "Where columns have names, each row has a field for each, and each name is there once. Link the box error of "
    .. "a CSVDecode to go on after such a row, or read lists: without header and columns.",
  wrong = [[
    kam.Pipeline {
      kam.OneShot "name,size\nAnn\n", kam.CSVDecode { header = true }, kam.ConsoleEchoer(),
    }:run()
  ]],
  right = "kam.Pipeline { kam.OneShot \"name,size\\nAnn\\n\", kam.CSVDecode(), kam.ConsoleEchoer() }:run()",
})

define("E0842", "a row that CSV cannot say", {
  make = said, exit = 1,
  why = "A row is a list, or a table by the names of the columns, of strings, numbers, true, false and kam.null, "
    .. "which is an empty field; a list with nil in it has a hole.",
  wrong = 'kam.Pipeline { kam.DataSource { { "Ann", nil, 3 } }, kam.CSVEncode(), kam.ConsoleEchoer() }:run()',
  right = 'kam.Pipeline { kam.DataSource { { "Ann", kam.null, 3 } }, kam.CSVEncode(), kam.ConsoleEchoer() }:run()',
})

define("E0845", "a document that is no XML", {
  make = said, exit = 1,
  why = "XML 1.0 has one element around all, a closing tag for each opening one, quotes around the values of "
    .. "attributes, and & and < only as &amp; and &lt;. HTML is often none.",
  wrong = 'kam.Pipeline { kam.OneShot "<br>Tom & Jerry", kam.XMLParser(), kam.ConsoleEchoer() }:run()',
  right = 'kam.Pipeline { kam.OneShot "<p><br/>Tom &amp; Jerry</p>", kam.XMLParser(), kam.ConsoleEchoer() }:run()',
})

define("E0846", "a document that is too deep", {
  make = said, exit = 1,
  why = "What comes from outside could go on for ever; the option depth says how many elements may be in one another.",
  wrong = 'kam.Pipeline { kam.OneShot "<a><b><c/></b></a>", kam.XMLParser { depth = 2 }, kam.ConsoleEchoer() }:run()',
  right = 'kam.Pipeline { kam.OneShot "<a><b><c/></b></a>", kam.XMLParser { depth = 3 }, kam.ConsoleEchoer() }:run()',
})

define("E0847", "a document with entities of its own", {
  make = said, exit = 1,
  why = "A few entities that are made of one another can become very much, and one that is elsewhere can be any file. "
    .. "The first are read when entities = true, up to a hundred times of what came; the others never are.",
  wrong = [[
    local text = '<!DOCTYPE p [<!ENTITY who "Ann">]><p>&who;</p>'
    kam.Pipeline { kam.OneShot(text), kam.XMLParser(), kam.ConsoleEchoer() }:run()
  ]],
  right = [[
    local text = '<!DOCTYPE p [<!ENTITY who "Ann">]><p>&who;</p>'
    kam.Pipeline { kam.OneShot(text), kam.XMLParser { entities = true }, kam.ConsoleEchoer() }:run()
  ]],
})

define("E0850", "bytes that no Marshaller has written", {
  make = said, exit = 1,
  why = "A DeMarshaller reads MessagePack, each value behind its length in 4 bytes, and nothing else: some bytes were "
    .. "lost, changed, or are of another format, or the values hold what there is not here.",
  wrong = "kam.Pipeline { kam.DataSource { 1, 2 }, kam.JSONEncode(), kam.DeMarshaller(), kam.ConsoleEchoer() }:run()",
  right = "kam.Pipeline { kam.DataSource { 1, 2 }, kam.Marshaller(), kam.DeMarshaller(), kam.ConsoleEchoer() }:run()",
})

end
