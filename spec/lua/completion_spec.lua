-- kam completion: what bash makes of it.
local kit = require "spec.lua.kit"
local place = require "spec.lua.place"

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

  it("is what fish offers", function()
    if select(3, here:run "command -v fish") ~= 0 then pending "needs fish" return end
    here:write("ask.fish", 'kam completion fish | source\ncomplete -C "kam doc Chunke"\n'
      .. 'complete -C "kam expl"\n')
    kit.has((here:run "HOME=$PWD fish ask.fish"), "Chunker", "explain")
  end)
end)
