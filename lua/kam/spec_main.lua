-- spec_main: busted wants to be started from a file of its own.
require "kam.spec".runner { standalone = false }
