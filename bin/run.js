#!/usr/bin/env node
import { execute } from '@oclif/core';

// oclif's own --version knows nothing of the engine.
const [first, ...rest] = process.argv.slice(2);
const args = first === '--version' ? ['version', ...rest] : process.argv.slice(2);

await execute({ args, dir: import.meta.url });
