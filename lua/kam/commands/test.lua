return {
  usage = { { "kam test [PATH]", "run specs on a virtual clock" } },
  takes = "words",
  main = function(words, cli) return require "kam.spec".run(cli.root, words) end,
}
