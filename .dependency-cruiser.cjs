/** The house's rules: which folder may import what. See docs/decisions and README, "How it fits together". */
const onlyIn = (name, folder) => ({
  name: `${name.replace(/[^a-z]/g, '-')}-only-in-one-folder`,
  comment: `${name} is imported in ${folder} alone`,
  severity: 'error',
  from: { path: '^src', pathNot: `^${folder}` },
  to: { path: `node_modules/${name}(/|$)` },
});

const notTo = (name, from, to, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { path: to },
});

module.exports = {
  forbidden: [
    {
      name: 'no-cycle',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-orphan',
      severity: 'error',
      from: { orphan: true, path: '^src/runtime', pathNot: '\\.d\\.ts$' },
      to: {},
    },
    notTo('nothing-imports-commands', '^src/(runtime|modules)', '^src/commands', 'the runtime knows no command line'),
    notTo(
      'nothing-imports-modules',
      '^src/(runtime|commands)',
      '^src/modules',
      'stock modules are installed like any other',
    ),
    {
      name: 'modules-import-ocrhub-alone',
      comment: 'what a user copies and edits imports "ocrhub" and its own files',
      severity: 'error',
      from: { path: '^src/modules/([^/]+)/' },
      to: { path: '^(src|node_modules)', pathNot: ['^src/modules/$1/', '^src/runtime/index', '^dist/runtime/index'] },
    },
    notTo(
      'pipeline-knows-no-server',
      '^src/runtime/(ocr|image|geometry|inference|models)',
      '^src/runtime/(http|serving|registry|client)',
      'the pipeline can be used without a server',
    ),
    notTo(
      'stages-below-ocr',
      '^src/runtime/(image|geometry|inference|models)',
      '^src/runtime/ocr',
      'pictures, maths and engine know no pipeline',
    ),
    notTo(
      'registry-knows-no-pipeline',
      '^src/runtime/registry',
      '^src/runtime/(ocr|image|geometry|inference|models|http|serving|client|convert)',
      'what is installed may be any module',
    ),
    notTo(
      'http-knows-no-pool',
      '^src/runtime/http',
      '^src/runtime/(serving|registry|client|inference)',
      'the HTTP side knows an interface only',
    ),
    onlyIn('@oclif/core', 'src/commands/'),
    onlyIn('cli-progress', 'src/commands/'),
    onlyIn('express', 'src/runtime/http/'),
    onlyIn('onnxruntime-node', 'src/runtime/inference/'),
    onlyIn('sharp', 'src/runtime/image/'),
    onlyIn('clipper-lib', 'src/runtime/geometry/'),
    onlyIn('esbuild', 'src/runtime/registry/compile'),
    onlyIn('semver', 'src/runtime/registry/'),
    onlyIn('undici', 'src/runtime/models/'),
    onlyIn('yaml', 'src/runtime/models/'),
    onlyIn('conf', 'src/runtime/user-defaults'),
    onlyIn('leven', 'src/runtime/nearest'),
    onlyIn('zod', 'src/runtime/schema'),
    onlyIn('pidusage', 'src/runtime/serving/'),
    onlyIn('pino', 'src/runtime/serving/'),
    onlyIn('rotating-file-stream', 'src/runtime/serving/'),
    onlyIn('prom-client', 'src/runtime/serving/'),
    onlyIn('write-file-atomic', 'src/runtime/files/'),
  ],
  options: {
    doNotFollow: { path: 'node_modules|^dist' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'default'] },
  },
};
