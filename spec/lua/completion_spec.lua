-- kam completion: what bash, zsh and fish make of it.
local kit = require "spec.lua.kit"
local place = require "spec.lua.place"
local terminal = require "spec.lua.terminal"

describe("kam completion bash", function()
  local here

  before_each(function() here = place.new() end)
  after_each(function() here:__close() end)

  -- What bash offers when the last of the words is being typed.
  local function offers(...)
    local words = { "kam", ... }
    for i, word in ipairs(words) do words[i] = ("'%s'"):format(word) end
    here:write("ask.bash", ('eval "$(kam completion bash)"\nCOMP_WORDS=(%s)\nCOMP_CWORD=%d\n_kam\n'
      .. 'printf "%%s\\n" "${COMPREPLY[@]}"\n'):format(table.concat(words, " "), #words - 1))
    local out, err, status = here:run "bash ask.bash"
    assert.equal("", err)
    assert.equal(0, status)
    return out
  end

  it("completes commands, and files", function()
    here:write("explore.lua", "")
    kit.has(offers "expl", "explain", "explore.lua")
  end)

  it("completes the names of components", function()
    assert.equal("Chunker\n", offers("doc", "Chunke"))
  end)

  it("completes codes and flags", function()
    assert.equal("E0205\n", offers("explain", "E0205"))
    assert.equal("--seed\n", offers("run", "--se"))
  end)

  it("completes applications", function()
    assert.equal("grey\n", offers "gre")
  end)

  it("completes a component after a pipe", function()
    assert.equal("ConsoleReader | Chunker\n", offers("run", "ConsoleReader | Chunke"))
  end)

  it("completes a component in a quote that is open, which the shell keeps", function()
    assert.equal("ConsoleReader | Chunker\n", offers("run", '"ConsoleReader | Chunke'))
  end)

  it("completes what a component may be given", function()
    assert.equal("ConsoleReader | Chunker size=\n", offers("run", "ConsoleReader | Chunker si"))
    assert.equal("size=\n", offers("run", "Chunker", "s"))
  end)

  it("completes after a flag with its value", function()
    assert.equal("Chunker\n", offers("--seed", "3", "doc", "Chunke"))
    assert.equal("explain\n", offers("--seed", "3", "expl"))
  end)

  it("completes files after a command that takes them", function()
    here:write("some/system.lua", "")
    assert.equal("some/system.lua\n", offers("graph", "some/s"))
  end)

  it("completes what is a command's own", function()
    assert.equal("--html\n", offers("doc", "--h"))
    assert.equal("--svg\n", offers("graph", "--s"))
    assert.equal("component\n", offers("new", "c"))
    assert.equal("bash\nfish\nzsh\n", offers("completion", ""))
  end)

  it("is refused for a shell that it does not know", function()
    local _, err, status = here:run "kam completion csh"
    assert.equal(2, status)
    kit.has(err, "bash")
  end)
end)

describe("kam completion", function()
  local here

  before_each(function() here = place.new() end)
  after_each(function() here:__close() end)

  for shell, command in pairs { bash = "bash -n", zsh = "zsh -n", fish = "fish --no-execute" } do
    it("is a text that " .. shell .. " can read", function()
      if select(3, here:run("command -v " .. shell)) ~= 0 then pending("needs " .. shell) return end
      local _, err, status = here:run(("kam completion %s >text && %s text"):format(shell, command))
      assert.equal("", err)
      assert.equal(0, status)
      kit.has(here:read "text", "Chunker", "seed", "explain", "E0205")
    end)
  end
end)

-- What is typed, and what stands there after Tab: in zsh, in fish.
local typed = {
  { "kam expl", "kam explain" },
  { "kam doc Chunke", "kam doc Chunker" },
  { "kam --seed 3 completion fi", "kam --seed 3 completion fish" },
  { "kam check --stri", "kam check --strict" },
  { "kam graph --merm", "kam graph --mermaid" },
  { "kam run Chunke", "kam run Chunker" },
  { "kam run Chunker si", "kam run Chunker size=" },
  { "kam run 'ConsoleReader | Chunke", "kam run 'ConsoleReader | Chunker" },
  { "kam run 'ConsoleReader | Chunker si", "kam run 'ConsoleReader | Chunker size=" },
  { 'kam run "Chunker size=3 | Chunker si', 'kam run "Chunker size=3 | Chunker size=' },
  { "kam run ConsoleReader \\| Chunker si", "kam run ConsoleReader \\| Chunker size=" },
  { "kam --seed 3 run 'Chunker si", "kam --seed 3 run 'Chunker size=" },
}

describe("kam completion zsh", function()
  it("completes on a terminal, a component's options in one line too", function()
    local here <close> = place.new()
    if select(3, here:run "command -v zsh") ~= 0 or not terminal.here() then pending "needs zsh and tmux" return end
    local t <close> = terminal.new(("cd '%s' && PATH=\"$PWD/bin:$PATH\" exec zsh -f"):format(here.folder))
    t:type "PS1='> '; autoload -U compinit; compinit -u -D; eval \"$(kam completion zsh)\"; clear; echo ready"
    t:press "Enter"
    t:wait "ready\n>"
    for _, one in ipairs(typed) do
      t:type(one[1])
      t:press "Tab"
      t:type "<" -- no completion comes after it
      t:wait(one[2])
      local line = t:wait("<"):match "> ([^\n]*)$"
      assert.equal(one[2], (line:gsub(" ?<$", "")))
      t:press("C-c", "C-l")
    end
  end)
end)

describe("kam completion fish", function()
  it("offers the same, a component's options in one line too", function()
    local here <close> = place.new()
    if select(3, here:run "command -v fish") ~= 0 then pending "needs fish" return end
    local asks = { "kam completion fish | source" }
    for _, one in ipairs(typed) do
      asks[#asks + 1] = ("complete -C %s; echo =="):format(terminal.quote(one[1]):gsub("'\\''", "\\'"))
    end
    here:write("ask.fish", table.concat(asks, "\n") .. "\n")
    local out, err = here:run "HOME=$PWD fish ask.fish"
    assert.equal("", err)
    local at = 0
    for offered in out:gmatch "(.-)==\n" do
      at = at + 1
      local word = typed[at][2]:match "[\"'](.*)$" or typed[at][2]:match "%S*$"
      kit.has("\n" .. offered, "\n" .. word)
    end
    assert.equal(#typed, at)
  end)
end)
