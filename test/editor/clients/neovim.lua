-- Neovim's own language client, without any plug-in, does what run.mjs asks and writes down what it saw.
--   nvim --headless --clean -c 'luafile neovim.lua'      with $MAILFLOW_REQUEST and $MAILFLOW_ANSWER
local request = vim.fn.json_decode(vim.fn.readfile(vim.env.MAILFLOW_REQUEST))
local patience = 10000

local function ask(buffer, method, params)
  local replies = assert(vim.lsp.buf_request_sync(buffer, method, params, patience), 'no answer to ' .. method)
  for _, reply in pairs(replies) do
    assert(not reply.err, method .. ': ' .. vim.inspect(reply.err))
    return reply.result
  end
end

-- Opens a file of the request's folder and has the client follow it; gives the buffer.
local function open(client, name, filetype)
  vim.cmd('edit ' .. vim.fn.fnameescape(request.folder .. '/' .. name))
  local buffer = vim.api.nvim_get_current_buf()
  vim.bo[buffer].filetype = filetype
  vim.lsp.buf_attach_client(buffer, client)
  return buffer
end

-- Neovim keeps what the server sent beside its own form of a diagnostic, all but the range.
local function asSent(diagnostic)
  return {
    range = {
      start = { line = diagnostic.lnum, character = diagnostic.col },
      ['end'] = { line = diagnostic.end_lnum, character = diagnostic.end_col },
    },
    severity = diagnostic.severity,
    code = diagnostic.code or diagnostic.user_data.lsp.code,
    source = diagnostic.source,
    message = diagnostic.message,
  }
end

local function hoverText(result)
  local lines = vim.lsp.util.convert_input_to_markdown_lines(result.contents)
  return vim.trim(table.concat(lines, '\n'))
end

local function run()
  local client = assert(vim.lsp.start_client({
    name = 'mailflow',
    cmd = request.command,
    root_dir = request.folder,
    flags = { debounce_text_changes = 10 },
  }))
  local amavis = open(client, 'amavisd.conf', 'amavisd')
  local function count()
    return #vim.diagnostic.get(amavis)
  end
  assert(vim.wait(patience, function() return count() > 0 end, 20), 'no diagnostics')
  local answer = { hovers = {} }
  answer.diagnostics = vim.tbl_map(asSent, vim.diagnostic.get(amavis))

  for _, hover in ipairs(request.hovers) do
    local buffer = open(client, hover.file, hover.filetype)
    local result = ask(buffer, 'textDocument/hover', {
      textDocument = vim.lsp.util.make_text_document_params(buffer),
      position = hover.position,
    })
    table.insert(answer.hovers, hoverText(assert(result, 'no hover at ' .. vim.inspect(hover))))
  end

  local first = answer.diagnostics[1]
  local actions = ask(amavis, 'textDocument/codeAction', {
    textDocument = vim.lsp.util.make_text_document_params(amavis),
    range = first.range,
    context = { diagnostics = { first }, only = { 'quickfix' } },
  })
  answer.actions = vim.tbl_map(function(action) return action.title end, actions)
  local chosen = assert(actions[1], 'no code action')
  if not chosen.edit then chosen = ask(amavis, 'codeAction/resolve', chosen) end
  vim.lsp.util.apply_workspace_edit(chosen.edit, 'utf-16')
  local master = vim.fn.bufadd(request.folder .. '/master.cf')
  answer.master = table.concat(vim.api.nvim_buf_get_lines(master, 0, -1, false), '\n') .. '\n'
  assert(vim.wait(patience, function() return count() == 0 end, 20), 'the finding stays after the fix')
  return answer
end

local ok, result = pcall(run)
local answer = ok and result or { problem = tostring(result) }
vim.fn.writefile({ vim.fn.json_encode(answer) }, vim.env.MAILFLOW_ANSWER)
vim.cmd('qall!')
