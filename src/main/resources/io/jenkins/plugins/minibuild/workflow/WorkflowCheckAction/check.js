/* The page "Check a workflow". Everything that comes from outside becomes text, never markup. */
(function () {
  'use strict';

  var model = window.miniBuildWorkflow;
  var element = model.element;

  function Check(root, words) {
    this.root = root;
    this.words = words;
    this.yaml = document.getElementById('check-yaml');
    this.turn = 0;
  }

  Check.prototype.word = function (name) {
    return this.root.getAttribute('data-word-' + name) || this.words.getAttribute('data-word-' + name) || name;
  };

  Check.prototype.start = function () {
    var self = this;
    document.getElementById('check-do').addEventListener('click', function () { self.check(); });
    this.yaml.addEventListener('keydown', function (event) {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        self.check();
      }
    });
    document.getElementById('check-file').addEventListener('change', function (event) {
      var file = event.target.files[0];
      if (file) {
        file.text().then(function (text) {
          self.yaml.value = text;
          self.check();
        });
      }
    });
    this.root.dataset.ready = 'true';
  };

  Check.prototype.check = function () {
    var self = this;
    var turn = ++this.turn;
    fetch('check', {
      method: 'POST',
      credentials: 'same-origin',
      headers: window.crumb.wrap({ 'Content-Type': 'text/yaml; charset=UTF-8' }),
      body: this.yaml.value
    }).then(function (answer) {
      if (!answer.ok) {
        throw new Error(String(answer.status));
      }
      return answer.json();
    }).then(function (answer) {
      if (turn === self.turn) {
        self.show(answer);
      }
    }).catch(function (e) {
      if (turn === self.turn) {
        document.getElementById('check-verdict').textContent = self.word('unreachable') + ' ' + e.message;
      }
    });
  };

  Check.prototype.show = function (answer) {
    var self = this;
    var verdict = document.getElementById('check-verdict');
    verdict.textContent = '';
    verdict.appendChild(model.icon(answer.good ? 'SUCCEEDED' : 'FAILED'));
    verdict.appendChild(document.createTextNode(' ' + this.word(answer.good ? 'good' : 'bad')));
    var list = document.getElementById('check-problems');
    list.textContent = '';
    list.hidden = answer.problems.length === 0;
    answer.problems.forEach(function (problem) {
      var item = list.appendChild(element('li', 'wf-' + (problem.severity === 'ERROR' ? 'failed' : 'cancelled')));
      item.appendChild(model.icon(problem.severity === 'ERROR' ? 'FAILED' : 'LOST')).classList.toggle('wf-warning', problem.severity !== 'ERROR');
      item.appendChild(element('strong', '', ' ' + self.word(problem.severity.toLowerCase()) + ' '));
      var place = item.appendChild(element('button', 'wf-plain-button wf-link',
        self.word('place').replace('{0}', problem.line).replace('{1}', problem.column)));
      place.type = 'button';
      place.addEventListener('click', function () { self.go(problem.line, problem.column); });
      item.appendChild(element('div', 'wf-problem-text', problem.text));
      if (problem.remedy) {
        item.appendChild(element('div', 'wf-problem-text wf-quiet', problem.remedy));
      }
    });
    this.draw(answer.plan);
  };

  /** Goes to a place of the text. */
  Check.prototype.go = function (line, column) {
    var lines = this.yaml.value.split('\n');
    var at = lines.slice(0, line - 1).reduce(function (sum, each) { return sum + each.length + 1; }, 0);
    var end = at + (lines[line - 1] || '').length;
    this.yaml.focus();
    this.yaml.setSelectionRange(Math.min(end, at + column - 1), end);
    var height = this.yaml.scrollHeight / Math.max(1, lines.length);
    this.yaml.scrollTop = Math.max(0, (line - 1) * height - this.yaml.clientHeight / 3);
    this.yaml.scrollIntoView({ block: 'nearest' });
  };

  Check.prototype.draw = function (plan) {
    var self = this;
    var place = document.getElementById('check-graph');
    var path = document.getElementById('check-path');
    place.hidden = !plan;
    path.hidden = !plan;
    place.textContent = '';
    if (!plan) {
      return;
    }
    var fold = new model.Fold(plan);
    var chain = model.criticalPath(plan, fold);
    var run = {
      plan: plan, fold: fold, needs: model.needsOf(plan), chain: chain, path: new Set(chain), lost: false, chosen: -1,
      now: function () { return 0; },
      agent: function () { return ''; },
      matches: function () { return true; },
      word: function (name) { return self.word(name === 'pending' ? 'planned' : name); },
      open: function (i) { self.go(plan.jobs[i].line, 1); }
    };
    new model.Graph(place, run);
    model.showPath(path, run);
  };

  function start() {
    var root = document.getElementById('workflow-check');
    if (root) {
      new Check(root, document.getElementById('workflow-words')).start();
    }
  }

  if (document.readyState === 'loading') {
    document.addEventListener('DOMContentLoaded', start);
  } else {
    start();
  }
})();
