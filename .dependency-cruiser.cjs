/**
 * The architecture: which room (a folder of src/runtime) may import which. A room that is missing from a list may not be
 * imported. docs/architecture.md explains the rooms.
 */
const rooms = {
  // Processes.
  worker: [
    'index',
    'service',
    'options',
    'pool',
    'registry',
    'module',
    'ocr',
    'inference',
    'document',
    'trace',
    'image',
    'config',
    'values',
    'files',
    'process',
    'package',
    'errors',
  ],
  batch: [
    'pool',
    'options',
    'service',
    'document',
    'inputs',
    'worker',
    'config',
    'values',
    'files',
    'process',
    'errors',
  ],
  server: [
    'http',
    'jobs',
    'pool',
    'servers',
    'options',
    'service',
    'trace',
    'config',
    'files',
    'process',
    'package',
    'errors',
  ],
  // What a command does with servers and packages.
  leftovers: ['servers', 'authoring', 'registry', 'models', 'config', 'files'],
  servers: ['client', 'options', 'service', 'registry', 'config', 'values', 'files', 'process', 'package', 'errors'],
  authoring: ['registry', 'ocr', 'models', 'inference', 'config', 'values', 'files', 'package', 'errors'],
  search: ['registry', 'models', 'config'],
  // What others import as "ocrhub/client": it runs in browsers too.
  'fetch-client': [],
  client: ['fetch-client', 'inputs', 'document', 'pdf', 'values', 'files', 'errors'],
  outputs: ['inputs', 'document', 'image', 'geometry', 'files', 'errors'],
  inputs: ['files', 'errors'],
  // Serving.
  http: [
    'remote-files',
    'addresses',
    'jobs',
    'service',
    'document',
    'geometry',
    'trace',
    'values',
    'package',
    'errors',
  ],
  jobs: ['service', 'trace', 'files', 'errors'],
  pool: ['service', 'document', 'options', 'trace', 'config', 'process', 'package', 'errors'],
  options: ['addresses', 'service', 'registry', 'module', 'image', 'config', 'values', 'files', 'process', 'errors'],
  'remote-files': ['addresses', 'errors'],
  service: ['trace', 'document', 'module', 'values', 'errors'],
  // Modules.
  registry: ['module', 'config', 'values', 'files', 'package', 'errors'],
  index: ['module', 'ocr', 'document', 'image', 'geometry', 'trace', 'values', 'errors'],
  module: ['ocr', 'image', 'values', 'package', 'errors'],
  // The pipeline.
  ocr: [
    'document',
    'inference',
    'models',
    'image',
    'geometry',
    'trace',
    'config',
    'values',
    'files',
    'package',
    'errors',
  ],
  document: ['pdf', 'image', 'geometry', 'trace', 'package', 'errors'],
  pdf: ['image', 'geometry', 'errors'],
  inference: ['config', 'errors'],
  trace: ['models'],
  models: ['config', 'values', 'files', 'process', 'package', 'errors'],
  image: ['geometry', 'errors'],
  geometry: [],
  // Below everything.
  addresses: [],
  config: ['values', 'files', 'errors'],
  values: ['errors'],
  process: ['package', 'errors'],
  files: ['errors'],
  package: [],
  errors: [],
};

/** A room is a folder, or a file beside the folders. */
const pathOf = (room) => `^src/runtime/${room}(/|\\.ts$)`;

const roomRules = Object.entries(rooms).map(([room, allowed]) => ({
  name: `${room}-imports-only-its-rooms`,
  comment: `${room} may import ${allowed.join(', ') || 'no other room'}; the table is in .dependency-cruiser.cjs`,
  severity: 'error',
  from: { path: pathOf(room) },
  to: { path: '^src/', pathNot: [room, ...allowed].map(pathOf) },
}));

