-- Text: bytes into lines, lines into words, words counted; and commands with their words,
-- as programs send them to each other.
local kam = require "kam"

-- Bytes come in any cut, from a file, a program or a network; LineSplit makes lines of them.
kam.Pipeline {
  kam.DataSource { "the rain in Sp", "ain\nstays mai", "nly in the plain\n" },
  kam.LineSplit(),
  kam.map(function(line)
    local words = {}
    for word in line:gmatch "%a+" do words[#words + 1] = word:lower() end
    return words
  end),
  kam.Flatten(),
  kam.Fold { function(counts, word)
    counts[word] = (counts[word] or 0) + 1
    return counts
  end, from = {} },
  kam.ConsoleEchoer(),
}:run()

-- A token list is a line in which any text can be a word; it is read back as it was.
local command = { "SAY", "good morning", { "to", "Ann", "[all]" } }
kam.Pipeline {
  kam.DataSource { command }, kam.TokenlistsToLines(), kam.FileWriter { "commands.txt", lines = true },
}:run()
kam.Pipeline { kam.FileReader "commands.txt", kam.ConsoleEchoer { eol = "" } }:run()
kam.Pipeline {
  kam.FileReader { "commands.txt", lines = true }, kam.LinesToTokenlists(), kam.ConsoleEchoer(),
}:run()

--> { ["in"] = 2, mainly = 1, plain = 1, rain = 1, spain = 1, stays = 1, the = 2 }
--> SAY good%20morning [ to Ann %5ball%5d ]
--> { "SAY", "good morning", { "to", "Ann", "[all]" } }
