// Loaded before a command with --import: counts the calls that change files below some folders, and at one of them kills the process or
// fails as a full disk would. Nothing of it is in the program itself. The environment says what to do:
//
//   FAULT_BELOW  the folders, separated by newlines
//   FAULT_ENTRY  part of the path of the process's own file, such as bin/run.js; other processes are left alone
//   FAULT_ARMED  a file; calls count when it exists
//   FAULT_LOG    a file that gets a line for each call
//   FAULT_AT     the number of the call, from 1, or 0 for each; without it calls are only counted
//   FAULT_KIND   kill, half: the process is killed before the call, or in its middle. pause: the call comes a second later. Otherwise the
//                code of the error of the call.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import os from 'node:os';
import path from 'node:path';

const { FAULT_BELOW = '', FAULT_ENTRY = '', FAULT_ARMED, FAULT_LOG, FAULT_AT, FAULT_KIND = 'kill' } = process.env;
const folders = FAULT_BELOW.split('\n').filter((folder) => folder !== '');
const { appendFileSync, writeSync, writeFileSync, readdirSync, rmSync, cpSync, mkdirSync, existsSync } = fs;
const plainOpen = fs.promises.open;

/** Calls with a path that change something. `rename`, `link`, `symlink`, `copyFile` and `cp` change what their second path names. */
const changing = [
  ...['writeFile', 'appendFile', 'mkdir', 'mkdtemp', 'rm', 'rmdir', 'unlink', 'truncate', 'chmod', 'utimes'],
  ...['rename', 'link', 'symlink', 'copyFile', 'cp'],
];
const withTarget = new Set(['rename', 'link', 'symlink', 'copyFile', 'cp']);
/** Calls with a descriptor. */
const changingOpened = ['write', 'writev', 'ftruncate', 'fsync', 'fdatasync'];
const changingHandle = ['write', 'writev', 'writeFile', 'appendFile', 'truncate', 'sync', 'datasync'];
/** What the system calls those that have another name in Node. */
const syscalls = {
  ...{ writeFile: 'write', appendFile: 'write', writev: 'write', truncate: 'ftruncate', sync: 'fsync' },
  ...{ datasync: 'fdatasync', utimes: 'utime', cp: 'mkdir', rm: 'unlink' },
};
const withoutPath = new Set(changingOpened);

let calls = 0;
/** The files of descriptors. */
const opened = new Map();

if (folders.length > 0 && process.argv[1]?.includes(FAULT_ENTRY) === true) {
  for (const name of changing) {
    wrap(fs.promises, name, (args) => placeOf(name, args));
    wrapCallback(name, (args) => placeOf(name, args));
    wrap(fs, `${name}Sync`, (args) => placeOf(name, args));
  }
  for (const name of changingOpened) {
    wrapCallback(name, ([fd]) => opened.get(fd));
    wrap(fs, `${name}Sync`, ([fd]) => opened.get(fd));
  }
  wrapOpen();
  syncBuiltinESMExports();
}

/** The path that a call changes, if it lies below the folders. */
function placeOf(name, args) {
  const place = args[withTarget.has(name) ? 1 : 0];
  return typeof place === 'number' ? opened.get(place) : below(place);
}

function below(place) {
  if (typeof place !== 'string') return undefined;
  const absolute = path.resolve(place);
  return folders.some((folder) => absolute === folder || absolute.startsWith(folder + path.sep)) ? absolute : undefined;
}

/** Functions that return a value or a promise. */
function wrap(owner, name, find) {
  const plain = owner[name];
  if (plain === undefined) return;
  owner[name] = function (...args) {
    const place = find(args);
    if (place === undefined) return plain.apply(this, args);
    try {
      return around(name, place, args, () => plain.apply(this, args));
    } catch (error) {
      if (name.endsWith('Sync')) throw error;
      return Promise.reject(error);
    }
  };
}

/** Functions that call back. */
function wrapCallback(name, find) {
  const plain = fs[name];
  if (plain === undefined) return;
  const wrapped = function (...args) {
    const place = find(args);
    const callback = args.at(-1);
    if (place === undefined || typeof callback !== 'function') return plain.apply(this, args);
    try {
      around(name, place, args, () => undefined);
    } catch (error) {
      process.nextTick(callback, error);
      return undefined;
    }
    return plain.apply(this, args);
  };
  // `util.promisify` has a function of its own for some.
  fs[name] = Object.defineProperties(wrapped, Object.getOwnPropertyDescriptors(plain));
}

