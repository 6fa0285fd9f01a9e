'use strict';

/*
 * Calls miniprogram-ci's module API on the agent and tells the plugin what happens.
 *
 *   node driver.js REQUEST.json
 *
 * The request is a JSON file in a folder of its own, which only this run uses: the process' temporary files go there, and the
 * caller deletes it. It names the file of the private key (mode 600), which is deleted as soon as it is read; nothing secret
 * is in the arguments or the environment. What the plugin shall read is one JSON object a line behind the request's marker;
 * everything else on stdout or stderr is miniprogram-ci's own talk.
 *
 * Events: start {version, node}, progress {message, status}, result {...}, error {code, errCode, message, phase, ...}.
 * What is asked for besides (quality, source map) comes after the upload and cannot make it fail: its troubles are in the
 * result. Its files lie in the request's folder: quality.json, sourcemap.zip.
 * Exit codes: 0 after a result, 1 after an error, 143 on SIGTERM or when the parent process is gone.
 *
 * Written without newer syntax, so that an old Node.js gets as far as saying that it is too old.
 */

var fs = require('fs');
var os = require('os');
var path = require('path');
var childProcess = require('child_process');

var OLDEST_NODE = 16;
var PROGRESS_INTERVAL_MS = 200;
var PARENT_CHECK_MS = 500;
var MAX_MESSAGE = 8000;
var LARGEST_FILES = 10;
var STOPPED = 143;
var MAX_WARNINGS = 20;
var AFTERWARDS_LIMIT_MS = 180000;
/* So long before the caller ends this run, it ends by itself: to say that the upload was accepted. */
var LAST_WORD_MS = 10000;

var request = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'));
var phase = 'load';
var finished = false;
var children = [];
/* The result of a call that the service has accepted; nothing after it is an error. */
var accepted = null;
var largestFiles = [];

function write(text) {
  var bytes = Buffer.from(text, 'utf8');
  var offset = 0;
  while (offset < bytes.length) {
    try {
      offset += fs.writeSync(1, bytes, offset, bytes.length - offset);
    } catch (e) {
      if (e.code !== 'EAGAIN') {
        return; // nobody reads any more
      }
    }
  }
}

function say(event) {
  // The line break in front ends a line that miniprogram-ci may have left open.
  write('\n' + request.marker + JSON.stringify(event) + '\n');
}

function remove(file) {
  if (file) {
    try {
      fs.unlinkSync(file);
    } catch (e) {
      // it is gone already
    }
  }
}

/* Whoever stops this run may be gone, and the caller with it: then nobody else deletes the folder. */
function removeFolder() {
  try {
    fs.rmSync(path.dirname(process.argv[2]), { recursive: true, force: true });
  } catch (e) {
    // the caller tries as well, and names in the build's log what is left
  }
}

function finish(exitCode) {
  finished = true;
  remove(request.keyFile);
  if (exitCode !== 0) {
    remove(request.qrcode);
  }
  children.forEach(function (child) {
    try {
      child.kill('SIGKILL');
    } catch (e) {
      // it has ended already
    }
  });
  if (exitCode === STOPPED) {
    removeFolder();
  }
  process.exit(exitCode);
}

/*
 * The number that the service answered with, and its text: miniprogram-ci only passes the body on inside its message. The body may be an envelope: the
 * number in its text says more than its own, as in {"errCode":-1,"errMsg":"inner upload fail with errcode: 80082, errmsg: ..."}.
 */
function serviceAnswer(message) {
  var found = {};
  for (var depth = 0; depth < 5; depth++) {
    var inner = oneAnswer(found.errCode === undefined ? message : found.errMsg);
    if (inner === null) {
      break;
    }
    found = { errCode: inner.errCode, errMsg: inner.errMsg || found.errMsg || '' };
  }
  return found;
}

