-- files: E0630 to E0649 and E0860 to E0869, of files, folders and other programs.

local function said(text) return { message = text } end

return function(define)

define("E0630", "a file that cannot be read", {
  make = said, exit = 1,
  why = "The operating system refused to open or to read it, and says why: it is not there, it is a "
    .. "folder, or you may not read it. Paths that do not begin with / are meant from the folder in "
    .. "which kam was started, not from the script's.",
  wrong = 'kam.Pipeline { kam.FileReader "b.txt", kam.ConsoleEchoer() }:run()',
  right = 'kam.Pipeline { kam.FileReader "a.txt", kam.ConsoleEchoer() }:run()',
})

define("E0631", "a file that cannot be written", {
  make = said, exit = 1,
  why = "The operating system refused to open it or took no more bytes, and says why: the folder is not "
    .. "there (mkdir = true makes it), you may not write there, or the disk is full. With atomic = true "
    .. "the old file is untouched; without, what had been written stays.",
  wrong = 'kam.Pipeline { kam.OneShot "x", kam.FileWriter "new/folder/out.txt" }:run()',
  right = 'kam.Pipeline { kam.OneShot "x", kam.FileWriter { "new/folder/out.txt", mkdir = true } }:run()',
})

define("E0632", "a line longer than the limit", {
  make = said, exit = 1,
  why = "A line has to be in memory as a whole, so there is a limit to it: the option limit. A file of "
    .. "bytes without lines is read in chunks.",
  wrong = 'kam.Pipeline { kam.FileReader { "a.txt", lines = true, limit = 4 }, kam.ConsoleEchoer() }:run()',
  right = 'kam.Pipeline { kam.FileReader { "a.txt", lines = true, limit = 100 }, kam.ConsoleEchoer() }:run()',
})

define("E0633", "a request that cannot be met", {
  make = said, exit = 1,
  why = "The component takes messages of one shape; its doc says which.",
  wrong = 'kam.Pipeline { kam.DataSource { 0 }, kam.PromptedFileReader "a.txt", kam.ConsoleEchoer() }:run()',
  right = 'kam.Pipeline { kam.DataSource { 10 }, kam.PromptedFileReader "a.txt", kam.ConsoleEchoer() }:run()',
})

define("E0634", "two options that exclude each other", {
  make = said, exit = 1,
  why = "An atomic file is written beside the old one and takes its place, so there is nothing to append to.",
  wrong = 'kam.Pipeline { kam.OneShot "x", kam.FileWriter { "a.log", mode = "append", atomic = true } }:run()',
  right = 'kam.Pipeline { kam.OneShot "x", kam.FileWriter { "a.log", mode = "append" } }:run()',
})

define("E0640", "a program that cannot be started", {
  make = said, exit = 1,
  why = "The operating system does not find it in PATH, or may not run it. A command line in one text is "
    .. "no program: give the words one by one, or let a shell cut it with shell = true.",
  wrong = 'kam.Pipeline { kam.UnixProcess { "sort -r" }, kam.ConsoleEchoer() }:run()',
  right = 'kam.Pipeline { kam.UnixProcess { "sort", "-r" }, kam.ConsoleEchoer() }:run()',
})

define("E0641", "a program that failed", {
  make = said, exit = 1,
  why = "A program tells by its exit status whether it did its work; 0 means yes. Who wants to deal with "
    .. "another one links the box status, and then it is no failure.",
  wrong = 'kam.Pipeline { kam.UnixProcess { "grep", "four", "a.txt" }, kam.ConsoleEchoer() }:run()',
  right = [[
    kam.Graphline {
      GREP = kam.UnixProcess { "grep", "four", "a.txt" }, OUT = kam.ConsoleEchoer(),
      linkages = { "GREP -> OUT", "GREP.status -> OUT" },
    }:run()
  ]],
})

define("E0860", "a folder that cannot be read", {
  make = said, exit = 1,
  why = "The operating system refused to open or to read it, and says why: it is not there, it is no folder, "
    .. "or you may not read it. A walk that shall go on past such a folder has its box error linked.",
  wrong = 'kam.Pipeline { kam.DirectoryWalk "no/such/folder", kam.ConsoleEchoer() }:run()',
  right = 'kam.Pipeline { kam.DirectoryWalk ".", kam.ConsoleEchoer() }:run()',
})

define("E0861", "a folder that cannot be watched", {
  make = said, exit = 1,
  why = "The operating system says why: it is not there, it is no folder, you may not read it, or the kernel "
    .. "has no more watches, of which each folder needs one: the file that the message names holds their "
    .. "number. A watch that shall go on without such a folder has its box error linked.",
  wrong = 'kam.Pipeline { kam.DirectoryWatch "no/such/folder", kam.Take(1), kam.ConsoleEchoer() }:run()',
  right = 'kam.Pipeline { kam.DirectoryWatch ".", kam.TTL { kam.ConsoleEchoer(), 0.1 } }:run()',
})

define("E0687", "a user or group that the system does not know", {
  make = said, exit = 1,
  why = "Privileges becomes the user that its option names, who must be in the system's table of users.",
  wrong = 'kam.Pipeline { kam.OneShot "ready", kam.Privileges "nobody-of-that-name", kam.ConsoleEchoer() }:run()',
  right = 'kam.Pipeline { kam.OneShot "ready", kam.Privileges(), kam.NullSink() }:run()',
})

define("E0688", "root that cannot be given up", {
  make = said, exit = 1,
  why = "Only root can become another user; a process that has root and cannot lose it must not go on as if it had. "
    .. "Start it as root, or as the user itself.",
  wrong = 'kam.Pipeline { kam.OneShot "go", kam.Privileges "nobody", kam.Privileges "root", kam.NullSink() }:run()',
  right = 'kam.Pipeline { kam.OneShot "ready", kam.Privileges(), kam.NullSink() }:run()',
})

end