/** Packages, and the one folder or file that may import each. */
const packages = {
  '@aws-sdk/client-s3': 'src/runtime/batch/s3/',
  '@oclif/core': 'src/(commands/|main\\.ts)',
  'cli-progress': 'src/commands/',
  'string-width': 'src/commands/',
  express: 'src/runtime/http/',
  'forwarded-parse': 'src/runtime/http/access/',
  cors: 'src/runtime/http/access/',
  '@fastify/busboy': 'src/runtime/http/body/',
  '@embedpdf/pdfium': 'src/runtime/pdf/',
  '@cantoo/pdf-lib': 'src/runtime/document/searchable-pdf/',
  'bidi-js': 'src/runtime/document/searchable-pdf/',
  'ipaddr.js': 'src/runtime/remote-files/',
  fflate: 'src/runtime/document/formats/',
  open: 'src/commands/',
  preact: 'src/page/',
  'onnxruntime-node': 'src/runtime/inference/backends/',
  sharp: 'src/runtime/image/',
  'file-type': 'src/runtime/image/',
  tinyglobby: 'src/runtime/inputs/',
  'clipper-lib': 'src/runtime/geometry/',
  esbuild: 'src/runtime/registry/compile',
  'js-tokens': 'src/runtime/authoring/',
  semver: 'src/runtime/registry/',
  undici: 'src/runtime/models/',
  yaml: 'src/runtime/models/',
  conf: 'src/runtime/config/',
  leven: 'src/runtime/errors/',
  zod: 'src/runtime/values/',
  pidusage: 'src/runtime/process/',
  pino: 'src/runtime/server/',
  'rotating-file-stream': 'src/runtime/server/',
  'prom-client': 'src/runtime/server/',
  'write-file-atomic': 'src/runtime/files/',
};

/** Each folder of http/protocols/ that is a protocol. */
const protocols = ['hubserving', 'paddlex', 'paddleserving', 'rapidocr', 'liteparse', 'umiocr', 'kserve', 'azure'];

const protocolRules = protocols.map((name) => ({
  name: `${name}-is-known-to-protocols-alone`,
  comment: 'only create-protocols.ts may import a protocol; the others know the interface Protocol',
  severity: 'error',
  from: { path: '^src/runtime/', pathNot: `^src/runtime/http/protocols/(create-protocols\\.ts$|${name}/)` },
  to: { path: `^src/runtime/http/protocols/${name}/` },
}));

const packageRules = Object.entries(packages).map(([name, place]) => ({
  name: `${name.replace(/[^a-z]/g, '-')}-in-one-place`,
  comment: `only ${place} may import ${name}`,
  severity: 'error',
  from: { path: '^src', pathNot: `^${place}` },
  to: { path: `node_modules/${name}(/|$)` },
}));

module.exports = {
  forbidden: [
    {
      name: 'no-circle',
      comment: 'no circle of imports, of types neither',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphan',
      severity: 'error',
      from: { orphan: true, path: '^src/runtime', pathNot: '\\.d\\.ts$' },
      to: {},
    },
    {
      name: 'every-room-in-the-table',
      comment: 'a new folder of src/runtime needs a row in .dependency-cruiser.cjs',
      severity: 'error',
      from: { path: '^src/runtime/', pathNot: Object.keys(rooms).map(pathOf) },
      to: {},
    },
    {
      name: 'modules-import-ocrhub-alone',
      comment: 'what a user copies and edits imports "ocrhub" and its own files',
      severity: 'error',
      from: { path: '^src/modules/([^/]+)/' },
      to: { path: '^(src|node_modules)', pathNot: ['^src/modules/$1/', '^src/runtime/index', '^dist/runtime/index'] },
    },
    {
      name: 'nothing-imports-modules',
      comment: 'stock modules are installed like any other',
      severity: 'error',
      from: { path: '^src/commands' },
      to: { path: '^src/modules' },
    },
    {
      name: 'the-page-imports-the-client-alone',
      comment: 'the page of a browser shares the client of "ocrhub/client", and nothing that needs Node',
      severity: 'error',
      from: { path: '^src/page/' },
      to: { path: '^src/', pathNot: ['^src/page/', pathOf('fetch-client')] },
    },
    {
      name: 'nothing-imports-the-page',
      comment: 'the server sends the built files of dist/page',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/page/' },
      to: { path: '^src/page/' },
    },
    ...protocolRules,
    ...roomRules,
    ...packageRules,
  ],
  options: {
    doNotFollow: { path: 'node_modules|^dist' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'default'] },
  },
};
