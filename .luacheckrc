std = "lua54+busted"
exclude_files = { "spec/mistakes/[0-9]*.lua" } -- mistakes, on purpose
self = false
max_line_length = 115
-- texts for people, one error a few lines: broken up they would be harder to read
files["lua/kam/codes"].max_line_length = 140
-- a spec may open what it only closes, and go on after what never returns
files["spec"] = { max_line_length = 130, ignore = { "211", "241", "511", "512" } }
files["lua/kam/cli.lua"].globals = { "os" } -- what is printed is written before it exits
files["lua/kam/run.lua"].ignore = { "211/ends" } -- closed at the end of its block
files["docs/tutorial/miniaxon"].ignore = { "212" } -- what a hole does not yet use
