-- A FIFO whose writer comes late.
local kam = require "kam"

local name = os.tmpname()
os.remove(name)
assert(os.execute(("mkfifo %s && (sleep 0.1; echo hello >%s) &"):format(name, name)))
assert(os.execute(("while ! test -p %s; do sleep 0.01; done"):format(name)))
kam.Pipeline { kam.FileReader { name, lines = true }, kam.ConsoleEchoer() }:run()
os.remove(name)

--> hello
