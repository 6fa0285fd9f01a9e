/* Shows when a QR code stops working by the reader's own clock, and what is left of it; the page may stay open for long. */
(function () {
  'use strict';

  function language() {
    try {
      return Intl.getCanonicalLocales((document.documentElement.lang || navigator.language).replace('_', '-'))[0];
    } catch (e) {
      return undefined;
    }
  }

  function show(element) {
    const until = new Date(element.dataset.time);
    const minutes = Math.ceil((until.getTime() - Date.now()) / 60000);
    const time = new Intl.DateTimeFormat(language(), { dateStyle: 'medium', timeStyle: 'short' }).format(until);
    if (minutes > 0) {
      const left = new Intl.RelativeTimeFormat(language()).format(minutes, 'minute');
      element.textContent = element.dataset.valid.replace('{0}', time) + ' (' + left + ')';
    } else {
      const strong = document.createElement('strong');
      strong.textContent = element.dataset.expired.replace('{0}', time);
      element.replaceChildren(strong);
    }
  }

  function showAll() {
    document.querySelectorAll('.mini-build-expiry').forEach(show);
  }

  if (window.miniBuildExpiry) {
    return;
  }
  window.miniBuildExpiry = true;
  document.addEventListener('DOMContentLoaded', showAll);
  setInterval(showAll, 20000);
})();