function wrapOpen() {
  const plainSync = fs.openSync;
  const plainCallback = fs.open;
  const isWriting = (flags = 'r') => (typeof flags === 'number' ? (flags & 0o103) !== 0 : /[wax+]/.test(flags));
  fs.openSync = (file, flags, mode) => {
    const place = isWriting(flags) ? below(file) : undefined;
    if (place === undefined) return plainSync(file, flags, mode);
    return around('openSync', place, [], () => {
      const fd = plainSync(file, flags, mode);
      opened.set(fd, place);
      return fd;
    });
  };
  fs.open = (file, ...rest) => {
    const callback = rest.at(-1);
    const flags = rest.length > 1 ? rest[0] : 'r';
    const place = isWriting(flags) ? below(file) : undefined;
    if (place === undefined) return plainCallback(file, ...rest);
    try {
      around('open', place, [], () => undefined);
    } catch (error) {
      process.nextTick(callback, error);
      return undefined;
    }
    return plainCallback(file, ...rest.slice(0, -1), (error, fd) => {
      if (error === null) opened.set(fd, place);
      callback(error, fd);
    });
  };
  fs.promises.open = async (file, flags, mode) => {
    const place = isWriting(flags) ? below(file) : undefined;
    if (place === undefined) return plainOpen(file, flags, mode);
    const handle = await around('open', place, [], () => plainOpen(file, flags, mode));
    for (const name of changingHandle) wrap(handle, name, () => place);
    return handle;
  };
}

/** Counts a call, and does what is to be done at this one. */
function around(name, place, args, call) {
  if (FAULT_ARMED !== undefined && !existsSync(FAULT_ARMED)) return call();
  calls++;
  if (FAULT_LOG !== undefined) appendFileSync(FAULT_LOG, `${calls} ${name} ${place}\n`);
  if (!isNow()) return call();
  if (FAULT_KIND === 'pause') {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000);
    return call();
  }
  if (FAULT_KIND === 'kill') die();
  if (FAULT_KIND === 'half') {
    doHalf(name, place, args);
    die();
  }
  throw errorOf(name, place, args);
}

function isNow() {
  return FAULT_AT === '0' || String(calls) === FAULT_AT;
}

/** What a call has done when it is interrupted in its middle. */
function doHalf(name, place, args) {
  if (/^(write|append)/.test(name)) {
    const data =
      name.includes('File') && typeof args[1] !== 'function' && args.length > 1
        ? args[1]
        : args.find((arg) => typeof arg === 'string' || ArrayBuffer.isView(arg));
    const bytes =
      typeof data === 'string'
        ? Buffer.from(data)
        : Buffer.from(data?.buffer ?? [], data?.byteOffset, data?.byteLength);
    const half = bytes.subarray(0, Math.floor(bytes.length / 2));
    if (typeof args[0] === 'number') writeSync(args[0], half);
    else if (name.startsWith('append')) appendFileSync(place, half);
    else writeFileSync(place, half);
  } else if (/^rm(Sync)?$/.test(name) && existsSync(place) && fs.statSync(place).isDirectory()) {
    const entries = readdirSync(place);
    for (const entry of entries.slice(0, Math.ceil(entries.length / 2)))
      rmSync(path.join(place, entry), { recursive: true, force: true });
  } else if (/^cp(Sync)?$/.test(name) && fs.statSync(args[0]).isDirectory()) {
    mkdirSync(place, { recursive: true });
    const [first] = readdirSync(args[0]);
    if (first !== undefined) cpSync(path.join(args[0], first), path.join(place, first), { recursive: true });
  }
}

/** As the system says it: only a call that has a path names one, and `rename` and its like name both of theirs. */
function errorOf(name, place, args) {
  const plain = name.replace(/Sync$/, '');
  const isOpening = /^(writeFile|appendFile)$/.test(plain) && ['EACCES', 'EROFS', 'EMFILE'].includes(FAULT_KIND);
  const syscall = isOpening ? 'open' : (syscalls[plain] ?? plain.toLowerCase());
  const paths = withoutPath.has(syscall)
    ? {}
    : withTarget.has(plain) && syscall !== 'mkdir'
      ? { path: args[0], dest: place }
      : { path: place };
  const errno = os.constants.errno[FAULT_KIND];
  const error = new Error(`${FAULT_KIND}: a fault that was asked for, ${[syscall, ...Object.values(paths)].join(' ')}`);
  return Object.assign(error, { errno: -errno, code: FAULT_KIND, syscall, ...paths });
}

function die() {
  process.kill(process.pid, 'SIGKILL');
  // The signal may take a moment.
  for (;;);
}
