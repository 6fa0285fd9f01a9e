/*
 * A workflow as its pages know it, without a page: the sum of the journal, the places of a graph's jobs, the critical path, the colours of a log. What is summed up here is summed
 * up by RunState, JobState and StepState on the controller; a test compares both.
 */
(function () {
  'use strict';

  var model = typeof window === 'undefined' ? module.exports : (window.miniBuildWorkflow = window.miniBuildWorkflow || {});

  // ---- the journal

  function isOpen(state) {
    return state === 'PENDING' || state === 'RUNNING';
  }

  function newStep() {
    return { state: 'PENDING', attempt: 0, started: 0, ended: 0, exitCode: null, text: '', outputs: new Map() };
  }

  function newJob(planned) {
    return {
      id: planned.id, state: 'PENDING', attempt: 0, ready: 0, started: 0, ended: 0, agent: null, workspace: '', text: '',
      steps: planned.steps.map(newStep), outputs: new Map(), part: null, stop: null
    };
  }

  /** How a run stands. Jobs are in the order of the plan. */
  function Fold(plan) {
    this.state = 'PENDING';
    this.started = 0;
    this.ended = 0;
    this.text = '';
    this.seq = 0;
    this.stop = null;
    this.jobs = plan.jobs.map(newJob);
    this.byId = new Map();
    var self = this;
    this.jobs.forEach(function (job) { self.byId.set(job.id, job); });
  }

  function stopOf(entry, data) {
    return { text: entry.text || '', by: entry.by || '', level: data.has('level') ? data.get('level') : '' };
  }

  /** Moves the run by an entry; returns the job that it was about, or null. */
  Fold.prototype.apply = function (entry) {
    this.seq = Math.max(this.seq, entry.seq);
    var data = new Map(Object.entries(entry.data || {}));
    if (entry.job) {
      var job = this.byId.get(entry.job) || null;
      if (job) {
        applyToJob(job, entry, data);
      }
      return job;
    }
    if (entry.kind === 'STOP') {
      this.stop = stopOf(entry, data);
    }
    if (entry.kind === 'RUN' && entry.state && isOpen(this.state)) {
      this.state = entry.state;
      this.text = entry.text || '';
      if (this.state === 'RUNNING' && this.started === 0) {
        this.started = entry.at;
      }
      if (!isOpen(this.state)) {
        this.ended = entry.at;
      }
    }
    return null;
  };

  function applyToJob(job, entry, data) {
    switch (entry.kind) {
      case 'READY':
        job.ready = entry.at;
        break;
      case 'PLACE':
        job.agent = entry.agent === undefined ? null : entry.agent;
        job.workspace = data.has('workspace') ? data.get('workspace') : '';
        break;
      case 'LAUNCH':
        job.part = {
          id: data.has('id') ? data.get('id') : '',
          first: parseInt(data.has('first') ? data.get('first') : '0', 10),
          events: 0
        };
        break;
      case 'STOP':
        job.stop = stopOf(entry, data);
        break;
      case 'STEP':
        applyToStep(job, entry, data);
        break;
      case 'JOB':
        applyState(job, entry, data);
        break;
      default:
    }
  }

  function applyToStep(job, entry, data) {
    if (entry.event > 0 && job.part) {
      job.part.events = entry.event;
    }
    var step = job.steps[entry.step];
    if (!step || !isOpen(step.state)) {
      return;
    }
    var next = entry.state || step.state;
    step.state = next;
    step.attempt = Math.max(step.attempt, entry.attempt);
    if (step.started === 0 && next !== 'SKIPPED' && next !== 'PENDING') {
      step.started = entry.at;
    }
    step.ended = isOpen(next) ? 0 : entry.at;
    if (entry.exitCode !== undefined && entry.exitCode !== null) {
      step.exitCode = entry.exitCode;
    }
    if (entry.text) {
      step.text = entry.text;
    }
    if (data.size > 0) {
      step.outputs = data;
    }
    data.forEach(function (value, key) { job.outputs.set(key, value); });
  }

  function applyState(job, entry, data) {
    if (!entry.state || !isOpen(job.state)) {
      return;
    }
    if (entry.attempt > Math.max(1, job.attempt)) {
      job.steps = job.steps.map(newStep);
      job.outputs = new Map();
      job.part = null;
      job.stop = null;
    }
    job.attempt = Math.max(job.attempt, entry.attempt);
    job.state = entry.state;
    if (job.state === 'RUNNING' && job.started === 0) {
      job.started = entry.at;
    }
    if (!isOpen(job.state)) {
      job.ended = entry.at;
      job.part = null;
      data.forEach(function (value, key) { job.outputs.set(key, value); });
    }
    job.text = entry.text || '';
  }

  // ---- the graph

  var NODE = { width: 176, height: 46, gapX: 64, gapY: 12, subGap: 14, head: 26, edge: 14, frame: 7 };

  /** The needs of each job by their places in the plan, without those that another need implies. */
  function reducedNeeds(plan, needs) {
    var n = plan.jobs.length;
    var words = Math.ceil(n / 32);
    var before = needs.map(function () { return new Uint32Array(words); });
    return needs.map(function (own, i) {
      own.forEach(function (need) {
        before[i][need >> 5] |= 1 << (need & 31);
        for (var w = 0; w < words; w++) {
          before[i][w] |= before[need][w];
        }
      });
      return own.filter(function (need) {
        return !own.some(function (other) { return other !== need && (before[other][need >> 5] >>> (need & 31)) & 1; });
      });
    });
  }

  /** Needs by places in the plan. A plan lists a job after those that it needs; a need that is not before it is left out. */
  function needsOf(plan) {
    var places = new Map();
    plan.jobs.forEach(function (job, i) { places.set(job.id, i); });
    return plan.jobs.map(function (job, i) {
      return Array.from(new Set(job.needs.map(function (id) { return places.get(id); })))
        .filter(function (need) { return need !== undefined && need < i; });
    });
  }

  /**
   * Where the jobs are drawn: layer by layer, each to the right of all that it needs. Returns nodes (x, y, column), edges (lists of points), frames around layers of several columns,
   * headers of stages, width, height.
   */
  function layout(plan) {
    var needs = needsOf(plan);
    var reduced = reducedNeeds(plan, needs);
    var depth = [];
    var deepest = 0;
    plan.jobs.forEach(function (job, i) {
      depth[i] = needs[i].reduce(function (most, need) { return Math.max(most, depth[need] + 1); }, 0);
      if (job.role !== 'POST') {
        deepest = Math.max(deepest, depth[i]);
      }
    });
    plan.jobs.forEach(function (job, i) {
      if (job.role === 'POST') {
        depth[i] = Math.max(depth[i], plan.jobs.length > 1 ? deepest + 1 : 0);
      }
    });
    var layers = [];
    plan.jobs.forEach(function (job, i) { (layers[depth[i]] = layers[depth[i]] || []).push(i); });
    layers = layers.filter(Boolean);
    order(layers, reduced);

    var tall = layers.reduce(function (most, layer) { return Math.max(most, rowsOf(layer)); }, 0);
    var stages = plan.stages || [];
    var top = NODE.edge + (stages.length > 0 ? NODE.head : 0);
    var nodes = [];
    var frames = [];
    var x = NODE.edge;
    layers.forEach(function (layer, column) {
      var rows = rowsOf(layer);
      var columns = Math.ceil(layer.length / rows);
      // Of a tall graph the beginning is seen first; a flat one is drawn around its middle.
      var shift = tall <= 12 ? (tall - rows) * (NODE.height + NODE.gapY) / 2 : 0;
      layer.forEach(function (job, k) {
        nodes[job] = {
          x: x + Math.floor(k / rows) * (NODE.width + NODE.subGap),
          y: top + shift + (k % rows) * (NODE.height + NODE.gapY),
          column: column,
          row: k % rows
        };
      });
      var width = columns * NODE.width + (columns - 1) * NODE.subGap;
      if (columns > 1) {
        frames.push({
          jobs: layer.slice().sort(function (a, b) { return a - b; }).join(','),
          x: x - NODE.frame,
          y: top + shift - NODE.frame,
          width: width + 2 * NODE.frame,
          height: rows * (NODE.height + NODE.gapY) - NODE.gapY + 2 * NODE.frame
        });
      }
      x += width + NODE.gapX;
    });
    return {
      nodes: nodes,
      edges: edges(reduced, nodes, frames),
      frames: frames,
      headers: headers(plan, nodes, stages),
      width: Math.max(NODE.width, x - NODE.gapX) + NODE.edge,
      height: top + Math.max(1, tall) * (NODE.height + NODE.gapY) - NODE.gapY + NODE.edge
    };
  }

  /** A layer of very many jobs is broken into several columns. */
  function rowsOf(layer) {
    return layer.length <= 14 ? layer.length : Math.max(14, Math.ceil(Math.sqrt(layer.length) * 1.7));
  }

  /** Jobs stand near what they need, and then near what needs them: fewer edges cross. */
  function order(layers, needs) {
    var children = needs.map(function () { return []; });
    needs.forEach(function (own, i) { own.forEach(function (need) { children[need].push(i); }); });
    var place = [];
    function settle(layer) {
      layer.forEach(function (job, k) { place[job] = layer.length < 2 ? 0.5 : k / (layer.length - 1); });
    }
    function sort(layer, others) {
      var mean = new Map();
      layer.forEach(function (job) {
        var near = others[job];
        mean.set(job, near.length === 0 ? place[job] : near.reduce(function (sum, each) { return sum + place[each]; }, 0) / near.length);
      });
      layer.sort(function (a, b) { return mean.get(a) - mean.get(b) || a - b; });
      settle(layer);
    }
    layers.forEach(settle);
    for (var sweep = 0; sweep < 3; sweep++) {
      layers.forEach(function (layer) { sort(layer, needs); });
      layers.slice().reverse().forEach(function (layer) { sort(layer, children); });
    }
    layers.forEach(function (layer) { sort(layer, needs); });
  }

  /**
   * Lines from needs to jobs. Where several jobs need the same several, all lines meet in one point: k + m of them instead of k times m. A framed layer has one line for all of its
   * jobs.
   */
  function edges(needs, nodes, frames) {
    var made = [];
    var groups = new Map();
    needs.forEach(function (own, i) {
      if (own.length > 0) {
        var key = own.slice().sort(function (a, b) { return a - b; }).join(',');
        groups.set(key, (groups.get(key) || []).concat([i]));
      }
    });
    groups.forEach(function (jobs, key) {
      var own = needs[jobs[0]];
      var whole = function (name) { return frames.find(function (frame) { return frame.jobs === name; }); };
      var source = whole(key);
      var target = whole(jobs.join(','));
      var starts = source ? [{ jobs: own, at: right(source) }] : own.map(function (need) { return { jobs: [need], at: right(nodes[need]) }; });
      var ends = target ? [{ jobs: jobs, at: leftOf(target) }] : jobs.map(function (job) { return { jobs: [job], at: leftOf(nodes[job]) }; });
      if (starts.length > 1 && ends.length > 1) {
        var ys = starts.concat(ends).map(function (each) { return each.at.y; });
        var hub = {
          x: Math.min.apply(null, ends.map(function (each) { return each.at.x; })) - NODE.gapX / 3,
          y: (Math.min.apply(null, ys) + Math.max.apply(null, ys)) / 2
        };
        starts.forEach(function (start) { made.push({ from: start.jobs, to: jobs, points: [start.at, hub] }); });
        ends.forEach(function (end) { made.push({ from: own, to: end.jobs, points: [hub, end.at] }); });
      } else {
        starts.forEach(function (start) {
          ends.forEach(function (end) { made.push({ from: start.jobs, to: end.jobs, points: [start.at, end.at] }); });
        });
      }
    });
    return made;
  }

  function right(node) {
    return { x: node.x + (node.width || NODE.width), y: node.y + (node.height || NODE.height) / 2 };
  }

  function leftOf(node) {
    return { x: node.x, y: node.y + (node.height || NODE.height) / 2 };
  }

  /** The columns of the stages; none where those of two stages would overlap. */
  function headers(plan, nodes, stages) {
    var made = stages.map(function (name, stage) {
      var own = nodes.filter(function (node, i) { return plan.jobs[i].stage === stage; });
      return own.length === 0 ? null : {
        name: name,
        x: Math.min.apply(null, own.map(function (node) { return node.x; })),
        end: Math.max.apply(null, own.map(function (node) { return node.x + NODE.width; }))
      };
    }).filter(Boolean).sort(function (a, b) { return a.x - b.x; });
    return made.every(function (each, i) { return i === 0 || made[i - 1].end < each.x; }) ? made : [];
  }

  /** What a job waited for last: the place of the need that ended last, or -1. What runs after all waited for all. */
  function blocker(plan, needs, jobs, i) {
    var waited = needs[i];
    if (plan.jobs[i].role === 'POST') {
      waited = plan.jobs.map(function (job, k) { return k; }).filter(function (k) { return plan.jobs[k].role !== 'POST'; });
    }
    return waited.reduce(function (last, need) {
      return jobs[need].ended > 0 && (last < 0 || jobs[need].ended > jobs[last].ended) ? need : last;
    }, -1);
  }

  /**
   * The jobs that made the run as long as it is, by their places in the plan, the first one first. While it goes on they lead to the job that has been running for the longest time;
   * before it begins they are the longest chain.
   */
  function criticalPath(plan, fold) {
    var needs = needsOf(plan);
    var jobs = fold.jobs;
    var running = [];
    var last = -1;
    jobs.forEach(function (job, i) {
      if (job.state === 'RUNNING') {
        running.push(i);
      }
      if (job.started > 0 && job.ended > 0 && (last < 0 || job.ended > jobs[last].ended)) {
        last = i;
      }
    });
    if (running.length > 0 && isOpen(fold.state)) {
      last = running.reduce(function (a, b) { return jobs[b].started < jobs[a].started ? b : a; });
    }
    if (last < 0) {
      return longestChain(needs);
    }
    var path = [];
    var seen = new Set();
    for (var at = last; at >= 0 && !seen.has(at); at = blocker(plan, needs, jobs, at)) {
      path.unshift(at);
      seen.add(at);
    }
    return path;
  }

  function longestChain(needs) {
    var before = [];
    var length = [];
    var last = -1;
    needs.forEach(function (own, i) {
      before[i] = own.reduce(function (best, need) { return best < 0 || length[need] > length[best] ? need : best; }, -1);
      length[i] = before[i] < 0 ? 1 : length[before[i]] + 1;
      last = last < 0 || length[i] > length[last] ? i : last;
    });
    var path = [];
    for (var at = last; at >= 0; at = before[at]) {
      path.unshift(at);
    }
    return path;
  }

  // ---- the log

  var ESCAPE = /\u001b(?:\[([0-?]*)([ -/]*)([@-~])|\][^\u0007\u001b]*(?:\u0007|\u001b\\|$)|[@-Z\\^_]|$)/g;

  function plainStyle() {
    return { bold: false, faint: false, italic: false, underline: false, strike: false, inverse: false, fg: null, bg: null };
  }

  /** A colour is a number of the palette of 16, or a list of three numbers. */
  function extended(codes, at) {
    if (codes[at] === 5 && codes[at + 1] !== undefined) {
      var n = Math.min(255, codes[at + 1]);
      if (n < 16) {
        return { colour: n, used: 2 };
      }
      if (n >= 232) {
        var grey = 8 + (n - 232) * 10;
        return { colour: [grey, grey, grey], used: 2 };
      }
      var steps = [0, 95, 135, 175, 215, 255];
      return { colour: [steps[Math.floor((n - 16) / 36)], steps[Math.floor((n - 16) / 6) % 6], steps[(n - 16) % 6]], used: 2 };
    }
    if (codes[at] === 2 && codes[at + 3] !== undefined) {
      return { colour: codes.slice(at + 1, at + 4).map(function (each) { return Math.min(255, each); }), used: 4 };
    }
    return { colour: null, used: codes.length };
  }

  function restyle(style, text) {
    var codes = text.split(/[;:]/).map(function (each) { return /^[0-9]{1,3}$/.test(each) ? Number(each) : 0; });
    for (var i = 0; i < codes.length; i++) {
      var code = codes[i];
      if (code === 0) {
        style = plainStyle();
      } else if (code === 1) {
        style.bold = true;
      } else if (code === 2) {
        style.faint = true;
      } else if (code === 3) {
        style.italic = true;
      } else if (code === 4) {
        style.underline = true;
      } else if (code === 7) {
        style.inverse = true;
      } else if (code === 9) {
        style.strike = true;
      } else if (code === 22) {
        style.bold = false;
        style.faint = false;
      } else if (code === 23) {
        style.italic = false;
      } else if (code === 24) {
        style.underline = false;
      } else if (code === 27) {
        style.inverse = false;
      } else if (code === 29) {
        style.strike = false;
      } else if (code >= 30 && code <= 37) {
        style.fg = code - 30;
      } else if (code >= 40 && code <= 47) {
        style.bg = code - 40;
      } else if (code >= 90 && code <= 97) {
        style.fg = code - 82;
      } else if (code >= 100 && code <= 107) {
        style.bg = code - 92;
      } else if (code === 39) {
        style.fg = null;
      } else if (code === 49) {
        style.bg = null;
      } else if (code === 38 || code === 48) {
        var more = extended(codes, i + 1);
        style[code === 38 ? 'fg' : 'bg'] = more.colour;
        i += more.used;
      }
    }
    return style;
  }

  /** What a terminal shows of a line in the end: after a carriage return it is written anew. */
  function lastVersion(line) {
    var parts = line.split('\r').filter(function (each) { return each !== ''; });
    return parts.length === 0 ? '' : parts[parts.length - 1];
  }

  /** Control characters are shown, not obeyed; so are those that turn the direction of the text around. */
  function visible(text) {
    return text.replace(/[\u0000-\u0008\u000b-\u001f]/g, function (each) { return String.fromCharCode(0x2400 + each.charCodeAt(0)); })
      .replace(/[\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '\ufffd');
  }

  /** A line of a log in pieces, each with text and a style. Escape sequences that are no colours are left out. */
  function ansi(line) {
    var pieces = [];
    var style = plainStyle();
    var at = 0;
    var text = lastVersion(line);
    function take(end) {
      if (end > at) {
        pieces.push({ text: visible(text.slice(at, end)), style: Object.assign({}, style) });
      }
    }
    text.replace(ESCAPE, function (all, parameters, between, final, offset) {
      take(offset);
      if (final === 'm' && between === '' && !/[<=>?]/.test(parameters)) {
        style = restyle(style, parameters);
      }
      at = offset + all.length;
      return all;
    });
    take(text.length);
    return pieces;
  }

  // ---- time

  /** Minutes and seconds, with hours where there are any. */
  function span(millis) {
    var seconds = Math.floor(Math.max(0, millis) / 1000);
    var two = function (n) { return String(n).padStart(2, '0'); };
    return seconds < 3600
      ? Math.floor(seconds / 60) + ':' + two(seconds % 60)
      : Math.floor(seconds / 3600) + ':' + two(Math.floor(seconds / 60) % 60) + ':' + two(seconds % 60);
  }

  model.Fold = Fold;
  model.isOpen = isOpen;
  model.layout = layout;
  model.NODE = NODE;
  model.needsOf = needsOf;
  model.blocker = blocker;
  model.criticalPath = criticalPath;
  model.ansi = ansi;
  model.span = span;
})();
