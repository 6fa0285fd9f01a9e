/*
 * The log of a step: of a million lines only those that are seen are on the page. Lines are asked for in blocks, and told while the step runs. Everything becomes text, never markup.
 */
(function () {
  'use strict';

  var model = window.miniBuildWorkflow;
  var element = model.element;

  var LINE = 20;
  /** Browsers cannot scroll further than some millions of pixels; of longer logs a pixel is more than a pixel. */
  var HIGHEST = 6000000;
  var BLOCK = 500;
  var KEPT = 20000;
  var MOST_FOUND = 5000;

  /**
   * root: where it is built; place: { job, step, name, live }; word: gives words; told: { link(line): the address of a line, went(): another line is marked }.
   */
  function LogView(root, place, word, told) {
    this.root = root;
    this.place = place;
    this.word = word;
    this.told = told;
    this.lines = new Map();
    this.size = { lines: 0, bytes: 0, open: false };
    this.asked = false;
    this.top = 0;
    this.target = 0;
    this.follow = Boolean(place.live);
    this.found = [];
    this.foundAll = true;
    this.search = null;
    this.searching = 0;
    this.closed = false;
    this.build();
    this.askSize();
  }

  LogView.prototype.query = function () {
    return 'job=' + this.place.job + '&step=' + this.place.step;
  };

  LogView.prototype.build = function () {
    var self = this;
    var word = this.word;
    this.root.textContent = '';
    var bar = element('div', 'wf-log-bar');
    var form = bar.appendChild(element('form', 'wf-log-search'));
    form.setAttribute('role', 'search');
    this.input = form.appendChild(element('input', 'jenkins-input'));
    this.input.type = 'search';
    this.input.placeholder = word('search');
    this.input.setAttribute('aria-label', word('search'));
    var regex = form.appendChild(element('label', 'wf-check'));
    this.regex = regex.appendChild(element('input'));
    this.regex.type = 'checkbox';
    regex.appendChild(document.createTextNode(' ' + word('regex')));
    this.back = button(form, '↑', word('previous'), function () { self.step(-1); });
    this.on = button(form, '↓', word('next'), function () { self.step(1); });
    this.count = form.appendChild(element('span', 'wf-quiet wf-count'));
    this.count.setAttribute('role', 'status');
    form.addEventListener('submit', function (event) {
      event.preventDefault();
      self.enter();
    });
    this.input.addEventListener('keydown', function (event) {
      if (event.key === 'Escape' && self.input.value !== '') {
        event.stopPropagation();
        self.input.value = '';
        self.clear();
      }
    });
    this.input.addEventListener('search', function () {
      if (self.input.value === '') {
        self.clear();
      }
    });
    var follow = bar.appendChild(element('label', 'wf-check wf-follow'));
    this.followBox = follow.appendChild(element('input'));
    this.followBox.type = 'checkbox';
    this.followBox.checked = this.follow;
    follow.appendChild(document.createTextNode(' ' + word('follow')));
    this.followBox.addEventListener('change', function () { self.setFollow(self.followBox.checked); });
    var load = bar.appendChild(element('a', 'jenkins-button', word('download')));
    load.href = 'log?' + this.query();
    this.frame = element('div', 'wf-log');
    this.frame.tabIndex = 0;
    this.frame.setAttribute('role', 'region');
    this.frame.setAttribute('aria-label', word('log') + ': ' + this.place.name);
    this.space = this.frame.appendChild(element('div', 'wf-log-space'));
    this.rows = this.space.appendChild(element('div', 'wf-log-rows'));
    this.frame.addEventListener('scroll', function () { self.scrolled(); });
    this.frame.addEventListener('wheel', function (event) { self.wheel(event); }, { passive: false });
    this.frame.addEventListener('keydown', function (event) { self.key(event); });
    this.problem = element('p', 'wf-quiet', word('loading'));
    this.root.appendChild(bar);
    this.root.appendChild(this.problem);
    this.root.appendChild(this.frame);
    this.frame.hidden = true;
    if (window.ResizeObserver) {
      this.observer = new ResizeObserver(function () { self.draw(); });
      this.observer.observe(this.frame);
    }
  };

  function button(parent, text, title, act) {
    var made = parent.appendChild(element('button', 'jenkins-button', text));
    made.type = 'button';
    made.title = title;
    made.setAttribute('aria-label', title);
    made.addEventListener('click', act);
    return made;
  }

  LogView.prototype.close = function () {
    this.closed = true;
    if (this.observer) {
      this.observer.disconnect();
    }
    this.root.textContent = '';
  };

  // ---- what is known

  LogView.prototype.askSize = function () {
    var self = this;
    get('lines?' + this.query() + '&from=1&count=1').then(function (answer) {
      self.grow(answer);
    }).catch(function (e) { self.trouble(e); });
  };

  LogView.prototype.trouble = function (e) {
    if (!this.closed && this.size.lines === 0) {
      this.problem.hidden = false;
      this.problem.textContent = this.word('unreachable') + ' ' + e.message;
    }
  };

  function get(address) {
    return fetch(address, { credentials: 'same-origin', cache: 'no-store' }).then(function (answer) {
      if (!answer.ok) {
        throw new Error(String(answer.status));
      }
      return answer.json();
    });
  }

  /** More of the log: its size, and lines that came with it. */
  LogView.prototype.grow = function (log) {
    if (this.closed || log.bytes < this.size.bytes) {
      return;
    }
    if (log.bytes > this.size.bytes && this.size.open) {
      // It had no end yet.
      this.lines.delete(this.size.lines);
    }
    var first = !this.asked;
    this.asked = true;
    this.size = { lines: log.lines, bytes: log.bytes, open: log.open };
    this.keep(log.told);
    this.problem.hidden = log.lines > 0;
    this.problem.textContent = this.word('empty');
    this.frame.hidden = log.lines === 0;
    if (first || this.pending) {
      this.pending = log.lines === 0 || (this.target > log.lines && this.place.live);
      if (this.target > 0) {
        this.reveal(this.target);
        return;
      }
      if (this.follow || this.place.atEnd) {
        this.scrollTo(Infinity);
        return;
      }
    }
    if (this.follow) {
      this.scrollTo(Infinity);
    } else {
      this.draw();
    }
  };

  LogView.prototype.keep = function (told) {
    var self = this;
    told.forEach(function (line) { self.lines.set(line[0], { text: line[1], cut: line[2] === 1 }); });
    if (this.lines.size > KEPT) {
      var middle = this.top;
      Array.from(this.lines.keys()).forEach(function (number) {
        if (Math.abs(number - middle) > KEPT / 4) {
          self.lines.delete(number);
        }
      });
    }
  };

  /** Asks for the first line that is missing, and those behind it. */
  LogView.prototype.need = function (from, to) {
    if (this.asking || this.closed) {
      return;
    }
    var number = from;
    while (number <= to && this.lines.has(number)) {
      number++;
    }
    if (number > to) {
      return;
    }
    var self = this;
    this.asking = true;
    get('lines?' + this.query() + '&from=' + Math.max(1, number - 20) + '&count=' + BLOCK).then(function (answer) {
      self.asking = false;
      // What the stream has told meanwhile is newer than the end of this answer.
      self.keep(answer.told.filter(function (line) { return !self.lines.has(line[0]) || line[0] < answer.lines; }));
      if (answer.bytes > self.size.bytes) {
        self.size = { lines: answer.lines, bytes: answer.bytes, open: answer.open };
      }
      if (!self.closed && answer.told.length > 0) {
        self.draw();
      }
    }).catch(function () {
      self.asking = false;
      window.setTimeout(function () { self.draw(); }, 2000);
    });
  };

  // ---- where it stands

  LogView.prototype.seen = function () {
    return Math.max(1, Math.floor(this.frame.clientHeight / LINE));
  };

  LogView.prototype.lowest = function () {
    // A line more, for the scroll bar below.
    return Math.max(0, this.size.lines + 1 - this.seen());
  };

  LogView.prototype.scaled = function () {
    return (this.size.lines + 1) * LINE > HIGHEST;
  };

  LogView.prototype.scrollTo = function (top) {
    this.top = Math.max(0, Math.min(this.lowest(), top));
    var height = Math.min(HIGHEST, (this.size.lines + 1) * LINE);
    this.space.style.height = height + 'px';
    var y = this.scaled() ? (this.lowest() === 0 ? 0 : this.top / this.lowest() * (height - this.frame.clientHeight)) : this.top * LINE;
    this.frame.scrollTop = y;
    this.own = this.frame.scrollTop;
    this.draw();
  };

  LogView.prototype.scrolled = function () {
    var y = this.frame.scrollTop;
    if (Math.abs(y - this.own) < 1) {
      this.draw();
      return;
    }
    this.own = y;
    var room = this.frame.scrollHeight - this.frame.clientHeight;
    this.top = this.scaled() ? (room <= 0 ? 0 : y / room * this.lowest()) : y / LINE;
    this.moved();
    this.draw();
  };

  LogView.prototype.wheel = function (event) {
    if (!this.scaled() || event.ctrlKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      return;
    }
    var lines = event.deltaMode === 1 ? event.deltaY : event.deltaMode === 2 ? event.deltaY * this.seen() : event.deltaY / LINE;
    if ((lines < 0 && this.top > 0) || (lines > 0 && this.top < this.lowest())) {
      event.preventDefault();
      this.scrollTo(this.top + lines);
      this.moved();
    }
  };

  LogView.prototype.key = function (event) {
    var by = { ArrowUp: -1, ArrowDown: 1, PageUp: 1 - this.seen(), PageDown: this.seen() - 1 }[event.key];
    var to = { Home: 0, End: Infinity }[event.key];
    if (event.target !== this.frame || event.ctrlKey || event.metaKey || event.altKey || (by === undefined && to === undefined)) {
      return;
    }
    event.preventDefault();
    this.scrollTo(by === undefined ? to : Math.round(this.top) + by);
    this.moved();
  };

  /** Who scrolls up wants to read there; who comes to the end wants to see what comes. */
  LogView.prototype.moved = function () {
    var end = this.top >= this.lowest() - 1;
    if (this.place.live && end !== this.follow) {
      this.follow = end;
      this.followBox.checked = end;
    }
  };

  LogView.prototype.setFollow = function (on) {
    this.follow = on;
    if (on) {
      this.scrollTo(Infinity);
    }
  };

  /** The step has ended: nothing is to be followed. */
  LogView.prototype.ended = function () {
    this.place.live = false;
  };

  /** Shows a line in the middle and marks it. */
  LogView.prototype.reveal = function (line) {
    this.target = line;
    this.follow = false;
    this.followBox.checked = false;
    this.scrollTo(line - 1 - Math.floor(this.seen() / 2));
  };

  // ---- how it looks

  LogView.prototype.draw = function () {
    if (this.closed || this.frame.hidden) {
      return;
    }
    var height = Math.min(HIGHEST, (this.size.lines + 1) * LINE);
    this.space.style.height = height + 'px';
    var first = Math.floor(this.top);
    var last = Math.min(this.size.lines, first + this.seen() + 2);
    this.rows.style.transform = 'translateY(' + (this.frame.scrollTop - (this.top - first) * LINE) + 'px)';
    this.frame.style.setProperty('--wf-lines', String(Math.min(1000, this.size.lines)));
    this.rows.style.setProperty('--wf-digits', String(this.size.lines).length + 'ch');
    var fragment = document.createDocumentFragment();
    for (var number = first + 1; number <= last; number++) {
      fragment.appendChild(this.row(number));
    }
    this.rows.textContent = '';
    this.rows.appendChild(fragment);
    this.need(Math.max(1, first - 100), Math.min(this.size.lines, last + 100));
  };

  LogView.prototype.row = function (number) {
    var row = element('div', 'wf-row');
    var link = row.appendChild(element('a', 'wf-number', String(number)));
    link.href = this.told.link(number);
    var log = this;
    link.addEventListener('click', function (event) {
      if (!event.ctrlKey && !event.metaKey && !event.shiftKey) {
        event.preventDefault();
        log.target = number;
        log.told.went();
        log.draw();
      }
    });
    // Only the log is reached by the tabulator, not each of its lines.
    link.tabIndex = -1;
    row.classList.toggle('wf-target', number === this.target);
    var text = row.appendChild(element('span', 'wf-text'));
    var line = this.lines.get(number);
    if (!line) {
      text.textContent = '…';
      text.classList.add('wf-quiet');
      return row;
    }
    var self = this;
    var pieces = model.ansi(line.text);
    var found = this.search && this.isFound(number);
    row.classList.toggle('wf-found', Boolean(found));
    pieces.forEach(function (piece) { self.piece(text, piece, found); });
    if (line.cut) {
      text.appendChild(element('span', 'wf-cut', this.word('cut')));
    }
    return row;
  };

  function colour(node, kind, value) {
    if (value === null) {
      return;
    }
    if (typeof value === 'number') {
      node.classList.add('wf-' + kind + '-' + value);
    } else {
      node.style[kind === 'fg' ? 'color' : 'backgroundColor'] = 'rgb(' + value.join(',') + ')';
    }
  }

  LogView.prototype.piece = function (parent, piece, found) {
    var style = piece.style;
    var node = element('span');
    ['bold', 'faint', 'italic', 'underline', 'strike', 'inverse'].forEach(function (each) {
      if (style[each]) {
        node.classList.add('wf-' + each);
      }
    });
    colour(node, 'fg', style.fg);
    colour(node, 'bg', style.bg);
    var literal = found && !this.search.regex ? this.search.text.toLowerCase() : '';
    var lower = literal ? piece.text.toLowerCase() : '';
    var at = 0;
    // A few letters change their length with their case; then the line as a whole is marked.
    if (literal && lower.length === piece.text.length) {
      for (var next = lower.indexOf(literal); next >= 0; next = lower.indexOf(literal, at)) {
        node.appendChild(document.createTextNode(piece.text.slice(at, next)));
        node.appendChild(element('mark', '', piece.text.slice(next, next + literal.length)));
        at = next + literal.length;
      }
    }
    node.appendChild(document.createTextNode(piece.text.slice(at)));
    parent.appendChild(node);
  };

  // ---- the search

  LogView.prototype.isFound = function (number) {
    var low = 0;
    var high = this.found.length;
    while (low < high) {
      var middle = (low + high) >> 1;
      if (this.found[middle] < number) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return this.found[low] === number;
  };

  LogView.prototype.clear = function () {
    this.searching++;
    this.search = null;
    this.found = [];
    this.count.textContent = '';
    this.draw();
  };

  /** The same text again leads to the next place, another one begins a search. */
  LogView.prototype.enter = function () {
    var text = this.input.value;
    if (text === '') {
      this.clear();
    } else if (this.search && this.search.text === text && this.search.regex === this.regex.checked) {
      this.step(1);
    } else {
      this.searching++;
      this.search = { text: text, regex: this.regex.checked };
      this.found = [];
      this.foundAll = false;
      this.current = -1;
      this.look(1, this.searching);
    }
  };

  LogView.prototype.look = function (from, turn) {
    var self = this;
    this.count.textContent = this.word('searching');
    get('find?' + this.query() + '&from=' + from + '&regex=' + this.search.regex + '&text=' + encodeURIComponent(this.search.text))
      .then(function (answer) {
        if (turn !== self.searching || self.closed) {
          return;
        }
        if (answer.problem) {
          self.search = null;
          self.count.textContent = answer.problem;
          return;
        }
        var none = self.found.length === 0;
        self.found = self.found.concat(answer.lines);
        self.foundAll = answer.over;
        if (none && self.found.length > 0) {
          self.current = self.found.findIndex(function (line) { return line > self.top; });
          self.current = self.current < 0 ? 0 : self.current;
          self.reveal(self.found[self.current]);
        }
        self.tell();
        if (!answer.over && self.found.length < MOST_FOUND) {
          self.look(answer.next, turn);
        } else {
          self.draw();
        }
      })
      .catch(function (e) {
        if (turn === self.searching) {
          self.count.textContent = self.word('unreachable') + ' ' + e.message;
        }
      });
  };

  LogView.prototype.tell = function () {
    var all = this.found.length + (this.foundAll ? '' : '+');
    this.count.textContent = this.found.length === 0
      ? this.word(this.foundAll ? 'nothing' : 'searching')
      : (this.current + 1) + ' ' + this.word('of') + ' ' + all;
  };

  LogView.prototype.step = function (by) {
    if (!this.search) {
      this.enter();
      return;
    }
    if (this.found.length > 0) {
      this.current = (this.current + by + this.found.length) % this.found.length;
      this.reveal(this.found[this.current]);
      this.tell();
    }
  };

  model.LogView = LogView;
  model.get = get;
})();
