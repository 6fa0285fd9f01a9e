/* The jobs of a workflow as a graph, as a time line and as a table. Everything that comes from outside becomes text, never markup. */
(function () {
  'use strict';

  var model = window.miniBuildWorkflow;
  var SVG = 'http://www.w3.org/2000/svg';
  var NODE = model.NODE;

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

  function svg(name, attributes) {
    var made = document.createElementNS(SVG, name);
    Object.keys(attributes || {}).forEach(function (key) { made.setAttribute(key, attributes[key]); });
    return made;
  }

  /** A shape for each state, so that nobody needs the colour. */
  var SHAPES = {
    PENDING: [['circle', { cx: 8, cy: 8, r: 6, 'stroke-dasharray': '2.5 2.2', class: 'wf-line-shape' }]],
    RUNNING: [
      ['circle', { cx: 8, cy: 8, r: 6, class: 'wf-line-shape wf-faint-shape' }],
      ['path', { d: 'M8 2a6 6 0 0 1 6 6', class: 'wf-line-shape wf-turning' }],
      ['circle', { cx: 8, cy: 8, r: 2.2, class: 'wf-full-shape' }]
    ],
    SUCCEEDED: [['circle', { cx: 8, cy: 8, r: 7, class: 'wf-full-shape' }], ['path', { d: 'M4.6 8.3l2.4 2.4 4.4-5', class: 'wf-mark-shape' }]],
    FAILED: [['path', { d: 'M5 1h6l4 4v6l-4 4H5l-4-4V5z', class: 'wf-full-shape' }], ['path', { d: 'M5.3 5.3l5.4 5.4M10.7 5.3l-5.4 5.4', class: 'wf-mark-shape' }]],
    SKIPPED: [['path', { d: 'M8 1.5L14.5 8 8 14.5 1.5 8z', class: 'wf-line-shape' }], ['path', { d: 'M6.5 5.5L9 8l-2.5 2.5', class: 'wf-line-shape' }]],
    CANCELLED: [['rect', { x: 1.5, y: 1.5, width: 13, height: 13, rx: 2, class: 'wf-full-shape' }], ['path', { d: 'M4.5 8h7', class: 'wf-mark-shape' }]],
    LOST: [['path', { d: 'M8 1.5L15 14H1z', class: 'wf-full-shape' }], ['path', { d: 'M8 5.5v4M8 11.5v.6', class: 'wf-mark-shape' }]]
  };

  function icon(state) {
    var made = svg('svg', { viewBox: '0 0 16 16', width: 16, height: 16, 'aria-hidden': 'true', class: 'wf-icon wf-' + state.toLowerCase() });
    (SHAPES[state] || SHAPES.PENDING).forEach(function (shape) { made.appendChild(svg(shape[0], shape[1])); });
    return made;
  }

  /** Puts the icon of a state into a place that may have one already. */
  function showIcon(place, state) {
    if (place.dataset.state !== state) {
      place.dataset.state = state;
      place.textContent = '';
      place.appendChild(icon(state));
    }
  }

  /**
   * What the views show.
   *
   * run: { plan, fold, needs, path (a set of the critical jobs), now(), lost, word(name), open(job) }
   */
  function stateOf(run, job) {
    return run.lost && model.isOpen(job.state) && job.state === 'RUNNING' ? 'LOST' : job.state;
  }

  /** How long a job ran or has been running; null before it began. */
  function ran(run, job) {
    if (job.started === 0) {
      return null;
    }
    if (job.ended > 0) {
      return job.ended - job.started;
    }
    return run.lost ? null : run.now() - job.started;
  }

  function time(run, job) {
    var millis = ran(run, job);
    return millis === null ? '' : model.span(millis);
  }

  function label(run, i) {
    var job = run.fold.jobs[i];
    var parts = [run.plan.jobs[i].name, run.word(stateOf(run, job).toLowerCase()), time(run, job)];
    if (run.path.has(i)) {
      parts.push(run.word('critical'));
    }
    return parts.filter(Boolean).join(', ');
  }

  /** The critical path in words. */
  function showPath(place, run) {
    var names = run.chain.map(function (i) { return run.plan.jobs[i].name; });
    var key = JSON.stringify(names);
    if (place.dataset.key !== key) {
      place.dataset.key = key;
      place.textContent = '';
      place.appendChild(element('b', '', run.word('critical')));
      place.appendChild(document.createTextNode(' ' + names.join(' → ')));
    }
  }

  // ---- the graph

  function Graph(root, run) {
    this.root = root;
    this.run = run;
    this.scale = 1;
    this.nodes = [];
    this.build();
  }

  Graph.prototype.build = function () {
    var self = this;
    var run = this.run;
    var place = model.layout(run.plan);
    this.place = place;
    this.root.textContent = '';
    var bar = element('div', 'wf-zoom');
    [['−', 'smaller', 0.8], ['+', 'larger', 1.25]].forEach(function (each) {
      var button = bar.appendChild(element('button', 'jenkins-button', each[0]));
      button.type = 'button';
      button.title = run.word(each[1]);
      button.setAttribute('aria-label', run.word(each[1]));
      button.addEventListener('click', function () { self.zoom(self.scale * each[2]); });
    });
    var fit = bar.appendChild(element('button', 'jenkins-button', run.word('fit')));
    fit.type = 'button';
    fit.addEventListener('click', function () { self.fit(0.15); });
    this.frame = element('div', 'wf-graph-frame');
    this.sheet = element('div', 'wf-graph-sheet');
    this.frame.appendChild(element('div', 'wf-graph-space')).appendChild(this.sheet);
    this.space = this.frame.firstChild;
    this.sheet.style.width = place.width + 'px';
    this.sheet.style.height = place.height + 'px';
    var lines = svg('svg', { width: place.width, height: place.height, 'aria-hidden': 'true', class: 'wf-edges' });
    this.edges = place.edges.map(function (edge) {
      var a = edge.points[0];
      var b = edge.points[1];
      var bend = Math.max(16, Math.min(60, (b.x - a.x) / 2));
      var path = svg('path', { d: 'M' + a.x + ' ' + a.y + 'C' + (a.x + bend) + ' ' + a.y + ' ' + (b.x - bend) + ' ' + b.y + ' ' + b.x + ' ' + b.y, class: 'wf-edge' });
      lines.appendChild(path);
      return path;
    });
    place.frames.forEach(function (frame) {
      var box = self.sheet.appendChild(element('div', 'wf-frame'));
      ['x', 'y', 'width', 'height'].forEach(function (each) {
        box.style[{ x: 'left', y: 'top' }[each] || each] = frame[each] + 'px';
      });
    });
    this.sheet.appendChild(lines);
    place.headers.forEach(function (header) {
      var head = element('div', 'wf-stage', header.name);
      head.style.left = header.x + 'px';
      head.style.width = (header.end - header.x) + 'px';
      head.title = header.name;
      self.sheet.appendChild(head);
    });
    this.sheet.setAttribute('role', 'group');
    this.sheet.setAttribute('aria-label', run.word('graph'));
    run.plan.jobs.forEach(function (job, i) { self.sheet.appendChild(self.node(job, i)); });
    this.root.appendChild(bar);
    this.root.appendChild(this.frame);
    if (run.plan.jobs.length > 0) {
      this.nodes[0].box.tabIndex = 0;
    }
    this.fit(0.6);
    this.update();
  };

  Graph.prototype.node = function (job, i) {
    var self = this;
    var at = this.place.nodes[i];
    var box = element('button', 'wf-node');
    box.type = 'button';
    box.tabIndex = -1;
    box.style.left = at.x + 'px';
    box.style.top = at.y + 'px';
    box.style.width = NODE.width + 'px';
    box.style.height = NODE.height + 'px';
    var shape = box.appendChild(element('span', 'wf-shape'));
    var texts = box.appendChild(element('span', 'wf-texts'));
    texts.appendChild(element('span', 'wf-name', job.name));
    var state = texts.appendChild(element('span', 'wf-quiet'));
    box.addEventListener('click', function () { self.run.open(i); });
    box.addEventListener('focus', function () { self.current(i); });
    box.addEventListener('keydown', function (event) { self.key(event, i); });
    this.nodes[i] = { box: box, shape: shape, state: state };
    return box;
  };

  /** Only one job is reached by the tabulator; arrows lead to the others. */
  Graph.prototype.current = function (i) {
    this.nodes.forEach(function (node, k) { node.box.tabIndex = k === i ? 0 : -1; });
  };

  Graph.prototype.key = function (event, i) {
    var nodes = this.place.nodes;
    var at = nodes[i];
    var better = function (test, cost) {
      var best = -1;
      nodes.forEach(function (node, k) {
        if (k !== i && test(node) && (best < 0 || cost(node) < cost(nodes[best]))) {
          best = k;
        }
      });
      return best;
    };
    var down = function (node) { return Math.abs(node.y - at.y); };
    var next = -1;
    switch (event.key) {
      case 'ArrowRight':
        next = better(function (node) { return node.x > at.x; }, function (node) { return (node.x - at.x) * 10 + down(node); });
        break;
      case 'ArrowLeft':
        next = better(function (node) { return node.x < at.x; }, function (node) { return (at.x - node.x) * 10 + down(node); });
        break;
      case 'ArrowDown':
        next = better(function (node) { return node.x === at.x && node.y > at.y; }, down);
        break;
      case 'ArrowUp':
        next = better(function (node) { return node.x === at.x && node.y < at.y; }, down);
        break;
      case 'Home':
        next = 0;
        break;
      case 'End':
        next = nodes.length - 1;
        break;
      default:
        return;
    }
    event.preventDefault();
    if (next >= 0) {
      this.nodes[next].box.focus();
    }
  };

  Graph.prototype.focus = function (i) {
    this.nodes[i].box.focus();
  };

  Graph.prototype.zoom = function (scale) {
    this.scale = Math.min(2, Math.max(0.15, scale));
    this.sheet.style.transform = 'scale(' + this.scale + ')';
    this.space.style.width = this.place.width * this.scale + 'px';
    this.space.style.height = this.place.height * this.scale + 'px';
  };

  /** As large as the page is wide, within bounds in which names are read. */
  Graph.prototype.fit = function (least) {
    var width = this.frame.clientWidth;
    this.zoom(width > 0 ? Math.min(1, Math.max(least, (width - 4) / this.place.width)) : 1);
  };

  Graph.prototype.update = function () {
    var run = this.run;
    this.nodes.forEach(function (node, i) {
      var job = run.fold.jobs[i];
      var state = stateOf(run, job);
      if (node.box.dataset.state !== state) {
        node.box.dataset.state = state;
        showIcon(node.shape, state);
      }
      node.box.classList.toggle('wf-critical', run.path.has(i));
      node.box.classList.toggle('wf-dim', !run.matches(i));
      node.box.classList.toggle('wf-chosen', run.chosen === i);
      var text = [run.word(state.toLowerCase()), time(run, job)].filter(Boolean).join(' · ');
      if (node.state.textContent !== text) {
        node.state.textContent = text;
        node.box.setAttribute('aria-label', label(run, i));
        node.box.title = label(run, i) + (job.text ? '\n' + job.text : '');
      }
    });
    var self = this;
    this.place.edges.forEach(function (edge, k) {
      var on = edge.from.some(function (each) { return run.path.has(each); }) && edge.to.some(function (each) { return run.path.has(each); });
      self.edges[k].setAttribute('class', on ? 'wf-edge wf-edge-critical' : 'wf-edge');
    });
  };

  // ---- the time line

  var LABELS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 86400];

  function TimeLine(root, run) {
    this.root = root;
    this.run = run;
    this.rows = [];
    this.build();
  }

  TimeLine.prototype.build = function () {
    var self = this;
    var run = this.run;
    this.root.textContent = '';
    this.axis = element('div', 'wf-axis');
    var head = element('div', 'wf-time-row wf-time-head');
    head.appendChild(element('span', 'wf-time-name', run.word('job')));
    head.appendChild(element('span', 'wf-time-agent', run.word('agent')));
    head.appendChild(this.axis);
    var frame = this.root.appendChild(element('div', 'wf-time-frame'));
    frame.appendChild(head);
    this.list = frame.appendChild(element('div'));
    run.plan.jobs.forEach(function (job, i) {
      var row = element('div', 'wf-time-row');
      var name = row.appendChild(element('button', 'wf-time-name wf-plain-button'));
      name.type = 'button';
      var shape = name.appendChild(element('span', 'wf-shape'));
      name.appendChild(element('span', 'wf-name', job.name));
      name.addEventListener('click', function () { run.open(i); });
      var agent = row.appendChild(element('span', 'wf-time-agent'));
      var track = row.appendChild(element('span', 'wf-track'));
      var wait = track.appendChild(element('span', 'wf-wait'));
      var bar = track.appendChild(element('span', 'wf-bar'));
      var words = track.appendChild(element('span', 'wf-bar-words'));
      self.rows[i] = { row: row, name: name, shape: shape, agent: agent, wait: wait, bar: bar, words: words };
      self.list.appendChild(row);
    });
    this.update();
  };

  TimeLine.prototype.update = function () {
    var run = this.run;
    var fold = run.fold;
    var begin = fold.started || fold.jobs.reduce(function (first, job) {
      var at = job.ready || job.started;
      return at > 0 && (first === 0 || at < first) ? at : first;
    }, 0);
    var last = fold.jobs.reduce(function (most, job) { return Math.max(most, job.ended, job.started, job.ready); }, fold.ended);
    var end = Math.max(begin + 1000, model.isOpen(fold.state) && !run.lost && begin > 0 ? Math.max(last, run.now()) : last);
    var whole = end - begin;
    this.axisOf(whole);
    var part = function (at) { return Math.max(0, Math.min(100, (at - begin) / whole * 100)); };
    var self = this;
    var order = this.rows.map(function (row, i) { return i; }).sort(function (a, b) {
      var first = function (i) { return fold.jobs[i].ready || fold.jobs[i].started || fold.jobs[i].ended || Infinity; };
      return (first(a) === first(b) ? 0 : first(a) - first(b)) || a - b;
    });
    order.forEach(function (i, k) {
      var row = self.rows[i];
      var job = fold.jobs[i];
      var state = stateOf(run, job);
      if (self.list.children[k] !== row.row) {
        self.list.insertBefore(row.row, self.list.children[k] || null);
      }
      showIcon(row.shape, state);
      row.row.dataset.state = state;
      row.row.classList.toggle('wf-dim', !run.matches(i));
      row.row.classList.toggle('wf-critical', run.path.has(i));
      row.agent.textContent = run.agent(job);
      row.agent.title = row.agent.textContent;
      var started = job.started || (job.ended && job.ready ? job.ended : 0);
      var until = started || (job.ready && model.isOpen(job.state) && !run.lost ? run.now() : 0);
      bar(row.wait, job.ready > 0 && until > 0, part(job.ready), part(until));
      var over = job.ended || (run.lost ? job.started : run.now());
      bar(row.bar, job.started > 0, part(job.started), part(over));
      var words = self.words(i, job, state);
      row.words.textContent = words;
      var edge = part(job.started > 0 ? over : until);
      // Behind the bar, or before it where there is no room behind.
      var left = edge > 60;
      row.words.style.left = left ? '' : edge + '%';
      row.words.style.right = left ? (100 - part(job.ready || job.started)) + '%' : '';
      row.words.hidden = words === '' || (left && part(job.ready || job.started) < 20);
      row.name.title = self.title(i, job, state);
      row.name.setAttribute('aria-label', row.name.title);
    });
  };

  function bar(node, shown, from, to) {
    node.hidden = !shown;
    if (shown) {
      node.style.left = from + '%';
      node.style.width = Math.max(0, to - from) + '%';
    }
  }

  TimeLine.prototype.words = function (i, job, state) {
    return job.started > 0 ? time(this.run, job) : state === 'PENDING' ? '' : this.run.word(state.toLowerCase());
  };

  /** Who waited for what and for how long. */
  TimeLine.prototype.title = function (i, job, state) {
    var run = this.run;
    var parts = [label(run, i)];
    var agent = run.agent(job);
    if (agent) {
      parts.push(run.word('agent') + ': ' + agent);
    }
    var after = model.blocker(run.plan, run.needs, run.fold.jobs, i);
    if (after >= 0) {
      parts.push(run.word('after') + ' ' + run.plan.jobs[after].name);
    }
    if (job.ready > 0 && job.started > 0) {
      parts.push(run.word('waited') + ' ' + model.span(job.started - job.ready));
    }
    if (job.text) {
      parts.push(job.text);
    }
    return parts.join(' · ');
  };

  TimeLine.prototype.axisOf = function (whole) {
    var seconds = whole / 1000;
    var step = LABELS.find(function (each) { return seconds / each <= 6; }) || 86400 * Math.ceil(seconds / 86400 / 6);
    var key = step + ' ' + Math.round(seconds);
    if (this.axis.dataset.key === key) {
      return;
    }
    this.axis.dataset.key = key;
    this.axis.textContent = '';
    for (var at = 0; at <= seconds * 0.97; at += step) {
      var mark = this.axis.appendChild(element('span', 'wf-tick', model.span(at * 1000)));
      mark.style.left = at / seconds * 100 + '%';
    }
  };

  // ---- the table

  function Table(root, run) {
    this.root = root;
    this.run = run;
    this.rows = [];
    this.build();
  }

  Table.prototype.build = function () {
    var run = this.run;
    this.root.textContent = '';
    var table = element('table', 'jenkins-table wf-table');
    var head = table.createTHead().insertRow();
    ['job', 'state', 'agent', 'needs', 'waiting', 'duration'].forEach(function (name) {
      var cell = element('th', '', run.word(name));
      cell.scope = 'col';
      head.appendChild(cell);
    });
    var body = table.createTBody();
    var self = this;
    run.plan.jobs.forEach(function (job, i) {
      var row = body.insertRow();
      var open = row.insertCell().appendChild(element('button', 'wf-plain-button wf-link', job.name));
      open.type = 'button';
      open.addEventListener('click', function () { run.open(i); });
      var state = row.insertCell();
      var shape = state.appendChild(element('span', 'wf-shape'));
      var word = state.appendChild(element('span'));
      self.rows[i] = { row: row, shape: shape, word: word, agent: row.insertCell() };
      row.insertCell().textContent = run.needs[i].map(function (need) { return run.plan.jobs[need].name; }).join(', ');
      self.rows[i].waiting = row.insertCell();
      self.rows[i].duration = row.insertCell();
    });
    var wide = element('div', 'wf-wide');
    wide.appendChild(table);
    this.root.appendChild(wide);
    this.update();
  };

  Table.prototype.update = function () {
    var run = this.run;
    this.rows.forEach(function (row, i) {
      var job = run.fold.jobs[i];
      var state = stateOf(run, job);
      showIcon(row.shape, state);
      row.row.hidden = !run.matches(i);
      row.word.textContent = ' ' + run.word(state.toLowerCase()) + (run.path.has(i) ? ' · ' + run.word('critical') : '');
      row.agent.textContent = run.agent(job);
      row.waiting.textContent = job.ready > 0 && job.started > 0 ? model.span(job.started - job.ready) : '';
      row.duration.textContent = time(run, job);
    });
  };

  model.element = element;
  model.icon = icon;
  model.showIcon = showIcon;
  model.stateOf = stateOf;
  model.ran = ran;
  model.time = time;
  model.showPath = showPath;
  model.Graph = Graph;
  model.TimeLine = TimeLine;
  model.Table = Table;
})();
