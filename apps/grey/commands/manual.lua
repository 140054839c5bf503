-- manual: the man page, of which grey.8 is a copy.
local configuration = require "config"
local sections = require "keys"

local manual = { usage = { { "kam grey manual", "the man page; grey.8 is a copy of it" } } }

local head = [[
.TH GREY 8 "" Kamaelua "Grey"
.SH NAME
grey \- greylisting in front of a mail server
.SH SYNOPSIS
.B kam grey
.RB [ \-c
.IR FILE ]
.RI [ COMMAND ]
.SH DESCRIPTION
Grey talks SMTP with who sends mail to a mail server, and with that server. It defers, by a reply
that asks to try again later, what comes from a client network, a sender and to a recipient that it
does not know together; a mail server tries again, what sends spam mostly does not. What passes
goes on while its sender waits: a mail is answered by what the server answers, and never taken
before the server has taken it. Grey can also be asked by Postfix (check_policy_service).
.PP
Without a command it serves, until SIGTERM or SIGINT. SIGHUP has it read its configuration, and open
its log, again; with errors in that, it goes on with the old one. SIGUSR1 shows what it does.
.SH COMMANDS
]]

local tail = [[
.SH EXIT STATUS
0: done; 1: failed, or nothing was found; 2: wrong usage, or a configuration with which it does not
run; 143: ended by SIGTERM.
.SH SEE ALSO
.BR postfix (1),
.BR postgrey (8)
]]

local function plain(text)
  return (text:gsub("\\", "\\e"):gsub("%-", "\\-"):gsub("…", "..."):gsub("%f[^\n%z]([.'])", "\\&%1"))
end

-- The whole text.
function manual.text(commands)
  local out = { head }
  local function say(...) out[#out + 1] = table.concat({ ... }) .. "\n" end
  for _, command in ipairs(commands) do
    for _, line in ipairs(command.usage) do
      if line[1] ~= "" then
        say ".TP"
        say(".B ", plain(line[1]))
      end
      say(plain(line[2]), ".")
    end
  end
  say ".SH CONFIGURATION"
  say(plain("A file of lines key = value, and of lists: key: and items, one a line, indented. # begins a comment, "
    .. "include FILE brings in another file. Times have s, min, h, d or w, sizes KB or MB. The original Grey's "
    .. "greylist.conf is read unchanged. Of these the first that is there is read:"))
  for _, place in ipairs(configuration.places) do
    say ".br"
    say(".I ", plain(place))
  end
  for _, section in ipairs(sections) do
    say(".SS ", section.title)
    for _, key in ipairs(section) do
      say ".TP"
      say(".B ", plain(key.name))
      local default = tostring(type(key.default) == "boolean" and (key.default and "yes" or "no") or key.default)
      say(plain(key.doc), type(key.default) ~= "table" and default ~= ""
        and (" (%s)."):format(plain(default)) or ".")
    end
  end
  out[#out + 1] = tail
  return table.concat(out)
end

local names = { "run", "check", "sample", "list", "release", "whitelist", "delete", "stats", "dump", "import" }

function manual.main(words)
  if words[1] then
    io.stderr:write "error: manual takes no words\n"
    return 2
  end
  local commands = {}
  for i, name in ipairs(names) do
    local module = "commands." .. name
    commands[i] = require(module)
  end
  io.write(manual.text(commands))
end

return manual
