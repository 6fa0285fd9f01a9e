/*
 * Shows a run of Claude while it goes on and afterwards. Everything that comes from outside becomes text, never markup.
 * Events come as server-sent events; where those do not get through they are asked for every second. Both begin where the
 * other, or a lost connection, ended: the id of an event is the place behind it.
 */
(function () {
  'use strict';

  // Boxes in a chunk, and chunks in a block: what is far from what is seen is left out block by block when the page is drawn.
  var CHUNK = 40;
  var BLOCK = 25;
  var LONG_LINES = 15;
  var MOST_CHARACTERS = 20000;
  var ASK_MS = 1000;
  var MOST_FAILURES = 3;
  var PATCH_MS = 3000;
  var PATCH_TRIES = 3;

  var KINDS = {
    Read: 'read', Glob: 'read', Grep: 'read', LS: 'read', NotebookRead: 'read',
    Write: 'edit', Edit: 'edit', MultiEdit: 'edit', NotebookEdit: 'edit',
    Bash: 'run', BashOutput: 'run', KillShell: 'run'
  };

  /** What the command tells of itself all the time; it is among the raw events. */
  var CHATTER = ['status', 'thinking_tokens'];

  function element(name, kind, text) {
    var made = document.createElement(name);
    if (kind) {
      made.className = kind;
    }
    if (text !== undefined) {
      made.textContent = text;
    }
    return made;
  }

  function string(value) {
    return typeof value === 'string' ? value : value === undefined || value === null ? '' : JSON.stringify(value, null, 2);
  }

  function shortened(text) {
    return text.length <= MOST_CHARACTERS ? text : text.slice(0, MOST_CHARACTERS) + '\n… (' + (text.length - MOST_CHARACTERS) + ')';
  }

  /** The text of a tool's result, which is a string or a list of parts. */
  function resultText(content) {
    if (Array.isArray(content)) {
      return content.map(function (part) { return string(part.text !== undefined ? part.text : part); }).join('\n');
    }
    return string(content);
  }

  function Watch(root) {
    this.root = root;
    this.stream = root.querySelector('#claude-stream');
    this.follow = root.querySelector('#claude-follow');
    this.block = null;
    this.chunk = null;
    this.tools = new Map();
    this.turns = new Set();
    this.edited = new Map();
    this.complete = false;
    this.folder = '';
    this.place = 0;
    this.state = {};
    this.over = false;
    this.skew = 0;
  }

  Watch.prototype.word = function (name) {
    return this.root.getAttribute('data-word-' + name) || name;
  };

  // ---- events

  Watch.prototype.add = function (node) {
    if (!this.chunk || this.chunk.childElementCount >= CHUNK) {
      if (!this.block || this.block.childElementCount >= BLOCK) {
        this.block = this.stream.appendChild(element('div', 'claude-block'));
      }
      this.chunk = this.block.appendChild(element('div', 'claude-chunk'));
    }
    node.classList.add('claude-event');
    this.chunk.appendChild(node);
  };

  Watch.prototype.folded = function (title, text, open) {
    var box = element('details');
    box.open = Boolean(open);
    box.appendChild(element('summary', 'claude-quiet', title));
    box.appendChild(element('pre', '', shortened(text)));
    return box;
  };

  Watch.prototype.take = function (stored) {
    var event = stored.event === undefined ? { type: 'text', text: stored.text } : stored.event;
    var self = this;
    var message = event.message || {};
    switch (event.type) {
      case 'assistant':
        if (message.id && !event.parent_tool_use_id) {
          this.turns.add(message.id);
        }
        (message.content || []).forEach(function (part) { self.assistant(part); });
        break;
      case 'user':
        (Array.isArray(message.content) ? message.content : []).forEach(function (part) {
          if (part.type === 'tool_result') {
            self.result(part);
          }
        });
        break;
      case 'system':
        if (event.subtype === 'init') {
          this.add(element('div', 'claude-quiet', 'Claude Code ' + string(event.claude_code_version) + ' · ' + string(event.model)));
          this.root.querySelector('#claude-model').textContent = string(event.model);
          this.folder = event.cwd ? string(event.cwd) + '/' : '';
        } else if (!CHATTER.includes(event.subtype)) {
          this.add(this.folded(event.subtype || 'system', JSON.stringify(event, null, 2)));
        }
        break;
      case 'result':
        if (event.is_error || string(event.result) !== this.said) {
          this.add(element('div', event.is_error ? 'claude-message' : 'claude-said', string(event.result) || string(event.subtype)));
        }
        break;
      case 'mini-build':
        this.add(element('div', 'claude-quiet', '— ' + this.word(string(event.subtype)) + (event.message ? ': ' + event.message : '')));
        break;
      case 'stream_event':
        break;
      default:
        this.add(this.folded(this.word('other') + ' ' + string(event.type), JSON.stringify(event, null, 2)));
    }
  };

  Watch.prototype.assistant = function (part) {
    if (part.type === 'text') {
      this.said = string(part.text);
      this.add(element('div', 'claude-said', this.said));
    } else if (part.type === 'thinking' || part.type === 'redacted_thinking') {
      this.add(this.folded(this.word('thinking'), string(part.thinking)));
    } else if (part.type === 'tool_use') {
      this.tool(part);
    } else {
      this.add(this.folded(string(part.type), JSON.stringify(part, null, 2)));
    }
  };

  Watch.prototype.tool = function (call) {
    var input = call.input || {};
    var name = string(call.name);
    var box = element('div', 'claude-tool');
    box.dataset.kind = KINDS[name] || 'other';
    box.dataset.tool = name;
    var head = element('div', 'claude-head');
    head.appendChild(element('span', 'claude-kind', name));
    var what = input.file_path || input.notebook_path || input.command || input.pattern || input.path || input.description || '';
    head.appendChild(element('span', '', ' ' + this.local(string(what))));
    box.appendChild(head);
    if (name === 'Edit' && input.old_string !== undefined) {
      box.appendChild(edit(string(input.old_string), string(input.new_string)));
    } else if (name === 'MultiEdit' && Array.isArray(input.edits)) {
      input.edits.forEach(function (each) { box.appendChild(edit(string(each.old_string), string(each.new_string))); });
    } else if (name === 'Write') {
      box.appendChild(this.folded(this.word('content'), string(input.content)));
    } else if (!what) {
      box.appendChild(this.folded(this.word('content'), JSON.stringify(input, null, 2)));
    }
    this.tools.set(call.id, box);
    this.add(box);
    this.edits(name, input);
  };

  /** A path as people know it: without the folder in which the work goes on. */
  Watch.prototype.local = function (path) {
    return this.folder && path.startsWith(this.folder) ? path.slice(this.folder.length) : path;
  };

  /** Which files were edited, for the time before there is a patch. A call that is refused afterwards counts: the patch tells. */
  Watch.prototype.edits = function (name, input) {
    var path = input.file_path || input.notebook_path;
    if (!path || KINDS[name] !== 'edit') {
      return;
    }
    path = this.local(string(path));
    var lines = function (value) { return value ? string(value).replace(/\n$/, '').split('\n').length : 0; };
    var all = Array.isArray(input.edits) ? input.edits : [input];
    var file = this.edited.get(path) || { added: 0, deleted: 0 };
    all.forEach(function (each) {
      file.added += lines(each.new_string !== undefined ? each.new_string : each.content);
      file.deleted += lines(each.old_string);
    });
    this.edited.set(path, file);
    this.stale = true;
  };

  /** At most once a frame. */
  Watch.prototype.showEdits = function () {
    if (!this.stale || this.complete) {
      return;
    }
    this.stale = false;
    this.root.querySelector('#claude-count').textContent = '(' + this.edited.size + ')';
    var panel = this.root.querySelector('#claude-changes');
    panel.textContent = '';
    panel.appendChild(element('p', 'claude-quiet', this.edited.size + ' ' + this.word('files') + ' (' + this.word('sofar') + ')'));
    var list = element('ul', 'claude-files');
    this.edited.forEach(function (file, path) {
      var item = element('li', '', path + ' ');
      item.appendChild(element('span', 'claude-plus', '+' + file.added));
      item.appendChild(document.createTextNode(' '));
      item.appendChild(element('span', 'claude-minus', '-' + file.deleted));
      list.appendChild(item);
    });
    panel.appendChild(list);
  };

  Watch.prototype.result = function (part) {
    var box = this.tools.get(part.tool_use_id);
    this.tools.delete(part.tool_use_id);
    var text = resultText(part.content);
    // What a command said is read with it; what a file holds only by who asks for it.
    var open = text.split('\n').length <= LONG_LINES && (Boolean(part.is_error) || Boolean(box) && box.dataset.kind === 'run');
    var output = this.folded(this.word('output'), text, open);
    if (box) {
      box.dataset.failed = String(Boolean(part.is_error));
      if (text) {
        box.appendChild(output);
      }
    } else {
      this.add(output);
    }
  };

  function edit(before, after) {
    var pre = element('pre');
    before.split('\n').forEach(function (line) { pre.appendChild(element('div', 'claude-del', '- ' + line)); });
    after.split('\n').forEach(function (line) { pre.appendChild(element('div', 'claude-add', '+ ' + line)); });
    return pre;
  }

  Watch.prototype.scroll = function () {
    if (this.follow.checked && !this.stream.hidden) {
      window.scrollTo(0, document.documentElement.scrollHeight);
    }
  };

  // ---- state

  Watch.prototype.tell = function (state) {
    this.state = state;
    if (state.now) {
      this.skew = state.now - Date.now();
    }
    var badge = this.root.querySelector('#claude-state');
    badge.dataset.state = state.state;
    badge.dataset.kind = state.state === 'running' || state.state === 'done' ? '' : 'bad';
    badge.textContent = state.name || state.state;
    if (state.model) {
      this.root.querySelector('#claude-model').textContent = state.model;
    }
    var message = this.root.querySelector('#claude-message');
    message.hidden = !state.message;
    message.textContent = state.message || '';
    if (state.state !== 'running') {
      var cancel = document.getElementById('claude-cancel');
      if (cancel) {
        cancel.remove();
      }
    }
    this.tick();
  };

  Watch.prototype.tick = function () {
    var state = this.state;
    this.showEdits();
    var of = ' ' + this.word('of') + ' ';
    var turns = Math.max(state.turns || 0, this.turns.size);
    this.root.querySelector('#claude-turns').textContent =
      this.word('turns') + ' ' + turns + (state.maxTurns ? of + state.maxTurns : '');
    if (state.maxDollars) {
      this.root.querySelector('#claude-cost').textContent =
        this.word('cost') + ' $' + (state.dollars || 0).toFixed(2) + of + '$' + state.maxDollars.toFixed(2);
    }
    if (state.started) {
      var until = state.state === 'running' ? Date.now() + this.skew : state.millis;
      this.root.querySelector('#claude-elapsed').textContent =
        this.word('elapsed') + ' ' + span(until - state.started) + (state.maxMillis ? of + span(state.maxMillis) : '');
    }
  };

  function span(millis) {
    var seconds = Math.max(0, Math.round(millis / 1000));
    return Math.floor(seconds / 60) + ':' + String(seconds % 60).padStart(2, '0');
  }

  // ---- where it comes from

  Watch.prototype.connection = function (word) {
    this.root.querySelector('#claude-connection').textContent = this.over ? '' : word;
  };

  Watch.prototype.end = function () {
    this.over = true;
    this.connection('');
    this.changes();
  };

  Watch.prototype.listen = function () {
    var self = this;
    if (!window.EventSource) {
      self.ask();
      return;
    }
    var failures = 0;
    var pending = false;
    var source = new EventSource('stream?from=' + self.place);
    source.onopen = function () { self.connection(self.word('live')); };
    source.onmessage = function (event) {
      failures = 0;
      self.place = Number(event.lastEventId);
      self.take(JSON.parse(event.data));
      if (!pending) {
        pending = true;
        window.requestAnimationFrame(function () {
          pending = false;
          self.tick();
          self.scroll();
        });
      }
    };
    source.addEventListener('state', function (event) {
      failures = 0;
      self.tell(JSON.parse(event.data));
    });
    source.addEventListener('end', function () {
      source.close();
      self.end();
    });
    source.onerror = function () {
      failures++;
      if (source.readyState === EventSource.CLOSED || failures >= MOST_FAILURES) {
        source.close();
        self.ask();
      }
    };
  };

  Watch.prototype.ask = function () {
    var self = this;
    self.connection(self.word('polling'));
    fetch('events?from=' + self.place, { credentials: 'same-origin', cache: 'no-store' })
      .then(function (answer) {
        if (!answer.ok) {
          throw new Error(String(answer.status));
        }
        return answer.json();
      })
      .then(function (answer) {
        answer.events.forEach(function (event) { self.take(event); });
        self.place = Math.max(self.place, answer.end);
        self.tell(answer.state);
        self.scroll();
        if (answer.more) {
          self.ask();
        } else if (answer.state.state === 'running') {
          window.setTimeout(function () { self.ask(); }, ASK_MS);
        } else {
          self.end();
        }
      })
      .catch(function () {
        window.setTimeout(function () { self.ask(); }, 3 * ASK_MS);
      });
  };

  // ---- changes

  Watch.prototype.changes = function () {
    var self = this;
    var panel = self.root.querySelector('#claude-changes');
    if (!self.root.dataset.patch) {
      return;
    }
    fetch('state', { credentials: 'same-origin', cache: 'no-store' })
      .then(function (answer) { return answer.json(); })
      .then(function (state) {
        if (!state.kept) {
          self.awaitPatch(state.building);
          return;
        }
        // The controller reads the patch: one grammar for whoever looks at changes.
        return fetch('changes', { credentials: 'same-origin', cache: 'no-store' })
          .then(function (answer) {
            if (!answer.ok) {
              throw new Error(String(answer.status));
            }
            return answer.json();
          })
          .then(function (change) {
            self.complete = true;
            if (change.problem) {
              panel.textContent = '';
              panel.appendChild(element('p', 'claude-message', change.problem));
            } else {
              self.showChanges(panel, change.files);
            }
          });
      })
      .catch(function () { self.awaitPatch(true); });
  };

  /** The patch comes after the run, when the build has looked at what was changed: until the build ends, or as long after it as a restart takes. */
  Watch.prototype.awaitPatch = function (building) {
    var self = this;
    self.patience = building ? PATCH_TRIES : (self.patience === undefined ? PATCH_TRIES : self.patience) - 1;
    if (self.patience > 0) {
      window.setTimeout(function () { self.changes(); }, PATCH_MS);
    }
  };

  Watch.prototype.showChanges = function (panel, files) {
    var self = this;
    panel.textContent = '';
    self.root.querySelector('#claude-count').textContent = '(' + files.length + ')';
    panel.appendChild(element('p', '', files.length + ' ' + self.word('files')));
    var button = element('button', 'jenkins-button', self.word('side'));
    button.type = 'button';
    panel.appendChild(button);
    var side = false;
    var boxes = files.map(function (file) {
      var box = element('details');
      var title = element('summary', 'claude-head', file.name + '  ');
      title.appendChild(element('span', 'claude-quiet', file.words + '  '));
      if (!file.notShown) {
        title.appendChild(element('span', 'claude-plus', '+' + file.added));
        title.appendChild(document.createTextNode(' '));
        title.appendChild(element('span', 'claude-minus', '-' + file.deleted));
      }
      box.appendChild(title);
      if (file.notShown) {
        box.appendChild(element('p', 'claude-quiet', file.notShown));
      }
      box.addEventListener('toggle', function () { fill(box, file, side); });
      box.open = files.length <= 20;
      panel.appendChild(box);
      return { box: box, file: file };
    });
    button.addEventListener('click', function () {
      side = !side;
      button.textContent = self.word(side ? 'inline' : 'side');
      boxes.forEach(function (each) {
        if (each.box.open) {
          fill(each.box, each.file, side);
        }
      });
    });
  };

  function fill(box, file, side) {
    var shown = box.querySelector('table');
    if (!box.open || shown && shown.dataset.side === String(side)) {
      return;
    }
    if (shown) {
      shown.remove();
    }
    var table = element('table', 'claude-diff');
    table.dataset.side = String(side);
    var columns = table.appendChild(element('colgroup'));
    (side ? ['claude-narrow', '', 'claude-narrow', ''] : ['claude-narrow', 'claude-narrow', '']).forEach(function (kind) {
      columns.appendChild(element('col', kind));
    });
    file.hunks.forEach(function (hunk) {
      var row = table.insertRow();
      var cell = row.insertCell();
      cell.colSpan = side ? 4 : 3;
      cell.className = 'claude-hunk';
      cell.textContent = '@@ -' + hunk.before + ' +' + hunk.after + ' @@';
      if (side) {
        sideBySide(table, hunk);
      } else {
        inline(table, hunk);
      }
    });
    box.appendChild(table);
  }

  function number(row, value) {
    var cell = row.insertCell();
    cell.className = 'claude-line';
    cell.textContent = value || '';
  }

  /** A text is a string, or a list of strings and of marks, each a list with the name of a character that nobody sees. */
  function code(row, line, sign, kind) {
    var cell = row.insertCell();
    if (kind) {
      cell.className = kind;
    }
    if (!line) {
      return;
    }
    if (typeof line[1] === 'string') {
      colour(cell, sign + line[1]);
    } else {
      cell.appendChild(document.createTextNode(sign));
      line[1].forEach(function (piece) {
        if (typeof piece === 'string') {
          colour(cell, piece);
        } else {
          cell.appendChild(element('span', 'claude-mark', piece[0]));
        }
      });
    }
    if (line[2] === false) {
      cell.appendChild(element('span', 'claude-mark', 'no LF'));
    }
  }

  function inline(table, hunk) {
    var before = hunk.before;
    var after = hunk.after;
    hunk.lines.forEach(function (line) {
      var row = table.insertRow();
      var sign = line[0];
      number(row, sign === '+' ? '' : before++);
      number(row, sign === '-' ? '' : after++);
      code(row, line, sign, sign === '+' ? 'claude-add' : sign === '-' ? 'claude-del' : '');
    });
  }

  function sideBySide(table, hunk) {
    var before = hunk.before;
    var after = hunk.after;
    var i = 0;
    while (i < hunk.lines.length) {
      if (hunk.lines[i][0] === ' ') {
        var row = table.insertRow();
        number(row, before++);
        code(row, hunk.lines[i], '', '');
        number(row, after++);
        code(row, hunk.lines[i], '', '');
        i++;
        continue;
      }
      var gone = [];
      var come = [];
      while (i < hunk.lines.length && hunk.lines[i][0] !== ' ') {
        (hunk.lines[i][0] === '-' ? gone : come).push(hunk.lines[i]);
        i++;
      }
      for (var k = 0; k < Math.max(gone.length, come.length); k++) {
        var pair = table.insertRow();
        number(pair, k < gone.length ? before++ : '');
        code(pair, gone[k], '', k < gone.length ? 'claude-del' : '');
        number(pair, k < come.length ? after++ : '');
        code(pair, come[k], '', k < come.length ? 'claude-add' : '');
      }
    }
  }

  var TOKEN = new RegExp(
    '(//[^\\n]*|#(?!\\w{3,8}\\b)[^\\n]*|/\\*[^\\n]*?\\*/|<!--[^\\n]*?-->)' +
      '|("(?:[^"\\\\\\n]|\\\\.)*"|\'(?:[^\'\\\\\\n]|\\\\.)*\'|`(?:[^`\\\\\\n]|\\\\.)*`)' +
      '|\\b(abstract|async|await|boolean|break|case|catch|class|const|continue|def|default|delete|do|else|enum|export|extends|final|finally|for|from|function|if|implements|import|in|instanceof|int|interface|let|new|null|of|package|private|protected|public|return|static|super|switch|this|throw|throws|try|typeof|undefined|var|void|while|yield|true|false)\\b',
    'g');

  /** Comments, texts and words of the language: enough to read by, whatever the language. */
  function colour(cell, line) {
    if (line.length > 2000) {
      cell.textContent = line;
      return;
    }
    var at = 0;
    line.replace(TOKEN, function (all, comment, text, key, offset) {
      cell.appendChild(document.createTextNode(line.slice(at, offset)));
      cell.appendChild(element('span', comment ? 'claude-comment' : text ? 'claude-text' : 'claude-key', all));
      at = offset + all.length;
      return all;
    });
    cell.appendChild(document.createTextNode(line.slice(at)));
  }

  // ---- the page

  function tabs(root) {
    var buttons = root.querySelectorAll('[data-tab]');
    buttons.forEach(function (button) {
      button.addEventListener('click', function () {
        buttons.forEach(function (each) {
          var chosen = each === button;
          each.setAttribute('aria-selected', String(chosen));
          root.querySelector('#' + each.dataset.tab).hidden = !chosen;
        });
        var prompt = root.querySelector('#claude-prompt');
        if (button.dataset.tab === 'claude-prompt' && !prompt.dataset.loaded) {
          prompt.dataset.loaded = 'true';
          fetch('prompt', { credentials: 'same-origin' })
            .then(function (answer) { return answer.text(); })
            .then(function (text) { prompt.textContent = text; });
        }
      });
    });
  }

  function start() {
    var root = document.getElementById('claude-run');
    if (!root) {
      return;
    }
    var watch = new Watch(root);
    tabs(root);
    // Who scrolls up wants to read there.
    window.addEventListener('wheel', function (event) {
      if (event.deltaY < 0) {
        watch.follow.checked = false;
      }
    }, { passive: true });
    window.addEventListener('keydown', function (event) {
      if (['PageUp', 'ArrowUp', 'Home'].includes(event.key) || event.key === ' ' && event.shiftKey && event.target === document.body) {
        watch.follow.checked = false;
      }
    });
    window.addEventListener('touchmove', function () { watch.follow.checked = false; }, { passive: true });
    window.setInterval(function () { watch.tick(); }, 1000);
    watch.listen();
  }

  if (document.readyState === 'loading') {
    document.addEventListener('DOMContentLoaded', start);
  } else {
    start();
  }
})();
