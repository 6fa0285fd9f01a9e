/* Keeps the bars of phases up to date while the build runs. */
(function () {
  'use strict';

  var INTERVAL_MS = 2000;
  var LONGEST_MS = 30000;

  function show(bar, state) {
    state.tasks.forEach(function (task) {
      var box = bar.querySelector('[data-task="' + CSS.escape(task.id) + '"]');
      if (!box) {
        // A task that began after the page was made: its labels come with the page.
        window.location.reload();
        return;
      }
      box.querySelector('progress').value = task.progress;
      task.phases.forEach(function (phase) {
        var item = box.querySelector('[data-phase="' + CSS.escape(phase.name) + '"]');
        if (item) {
          item.dataset.state = phase.state;
          item.querySelector('.mini-build-progress__time').textContent =
            phase.duration ? (phase.duration / 1000).toFixed(1) + ' s' : '';
        }
      });
    });
  }

  function follow(bar, wait) {
    window.setTimeout(function () {
      fetch(bar.dataset.url, { credentials: 'same-origin', cache: 'no-store' })
        .then(function (answer) {
          if (!answer.ok) {
            throw new Error(String(answer.status));
          }
          return answer.json();
        })
        .then(function (state) {
          show(bar, state);
          bar.dataset.building = String(state.building);
          if (state.building) {
            follow(bar, INTERVAL_MS);
          }
        })
        .catch(function () {
          follow(bar, Math.min(LONGEST_MS, wait * 2));
        });
    }, wait);
  }

  function start() {
    document.querySelectorAll('.mini-build-progress[data-building="true"]').forEach(function (bar) {
      follow(bar, INTERVAL_MS);
    });
  }

  if (document.readyState === 'loading') {
    document.addEventListener('DOMContentLoaded', start);
  } else {
    start();
  }
})();
