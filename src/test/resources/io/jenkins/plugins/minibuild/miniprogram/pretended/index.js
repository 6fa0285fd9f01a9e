'use strict';

/*
 * Speaks to the stand-in of WeChat as miniprogram-ci does: the same calls, signatures, packages, progress and errors. It compiles nothing and
 * loads in a tenth of the time, so that tests of what the plugin does around miniprogram-ci are quick.
 */
const crypto = require('crypto');
const fs = require('fs');
const http = require('http');
const https = require('https');
const path = require('path');
const tls = require('tls');
const zlib = require('zlib');

const HOST = 'servicewechat.com';
const VERSION = require('./package.json').version;

function call(name, query, body, type) {
  return new Promise((resolve, reject) => {
    const proxy = new URL(process.env.HTTPS_PROXY || process.env.https_proxy);
    const tunnel = http.request({ host: proxy.hostname, port: proxy.port, method: 'CONNECT', path: HOST + ':443' });
    tunnel.on('error', reject);
    tunnel.on('connect', (answer, socket) => {
      const secure = tls.connect({ socket, servername: HOST });
      secure.on('error', reject);
      const request = https.request({
        host: HOST,
        method: 'POST',
        path: '/wxa/ci/' + name + '?' + new URLSearchParams(query),
        createConnection: () => secure,
        headers: { 'Content-Type': type, 'Content-Length': body.length, Connection: 'close' }
      }, response => {
        const pieces = [];
        response.on('data', piece => pieces.push(piece));
        response.on('error', reject);
        response.on('end', () => {
          try {
            const text = Buffer.concat(pieces).toString('utf8');
            const json = JSON.parse(text);
            if (json.errCode) {
              throw new Error(text);
            }
            resolve(json);
          } catch (e) {
            reject(e);
          }
        });
      });
      request.on('error', reject);
      request.end(body);
    });
    tunnel.end();
  });
}

function ask(name, json) {
  return call(name, {}, Buffer.from(JSON.stringify(json)), 'application/json');
}

async function signature(project) {
  const random = await ask('getrandstr', { appid: project.appid, clientRand: 'x' });
  const text = JSON.stringify({ appid: project.appid, rand_str: random.data.randomString });
  return crypto.privateEncrypt(
      { key: project.privateKey, padding: crypto.constants.RSA_PKCS1_PADDING }, Buffer.from(text)).toString('base64');
}

/** The files of the program as they are, by their names in a package. */
function files(project) {
  let root = project.projectPath;
  try {
    const config = JSON.parse(fs.readFileSync(path.join(root, 'project.config.json'), 'utf8'));
    root = path.join(root, config.miniprogramRoot || '');
  } catch (e) {
    // a project without a configuration
  }
  const found = {};
  (function walk(folder, name) {
    fs.readdirSync(folder, { withFileTypes: true }).forEach(entry => {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory()) {
        if (entry.name !== 'node_modules' && entry.name !== '.git') {
          walk(file, name + entry.name + '/');
        }
      } else if (entry.name !== 'project.config.json') {
        found[name + entry.name] = fs.readFileSync(file);
      }
    });
  })(root, '/');
  return found;
}

/** The byte 0xBE, an index of names with offset and length, then the bytes. */
function pack(all) {
  const names = Object.keys(all).map(name => Buffer.from(name));
  const contents = Object.keys(all).map(name => all[name]);
  const index = names.reduce((sum, name) => sum + 12 + name.length, 18);
  const head = Buffer.alloc(index);
  head[0] = 0xBE;
  head[13] = 0xED;
  head.writeUInt32BE(names.length, 14);
  let at = 18;
  let offset = index;
  names.forEach((name, i) => {
    at = head.writeUInt32BE(name.length, at);
    at += name.copy(head, at);
    at = head.writeUInt32BE(offset, at);
    at = head.writeUInt32BE(contents[i].length, at);
    offset += contents[i].length;
  });
  return zlib.gzipSync(Buffer.concat([head].concat(contents)));
}

async function send(name, options, query) {
  const say = message => options.onProgressUpdate({ id: message, message, status: 'doing' });
  say('compiling');
  const all = files(options.project);
  await ask('getattr', { appid: options.project.appid, signature: await signature(options.project) });
  all['/ci.signature'] = Buffer.from(JSON.stringify({ signature: await signature(options.project), version: VERSION }));
  say('upload');
  query = Object.assign({ type: options.project.type, appid: options.project.appid, robot: options.robot || 1 }, query);
  const answer = await call(name, query, pack(all), 'application/octet-stream');
  say('done');
  return answer.body;
}

exports.Project = class {
  constructor(options) {
    Object.assign(this, options);
  }
};

exports.upload = async options => {
  const body = await send('upload', options, { version: options.version, desc: options.desc || '' });
  return { subPackageInfo: body.subpackage_info, pluginInfo: body.ext_plugin_info };
};

exports.preview = async options => {
  const launch = { path: options.pagePath, scene: options.scene, query: options.searchQuery };
  const body = await send('testSourceURL', options, { version: '0.0.1', desc: options.desc || '', debugLaunchInfo: JSON.stringify(launch) });
  fs.writeFileSync(options.qrcodeOutputDest, Buffer.from(body.qrcode_img, 'base64'));
  return { subPackageInfo: body.subpackage_info, pluginInfo: body.ext_plugin_info };
};