function oneAnswer(text) {
  var body = text.match(/\{[\s\S]*\}/);
  if (body) {
    try {
      var answer = JSON.parse(body[0]);
      var number = [answer.errCode, answer.errcode, answer.innerCode].filter(function (value) {
        return value !== undefined;
      })[0];
      var code = Number(number);
      if (number !== undefined && Number.isInteger(code)) {
        return code === 0 ? null : { errCode: code, errMsg: String(answer.errMsg || answer.errmsg || '') };
      }
    } catch (e) {
      // not the service's answer
    }
  }
  var pair = text.match(/(?:errcode|innercode)["']?\s*[:=]\s*["']?(-?\d+)["']?[;,]?\s*(?:["']?errmsg["']?\s*[:=]\s*)?([\s\S]*)/i);
  return pair && Number(pair[1]) !== 0 ? { errCode: Number(pair[1]), errMsg: pair[2].trim() } : null;
}

function proxy() {
  var env = process.env;
  var url = request.proxy || env.HTTPS_PROXY || env.https_proxy || env.HTTP_PROXY || env.http_proxy || '';
  return url.replace(/\/\/[^/@]*@/, '//');
}

function text(value) {
  return String(value === undefined || value === null ? '' : value).slice(0, MAX_MESSAGE);
}

function failed(error, more) {
  if (finished) {
    return;
  }
  var message = text((error && error.message) || error);
  if (accepted) {
    accepted.trouble = message;
    say(accepted);
    finish(0);
    return;
  }
  var event = { event: 'error', phase: phase, message: message, proxy: proxy() };
  if (error && error.code !== undefined) {
    event.code = text(error.code);
  }
  if (error && error.path) {
    event.path = text(error.path);
  }
  var answer = serviceAnswer(message);
  if (answer.errCode !== undefined) {
    event.errCode = answer.errCode;
    event.errMsg = text(answer.errMsg);
  }
  Object.keys(more || {}).forEach(function (key) {
    event[key] = more[key];
  });
  say(event);
  finish(1);
}

/* An agent that dies cannot stop its processes: without its parent this one has nobody to work for. */
function watchParent() {
  var parent = process.ppid;
  setInterval(function () {
    if (process.ppid !== parent) {
      finish(STOPPED);
    }
  }, PARENT_CHECK_MS).unref();
}

/* miniprogram-ci compiles in child processes; none may outlive this one. */
function trackChildren() {
  ['fork', 'spawn'].forEach(function (name) {
    var original = childProcess[name];
    childProcess[name] = function () {
      var child = original.apply(childProcess, arguments);
      children.push(child);
      return child;
    };
  });
}

function reportProgress() {
  var last = 0;
  return function (update) {
    if (!update || typeof update.message !== 'string') {
      return;
    }
    if (update.message.indexOf('upload') === 0) {
      phase = 'upload';
    }
    var now = Date.now();
    if (update.status === 'fail' || now - last >= PROGRESS_INTERVAL_MS) {
      last = now;
      say({ event: 'progress', phase: phase, message: text(update.message), status: text(update.status) });
    }
  };
}

/* The folders of the subpackages, as /levels/; a subpackage of a game may be one file, as /boss.js. A game lists them in game.json. */
function subpackageRoots(files) {
  var roots = [];
  ['app.json', 'game.json'].forEach(function (entry) {
    try {
      var listed = JSON.parse(String(files[entry] || files['/' + entry] || '{}'));
      (listed.subPackages || listed.subpackages || []).forEach(function (subpackage) {
        var root = ('/' + subpackage.root + '/').replace(/\/+/g, '/');
        roots.push(/\.js\/$/.test(root) ? root.slice(0, -1) : root);
      });
    } catch (e) {
      // sizes of the whole are better than none
    }
  });
  return roots;
}

/* Sizes of what was compiled, by package; told when the service finds it too large and says no more than that. */
function compiledSizes(ci, options) {
  return ci.getCompiledResult({ project: options.project, setting: options.setting, threads: options.threads }).then(function (files) {
    var roots = subpackageRoots(files);
    var packages = { __FULL__: 0, __APP__: 0 };
    var all = Object.keys(files).map(function (name) {
      var slashed = '/' + name.replace(/\\/g, '/').replace(/^\/+/, '');
      var size = Buffer.byteLength(files[name]);
      var owner = roots.filter(function (root) { return slashed.indexOf(root) === 0; })[0] || '__APP__';
      packages.__FULL__ += size;
      packages[owner] = (packages[owner] || 0) + size;
      return { name: slashed.slice(1), size: size };
    });
    all.sort(function (a, b) { return b.size - a.size; });
    return {
      subPackageInfo: Object.keys(packages).map(function (name) { return { name: name, size: packages[name] }; }),
      largestFiles: all.slice(0, LARGEST_FILES)
    };
  });
}

function largest(files) {
  // WeChat counts neither source maps nor the signature
  var all = Object.keys(files).filter(function (name) { return !/\.map$|^\/?ci\.signature$/.test(name); }).map(function (name) {
    return { name: name.replace(/\\/g, '/').replace(/^\/+/, ''), size: Buffer.byteLength(files[name]) };
  });
  all.sort(function (a, b) { return b.size - a.size; });
  return all.slice(0, LARGEST_FILES);
}

/* miniprogram-ci packs what it compiled and tells only sums: the files are looked at on their way, compiling twice is slow. */
function watchPacking() {
  try {
    var packing = require(path.join(request.module, 'dist', 'ci', 'utils', 'pack.js'));
    var original = packing.pack;
    packing.pack = function (files) {
      try {
        largestFiles = largest(files);
      } catch (e) {
        // the upload matters more than the list
      }
      return original.apply(this, arguments);
    };
  } catch (e) {
    // another version is built otherwise: no list then
  }
}

function inProject(relative) {
  var full = path.resolve(request.projectPath, String(relative || ''));
  var from = path.relative(request.projectPath, full);
  if (from.split(path.sep)[0] === '..' || path.isAbsolute(from)) {
    throw new Error('packNpmRelationList in project.config.json leads out of the project: ' + relative);
  }
  return full;
}

function warnings(list) {
  return (list || []).slice(0, MAX_WARNINGS).map(function (warning) {
    return text(warning && (warning.msg || warning.message) || warning).slice(0, 300);
  });
}

/* As "Build npm" of the developer tools: where project.config.json says which packages go where, it is done so. */
function packNpm(ci, project) {
  var setting = {};
  try {
    var config = fs.readFileSync(path.join(request.projectPath, 'project.config.json'), 'utf8');
    setting = JSON.parse(config.replace(/^\uFEFF/, '')).setting || {};
  } catch (e) {
    // without the file the defaults hold
  }
  if (!setting.packNpmManually) {
    return ci.packNpm(project, { ignores: ['pack_npm_ignore_list'] }).then(function (list) {
      return { npmWarnings: warnings(list) };
    });
  }
  var found = [];
  return (setting.packNpmRelationList || []).reduce(function (before, relation) {
    return before.then(function () {
      return ci.packNpmManually({
        packageJsonPath: inProject(relation.packageJsonPath),
        miniprogramNpmDistDir: inProject(relation.miniprogramNpmDistDir)
      });
    }).then(function (result) {
      found = found.concat((result && result.warnList) || []);
    });
  }, Promise.resolve()).then(function () {
    return { npmWarnings: warnings(found) };
  });
}

/* Each is done whatever became of the one before, and none may hang for ever. */
function afterwards(ci, options, temp) {
  var tasks = [];
  if (request.quality) {
    tasks.push(function () {
      return ci.checkCodeQuality(options.project).then(function (items) {
        fs.writeFileSync(path.join(temp, 'quality.json'), JSON.stringify(items, null, 2));
        accepted.quality = items.map(function (item) {
          return { name: item.name, success: item.success, text: text(item.text).slice(0, 500) };
        });
      });
    });
  }
  if (request.sourceMap) {
    tasks.push(function () {
      return ci.getDevSourceMap({
        project: options.project,
        robot: request.robot,
        sourceMapSavePath: path.join(temp, 'sourcemap.zip')
      }).then(function () {
        accepted.sourceMap = true;
      });
    });
  }
  var all = tasks.reduce(function (before, task) {
    return before.then(task).catch(function (e) {
      accepted.trouble = text((e && e.message) || e);
    });
  }, Promise.resolve());
  var left = (request.timeoutMs || AFTERWARDS_LIMIT_MS) - process.uptime() * 1000 - LAST_WORD_MS;
  var time = Math.max(0, Math.min(AFTERWARDS_LIMIT_MS, left));
  var limit = new Promise(function (resolve) {
    setTimeout(function () {
      accepted.trouble = accepted.trouble || 'no answer in ' + Math.round(time / 1000) + ' seconds';
      resolve();
    }, time);
  });
  return Promise.race([all, limit]);
}

function isTooLarge(error) {
  var message = text(error && error.message);
  return serviceAnswer(message).errCode === 80200 || /exceed(s|ed)? (the )?max(imum)? (size )?limit/i.test(message);
}

function run() {
  var privateKey = fs.readFileSync(request.keyFile, 'utf8');
  remove(request.keyFile);

  var temp = path.dirname(process.argv[2]);
  process.env.TMPDIR = process.env.TMP = process.env.TEMP = temp;
  var threads = Math.max(1, Math.min(os.cpus().length, request.threads || 4));
  process.env.COMPILE_THREADS = String(threads); // read when the module is loaded
  trackChildren();

  var ci = require(request.module);
  watchPacking();
  say({ event: 'start', version: require(path.join(request.module, 'package.json')).version, node: process.versions.node });
  if (request.proxy) {
    ci.proxy(request.proxy);
  }

  phase = 'compile';
  var options = {
    project: new ci.Project({
      appid: request.appId,
      type: request.type,
      projectPath: request.projectPath,
      privateKey: privateKey,
      ignores: ['node_modules/**/*']
    }),
    setting: request.setting || {},
    robot: request.robot,
    threads: threads,
    onProgressUpdate: reportProgress()
  };
  ['version', 'desc', 'pagePath', 'searchQuery', 'scene'].forEach(function (key) {
    if (request[key] !== undefined && request[key] !== null) {
      options[key] = request[key];
    }
  });

  var call;
  if (request.action === 'preview') {
    options.qrcodeFormat = 'image';
    options.qrcodeOutputDest = request.qrcode;
    call = ci.preview(options);
  } else if (request.action === 'upload') {
    call = ci.upload(options);
  } else if (request.action === 'packNpm') {
    phase = 'npm';
    call = packNpm(ci, options.project);
  } else {
    throw new Error('unknown action ' + request.action);
  }

  return call.then(function (result) {
    var event = { event: 'result' };
    ['subPackageInfo', 'pluginInfo', 'devPluginId', 'npmWarnings'].forEach(function (key) {
      if (result && result[key] !== undefined) {
        event[key] = result[key];
      }
    });
    event.largestFiles = largestFiles;
    accepted = event;
    return afterwards(ci, options, temp).then(function () {
      say(event);
      finish(0);
    });
  }, function (error) {
    if (!isTooLarge(error)) {
      failed(error);
      return;
    }
    return Promise.resolve().then(function () {
      return compiledSizes(ci, options); // an old miniprogram-ci has no such call
    }).then(function (sizes) {
      failed(error, sizes);
    }, function () {
      failed(error);
    });
  });
}

process.on('SIGTERM', function () { finish(STOPPED); });
process.on('SIGINT', function () { finish(STOPPED); });
process.on('uncaughtException', failed);
process.on('unhandledRejection', failed);

if (parseInt(process.versions.node, 10) < OLDEST_NODE) {
  failed({ code: 'NODE_TOO_OLD', message: process.versions.node });
} else {
  watchParent();
  try {
    Promise.resolve(run()).catch(failed);
  } catch (e) {
    failed(e);
  }
}
