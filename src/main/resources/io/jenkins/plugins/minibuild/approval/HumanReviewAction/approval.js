/* Opens what the page does not show at first, and allows an approval when all of it was opened. */
(function () {
  'use strict';

  function element(name, kind, text) {
    var made = document.createElement(name);
    made.className = kind;
    made.textContent = text || '';
    return made;
  }

  /** Fills the cell of a line; the controller says what in it is a mark. */
  function fill(cell, row, ended) {
    cell.textContent = '';
    row.pieces.forEach(function (piece) {
      cell.appendChild(piece.mark ? element('span', 'approval-mark', piece.text) : document.createTextNode(piece.text));
    });
    if (!row.ended) {
      cell.appendChild(element('span', 'approval-mark', ended));
    }
  }

  function noted(note) {
    var line = document.createElement('tr');
    line.className = 'approval-note';
    var cell = line.insertCell();
    cell.colSpan = 4;
    var box = cell.appendChild(element('div', 'approval-finding'));
    box.dataset.severity = note.severity;
    box.appendChild(element('strong', '', note.title));
    box.appendChild(element('div', 'approval-text', note.problem));
    box.appendChild(element('div', 'approval-text approval-quiet', note.suggestion));
    return line;
  }

  function add(table, row, ended) {
    var line = table.insertRow();
    line.dataset.kind = row.kind;
    line.insertCell().className = 'approval-number';
    line.insertCell().className = 'approval-number';
    line.insertCell().className = 'approval-sign';
    line.insertCell().className = 'approval-line';
    line.cells[0].textContent = row.numbers.old;
    line.cells[1].textContent = row.numbers.fresh;
    line.cells[2].textContent = { added: '+', removed: '-', context: ' ' }[row.kind] || '';
    fill(line.cells[3], row, ended);
    row.notes.forEach(function (note) { table.appendChild(noted(note)); });
  }

  function open(button, allow) {
    var file = button.closest('.approval-file');
    var cell = button.closest('.approval-line');
    button.disabled = true;
    return fetch('rows?file=' + file.dataset.file + '&from=' + button.dataset.row + '&most=' + button.dataset.most, {
      credentials: 'same-origin',
      cache: 'no-store'
    })
      .then(function (answer) {
        if (!answer.ok) {
          throw new Error(String(answer.status));
        }
        return answer.json();
      })
      .then(function (part) {
        if (cell) {
          var mark = cell.querySelector('.approval-mark[title]');
          fill(cell, part.rows[0], mark ? mark.textContent : '');
        } else {
          var table = file.querySelector('tbody');
          part.rows.forEach(function (row) { add(table, row, button.dataset.wordEnded); });
          if (part.left > 0) {
            button.dataset.row = part.next;
            button.textContent = button.dataset.wordRest.replace('~', part.left);
            button.disabled = false;
          } else {
            button.remove();
          }
        }
        allow();
        return true;
      })
      .catch(function () {
        button.disabled = false;
        return false;
      });
  }

  /** One after the other: a large change is many answers. */
  function openAll(page, allow) {
    var next = page.querySelector('.approval-unopened:not(:disabled)');
    if (next) {
      open(next, allow).then(function (opened) {
        if (opened) {
          openAll(page, allow);
        }
      });
    }
  }

  function start() {
    var page = document.getElementById('approval-page');
    var approve = document.getElementById('approval-approve');
    var elsewhere = document.getElementById('approval-elsewhere');
    function allow() {
      if (!page.querySelector('.approval-unopened')) {
        var left = document.getElementById('approval-left');
        if (left) {
          left.hidden = true;
        }
        if (approve && approve.dataset.unseen === 'true') {
          var seen = !elsewhere || elsewhere.checked;
          approve.disabled = !seen;
          document.getElementById('approval-opened').value = String(seen);
        }
      }
    }
    if (!page) {
      return;
    }
    page.addEventListener('click', function (event) {
      var button = event.target.closest('.approval-unopened');
      if (button) {
        open(button, allow);
      } else if (event.target.id === 'approval-all') {
        openAll(page, allow);
      }
    });
    if (elsewhere) {
      elsewhere.addEventListener('change', allow);
    }
    allow();
  }

  if (document.readyState === 'loading') {
    document.addEventListener('DOMContentLoaded', start);
  } else {
    start();
  }
})();
