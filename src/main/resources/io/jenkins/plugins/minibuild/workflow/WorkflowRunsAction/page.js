/*
 * The page of a workflow: what happens comes as server-sent events; where those do not get through it is asked for every second. Both begin where the other, or a lost connection,
 * ended: the id of an event is the number of its entry in the journal. Everything that comes from outside becomes text, never markup.
 */
(function () {
  'use strict';

  var model = window.miniBuildWorkflow;
  var element = model.element;

  var ASK_MS = 1000;
  var MOST_FAILURES = 3;
  var LONGEST_OUTPUT = 2000;

  function Page(root, words) {
    this.root = root;
    this.words = words;
    this.over = false;
    this.lost = false;
    this.skew = 0;
    this.chosen = -1;
    this.chosenStep = -1;
    this.views = {};
    this.log = null;
    this.path = new Set();
    this.filter = '';
  }

  Page.prototype.word = function (name) {
    return this.words.getAttribute('data-word-' + name) || name;
  };

  Page.prototype.part = function (name) {
    return this.root.querySelector('#workflow-' + name);
  };

  Page.prototype.now = function () {
    return Date.now() + this.skew;
  };

  Page.prototype.agent = function (job) {
    return job.agent === null ? '' : job.agent === '' ? this.word('builtin') : job.agent;
  };

  /** Whether a job is one of those that are looked for. */
  Page.prototype.matches = function (i) {
    return this.filter === '' || this.plan.jobs[i].name.toLowerCase().includes(this.filter);
  };

  // ---- the beginning

  Page.prototype.start = function () {
    var self = this;
    model.get('plan').then(function (plan) {
      self.skew = plan.now - Date.now();
      self.mayCancel = plan.cancel;
      self.plan = plan;
      self.fold = new model.Fold(plan);
      self.needs = model.needsOf(plan);
      return self.load();
    }).then(function () {
      self.chain = model.criticalPath(self.plan, self.fold);
      self.path = new Set(self.chain);
      self.controls();
      self.show('graph');
      self.fromAddress();
      self.update();
      window.setInterval(function () { self.tick(); }, 1000);
      if (!self.over) {
        self.listen();
      }
      self.root.dataset.ready = 'true';
    }).catch(function (e) {
      self.part('text').hidden = false;
      self.part('text').textContent = self.word('unreachable') + ' ' + e.message;
    });
  };

  /** All that has happened so far. */
  Page.prototype.load = function () {
    var self = this;
    return model.get('events?after=' + this.fold.seq).then(function (answer) {
      self.take(answer);
      return answer.more ? self.load() : null;
    });
  };

  Page.prototype.take = function (answer) {
    var self = this;
    this.skew = answer.now - Date.now();
    answer.entries.forEach(function (entry) { self.fold.apply(entry); });
    if (!answer.more) {
      this.over = answer.over;
      this.lost = answer.lost;
    }
    if (answer.log) {
      this.grow(answer.log);
    }
  };

  Page.prototype.controls = function () {
    var self = this;
    var tabs = Array.from(this.root.querySelectorAll('[role="tab"]'));
    tabs.forEach(function (tab, i) {
      tab.addEventListener('click', function () { self.show(tab.dataset.view); });
      tab.addEventListener('keydown', function (event) {
        var by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (by) {
          var next = tabs[(i + by + tabs.length) % tabs.length];
          self.show(next.dataset.view);
          next.focus();
        }
      });
    });
    this.part('filter').addEventListener('input', function (event) {
      self.filter = event.target.value.trim().toLowerCase();
      self.update();
    });
    this.part('close').addEventListener('click', function () { self.closeJob(); });
    document.addEventListener('keydown', function (event) { self.key(event); });
    var cancel = this.part('cancel-job');
    cancel.addEventListener('click', function () { self.cancelJob(); });
  };

  Page.prototype.key = function (event) {
    var typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) || event.target.isContentEditable;
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) {
      return;
    }
    if (event.key === '/' && !typing) {
      event.preventDefault();
      (this.log ? this.log.input : this.part('filter')).focus();
    } else if (event.key === 'Escape' && this.chosen >= 0 && !document.querySelector('dialog[open]')) {
      this.closeJob();
    }
  };

  /** Shows one of the views. It is built when it is seen for the first time. */
  Page.prototype.show = function (name) {
    var self = this;
    this.root.querySelectorAll('[role="tab"]').forEach(function (tab) {
      var on = tab.dataset.view === name;
      tab.setAttribute('aria-selected', String(on));
      tab.tabIndex = on ? 0 : -1;
      self.part(tab.dataset.view).hidden = !on;
    });
    this.view = name;
    if (!this.views[name]) {
      this.views[name] = new model[{ graph: 'Graph', time: 'TimeLine', table: 'Table' }[name]](this.part(name), this);
    }
    this.views[name].update();
  };

  // ---- how it stands

  /** At most once a frame. */
  Page.prototype.soon = function () {
    var self = this;
    if (!this.pending) {
      this.pending = true;
      window.requestAnimationFrame(function () {
        self.pending = false;
        self.update();
      });
    }
  };

  Page.prototype.tick = function () {
    if (!this.over) {
      this.update();
    }
  };

  Page.prototype.update = function () {
    var fold = this.fold;
    this.chain = model.criticalPath(this.plan, fold);
    this.path = new Set(this.chain);
    var state = this.lost ? 'LOST' : fold.state;
    model.showIcon(this.part('icon'), state);
    var name = this.part('state');
    if (name.textContent !== this.word(state.toLowerCase())) {
      name.textContent = this.word(state.toLowerCase());
      name.dataset.state = state.toLowerCase();
    }
    var until = fold.ended || (this.over ? 0 : this.now());
    this.part('elapsed').textContent = fold.started && until ? model.span(until - fold.started) : '';
    this.counts();
    model.showPath(this.part('path'), this);
    var text = fold.text || (fold.stop ? fold.stop.text + (fold.stop.by ? ' (' + fold.stop.by + ')' : '') : '');
    this.part('text').hidden = text === '' && !this.lost;
    this.part('text').textContent = this.lost ? this.word('lostwhy') : text;
    if (!model.isOpen(fold.state) || this.over) {
      var cancel = document.getElementById('workflow-cancel');
      if (cancel) {
        cancel.remove();
      }
    }
    this.views[this.view].update();
    if (this.chosen >= 0) {
      this.showJob();
    }
  };

  Page.prototype.counts = function () {
    var self = this;
    var counts = {};
    this.fold.jobs.forEach(function (job) {
      var state = model.stateOf(self, job);
      counts[state] = (counts[state] || 0) + 1;
    });
    var key = JSON.stringify(counts);
    var place = this.part('counts');
    if (place.dataset.key === key) {
      return;
    }
    place.dataset.key = key;
    place.textContent = '';
    ['SUCCEEDED', 'FAILED', 'CANCELLED', 'LOST', 'RUNNING', 'SKIPPED', 'PENDING'].forEach(function (state) {
      if (counts[state]) {
        var item = place.appendChild(element('span', 'wf-count-of'));
        item.appendChild(model.icon(state));
        item.appendChild(document.createTextNode(' ' + counts[state] + ' ' + self.word(state.toLowerCase())));
      }
    });
  };

  // ---- a job

  Page.prototype.open = function (i) {
    this.openJob(i, -1, 0);
    this.part('job-name').focus();
  };

  /** The step that is looked at first: the one that failed, the one that runs, the last one that did anything. */
  Page.prototype.firstStep = function (i) {
    var steps = this.fold.jobs[i].steps;
    var find = function (test) {
      for (var k = steps.length - 1; k >= 0; k--) {
        if (test(steps[k])) {
          return k;
        }
      }
      return -1;
    };
    var first = steps.findIndex(function (step) { return step.state === 'FAILED'; });
    first = first >= 0 ? first : find(function (step) { return step.state === 'RUNNING'; });
    first = first >= 0 ? first : find(function (step) { return step.started > 0; });
    return first;
  };

  /**
   * Opens a job.
   *
   * step: -1 for the one that is of interest, line: 0 for none
   */
  Page.prototype.openJob = function (i, step, line) {
    if (this.chosen !== i) {
      this.closeLog();
      this.chosen = i;
      this.buildJob();
    }
    var at = step >= 0 ? step : this.firstStep(i);
    if (at >= 0) {
      this.openStep(at, line);
    } else {
      this.closeLog();
      this.setAddress();
      this.listenAgain();
    }
    this.update();
  };

  /** The address of a step or a line: in the query, not behind a #, so that it outlives the log-in page. */
  Page.prototype.address = function (step, line) {
    var query = new URLSearchParams({ job: this.plan.jobs[this.chosen].id });
    if (step >= 0) {
      query.set('step', step);
    }
    if (line > 0) {
      query.set('line', line);
    }
    return '?' + query;
  };

  Page.prototype.setAddress = function () {
    var address = this.chosen < 0 ? window.location.pathname : this.address(this.chosenStep, this.log ? this.log.target : 0);
    window.history.replaceState(null, '', address);
  };

  /** Opens what the address names; of a run that failed, what failed. */
  Page.prototype.fromAddress = function () {
    var query = new URLSearchParams(window.location.search);
    var number = function (name) { return /^[0-9]{1,12}$/.test(query.get(name) || '') ? Number(query.get(name)) : -1; };
    var i = this.plan.jobs.findIndex(function (job) { return job.id === query.get('job'); });
    if (i < 0) {
      var failed = this.fold.jobs.findIndex(function (job) { return job.state === 'FAILED'; });
      if (this.over && failed >= 0) {
        this.openJob(failed, -1, 0);
      }
      return;
    }
    var step = number('step') < this.plan.jobs[i].steps.length ? number('step') : -1;
    this.openJob(i, step, Math.max(0, number('line')));
    this.part('job').scrollIntoView();
  };

  Page.prototype.closeJob = function () {
    var i = this.chosen;
    this.closeLog();
    this.chosen = -1;
    this.chosenStep = -1;
    this.part('job').hidden = true;
    this.setAddress();
    this.listenAgain();
    this.update();
    if (this.view === 'graph') {
      this.views.graph.focus(i);
    } else {
      this.root.querySelector('[role="tab"][aria-selected="true"]').focus();
    }
  };

  Page.prototype.buildJob = function () {
    var self = this;
    var job = this.plan.jobs[this.chosen];
    this.chosenStep = -1;
    this.part('job').hidden = false;
    this.part('job-name').textContent = job.name;
    var list = this.part('steps');
    list.textContent = '';
    this.steps = job.steps.map(function (step, k) {
      var item = list.appendChild(element('li', 'wf-step'));
      var head = item.appendChild(element('button', 'wf-step-head wf-plain-button'));
      head.type = 'button';
      head.id = 'workflow-step-' + k;
      head.setAttribute('aria-expanded', 'false');
      head.appendChild(element('span', 'wf-fold'));
      var shape = head.appendChild(element('span', 'wf-shape'));
      head.appendChild(element('span', 'wf-name', step.name || step.uses || String(k + 1)));
      if (step.phase !== 'MAIN') {
        head.appendChild(element('span', 'wf-tag', self.word(step.phase.toLowerCase())));
      }
      if (step.uses || step.image) {
        head.appendChild(element('span', 'wf-tag', step.uses || step.image));
      }
      var facts = head.appendChild(element('span', 'wf-quiet wf-step-facts'));
      var text = item.appendChild(element('p', 'wf-problem'));
      text.hidden = true;
      var place = item.appendChild(element('div', 'wf-step-log'));
      place.id = 'workflow-log-' + k;
      place.hidden = true;
      head.setAttribute('aria-controls', place.id);
      head.addEventListener('click', function () {
        if (self.chosenStep === k) {
          self.closeLog();
          self.chosenStep = -1;
          self.setAddress();
          self.listenAgain();
        } else {
          self.openStep(k, 0);
        }
        self.showJob();
      });
      return { head: head, shape: shape, facts: facts, text: text, place: place };
    });
  };

  Page.prototype.showJob = function () {
    var self = this;
    var planned = this.plan.jobs[this.chosen];
    var job = this.fold.jobs[this.chosen];
    var state = model.stateOf(this, job);
    model.showIcon(this.part('job-icon'), state);
    var facts = [this.word(state.toLowerCase()), model.time(this, job)];
    if (job.attempt > 1) {
      facts.push(this.word('attempt') + ' ' + job.attempt);
    }
    if (this.agent(job)) {
      facts.push(this.word('agent') + ': ' + this.agent(job));
    }
    if (job.ready > 0 && job.started - job.ready >= 1000) {
      facts.push(this.word('waited') + ' ' + model.span(job.started - job.ready));
    }
    if (this.path.has(this.chosen)) {
      facts.push(this.word('critical'));
    }
    this.part('job-facts').textContent = facts.filter(Boolean).join(' · ');
    var text = job.text || (job.stop ? job.stop.text : '') || (state === 'PENDING' && planned.when ? planned.when : '');
    this.part('job-text').hidden = text === '';
    this.part('job-text').textContent = text;
    this.part('cancel-job').hidden = !(this.mayCancel && model.isOpen(job.state) && !this.over);
    this.steps.forEach(function (step, k) {
      var now = job.steps[k];
      var stepState = model.stateOf(self, now);
      model.showIcon(step.shape, stepState);
      var parts = [self.word(stepState.toLowerCase()), model.time(self, now)];
      if (now.attempt > 1) {
        parts.push(self.word('attempt') + ' ' + now.attempt);
      }
      if (now.exitCode !== null && now.exitCode !== 0) {
        parts.push(self.word('exit') + ' ' + now.exitCode);
      }
      step.facts.textContent = parts.filter(Boolean).join(' · ');
      step.text.hidden = now.text === '';
      step.text.textContent = now.text;
      step.head.setAttribute('aria-expanded', String(self.chosenStep === k));
    });
    if (this.log && !model.isOpen(job.steps[this.chosenStep].state)) {
      this.log.ended();
    }
    this.showOutputs(job);
  };

  Page.prototype.showOutputs = function (job) {
    var place = this.part('outputs');
    var key = JSON.stringify(Array.from(job.outputs));
    if (place.dataset.key === key) {
      return;
    }
    place.dataset.key = key;
    this.part('outputs-box').hidden = job.outputs.size === 0;
    place.textContent = '';
    job.outputs.forEach(function (value, name) {
      place.appendChild(element('dt', '', name));
      place.appendChild(element('dd', '', value.length > LONGEST_OUTPUT ? value.slice(0, LONGEST_OUTPUT) + '…' : value));
    });
  };

  Page.prototype.openStep = function (k, line) {
    if (this.log && this.chosenStep === k) {
      if (line > 0) {
        this.log.reveal(line);
      }
      this.setAddress();
      return;
    }
    this.closeLog();
    var self = this;
    var step = this.steps[k];
    var state = this.fold.jobs[this.chosen].steps[k].state;
    this.chosenStep = k;
    step.place.hidden = false;
    var live = model.isOpen(state) && !this.over;
    this.log = new model.LogView(
      step.place,
      { job: this.chosen, step: k, name: this.plan.jobs[this.chosen].steps[k].name, live: live, atEnd: state === 'FAILED' },
      function (name) { return self.word(name); },
      {
        link: function (number) { return self.address(k, number); },
        went: function () { self.setAddress(); }
      });
    this.log.target = line;
    this.log.follow = this.log.follow && line === 0;
    this.log.followBox.checked = this.log.follow;
    this.setAddress();
    this.listenAgain();
  };

  Page.prototype.closeLog = function () {
    if (this.log) {
      this.log.close();
      this.log = null;
      if (this.steps && this.steps[this.chosenStep]) {
        this.steps[this.chosenStep].place.hidden = true;
      }
    }
  };

  Page.prototype.grow = function (log) {
    if (this.log && log.job === this.chosen && log.step === this.chosenStep) {
      this.log.grow(log);
    }
  };

  Page.prototype.cancelJob = function () {
    var self = this;
    var job = this.chosen;
    window.dialog.confirm(this.word('cancelsure').replace('{0}', this.plan.jobs[job].name), { type: 'destructive' }).then(function () {
      return fetch('cancelJob', {
        method: 'POST',
        credentials: 'same-origin',
        headers: window.crumb.wrap({ 'Content-Type': 'application/x-www-form-urlencoded' }),
        body: 'job=' + job
      }).then(function (answer) {
        if (!answer.ok) {
          throw new Error(String(answer.status));
        }
      }).catch(function (e) {
        self.part('job-text').hidden = false;
        self.part('job-text').textContent = self.word('unreachable') + ' ' + e.message;
      });
    }, function () {
      // Not wanted after all.
    });
  };

  // ---- where it comes from

  Page.prototype.connection = function (name) {
    this.part('connection').textContent = this.over || name === '' ? '' : this.word(name);
  };

  Page.prototype.end = function (lost) {
    this.over = true;
    this.lost = lost;
    this.connection('');
    this.update();
  };

  Page.prototype.logQuery = function () {
    return this.log ? '&job=' + this.chosen + '&step=' + this.chosenStep : '';
  };

  /** Another log is looked at: the stream has to tell of it. */
  Page.prototype.listenAgain = function () {
    if (!this.over && this.source) {
      this.source.close();
      this.listen();
    }
  };

  Page.prototype.listen = function () {
    var self = this;
    if (!window.EventSource) {
      this.ask();
      return;
    }
    var failures = 0;
    var source = new EventSource('stream?after=' + this.fold.seq + this.logQuery());
    this.source = source;
    source.onopen = function () { self.connection('live'); };
    source.onmessage = function (event) {
      failures = 0;
      self.fold.apply(JSON.parse(event.data));
      self.soon();
    };
    source.addEventListener('log', function (event) {
      failures = 0;
      self.grow(JSON.parse(event.data));
    });
    source.addEventListener('end', function (event) {
      source.close();
      self.end(JSON.parse(event.data).lost);
    });
    source.onerror = function () {
      failures++;
      if (source === self.source && (source.readyState === EventSource.CLOSED || failures >= MOST_FAILURES)) {
        source.close();
        self.source = null;
        self.ask();
      }
    };
  };

  Page.prototype.ask = function () {
    var self = this;
    this.connection('polling');
    model.get('events?after=' + this.fold.seq + this.logQuery()).then(function (answer) {
      self.take(answer);
      self.update();
      if (answer.more) {
        self.ask();
      } else if (answer.over) {
        self.end(answer.lost);
      } else {
        window.setTimeout(function () { self.ask(); }, ASK_MS);
      }
    }).catch(function () {
      window.setTimeout(function () { self.ask(); }, 3 * ASK_MS);
    });
  };

  function start() {
    var root = document.getElementById('workflow');
    if (root) {
      new Page(root, document.getElementById('workflow-words')).start();
    }
  }

  if (document.readyState === 'loading') {
    document.addEventListener('DOMContentLoaded', start);
  } else {
    start();
  }
})();
