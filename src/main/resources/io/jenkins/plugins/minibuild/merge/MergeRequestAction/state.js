/* Asks how the merge requests of the build stand, and shows it. */
(function () {
  'use strict';

  var SOON_MS = 2000;
  var LATER_MS = 61000;

  function show(box, answer) {
    var open = false;
    answer.mergeRequests.forEach(function (request) {
      open = open || request.state === 'open';
      var line = box.querySelector('[data-merge-request="' + CSS.escape(request.url) + '"]');
      var badge = line && line.querySelector('.mini-build-merge-state');
      if (badge && badge.dataset.state !== request.state) {
        badge.dataset.state = request.state;
        badge.textContent = box.getAttribute('data-word-' + request.state) || request.state;
      }
    });
    return open;
  }

  function ask(box) {
    fetch(box.dataset.url, { credentials: 'same-origin', cache: 'no-store' })
      .then(function (answer) {
        if (!answer.ok) {
          throw new Error(String(answer.status));
        }
        return answer.json();
      })
      .then(function (answer) {
        var open = show(box, answer);
        if (open || !answer.fresh) {
          window.setTimeout(function () { ask(box); }, answer.fresh ? LATER_MS : SOON_MS);
        }
      })
      .catch(function () {
        window.setTimeout(function () { ask(box); }, LATER_MS);
      });
  }

  function start() {
    document.querySelectorAll('.mini-build-merge-requests').forEach(ask);
  }

  if (document.readyState === 'loading') {
    document.addEventListener('DOMContentLoaded', start);
  } else {
    start();
  }
})();
