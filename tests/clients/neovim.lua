-- dot-lsp in Neovim's own language client: a broken file, an edit that mends it, a hover.
--
-- nvim --headless --clean -c "luafile tests/clients/neovim.lua"

local server = assert(os.getenv("DOT_BINARIES"), "`cargo xtask test --full` sets DOT_BINARIES") .. "/dot-lsp"
local folder = vim.fn.tempname()
vim.fn.mkdir(folder, "p")

-- The second dot is broken: `nmae` is no parameter. Lines are counted from 0.
local text = {
  "/// Greets.",
  'dot hello(name: string = "world") -> string { "Hello, {name}!" }',
  "",
  'dot shout(name: string) -> string { "{hello(nmae)}!!" }',
}

local function diagnostics()
  return vim.diagnostic.get(0)
end

-- Older Neovims keep the code where the protocol's own fields are.
local function code(diagnostic)
  return diagnostic.code or diagnostic.user_data.lsp.code
end

local function wait_for(what, holds)
  if not vim.wait(30000, holds, 20) then
    error("never " .. what .. ": " .. vim.inspect(diagnostics()))
  end
end

local function hover(line, column)
  local params = {
    textDocument = vim.lsp.util.make_text_document_params(0),
    position = { line = line, character = column },
  }
  local answers = assert(vim.lsp.buf_request_sync(0, "textDocument/hover", params, 30000))
  for _, answer in pairs(answers) do
    local contents = assert(answer.result, "no hover").contents
    return type(contents) == "table" and contents.value or contents
  end
  error("nobody answers")
end

local function run()
  local path = folder .. "/greet.dot"
  vim.fn.writefile(text, path)
  vim.cmd("edit " .. path)
  vim.bo.filetype = "dot"
  local client = assert(vim.lsp.start_client({ name = "dot-lsp", cmd = { server }, root_dir = folder }))
  vim.lsp.buf_attach_client(0, client)

  wait_for("told", function() return #diagnostics() == 1 end)
  local told = diagnostics()[1]
  assert(told.lnum == 3 and told.col == 44, "the wrong place: " .. vim.inspect(told))
  assert(code(told) == "unknown-name", "the wrong code: " .. vim.inspect(told))
  assert(told.message:find("nmae", 1, true), told.message)

  -- The signature and the doc comment, though the file is broken elsewhere.
  local shown = hover(1, 5)
  assert(shown:find("dot hello(name: string", 1, true), shown)
  assert(shown:find("Greets.", 1, true), shown)

  vim.api.nvim_buf_set_lines(0, 3, 4, false, { 'dot shout(name: string) -> string { "{hello(name)}!!" }' })
  wait_for("mended", function() return #diagnostics() == 0 end)
  assert(hover(3, 44):find("name: string", 1, true), hover(3, 44))

  vim.api.nvim_buf_set_lines(0, 1, 2, false, { 'dot hello(name: string = "world") -> string { "Hello, {name}!"' })
  wait_for("told of the bracket", function()
    local all = diagnostics()
    return #all == 1 and code(all[1]) == "unclosed-bracket" and all[1].lnum == 1
  end)
end

local ran, why = pcall(run)
vim.fn.delete(folder, "rf")
io.stdout:write(ran and "Neovim: diagnostics, an edit and hovers hold\n" or ("FAILED: " .. tostring(why) .. "\n"))
vim.cmd(ran and "qall!" or "cquit 1")
