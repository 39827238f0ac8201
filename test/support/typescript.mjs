// Preloaded into test processes (package.json, "tap"): lets them import TypeScript. It replaces tap's ts-node, which
// compiles every source anew in every test process and takes 1.5 s of each; what this one compiled stays in
// .tap/compiled. Types are checked by `npm run types`.

import module from 'node:module'
import { hooks } from './typescript-hooks.mjs'

// Hooks on this thread came late to Node; before, they run on one of their own.
if (module.registerHooks) module.registerHooks(hooks)
else module.register('./typescript-hooks.mjs', import.meta.url)

// Child processes may have another working directory.
process.env.NODE_OPTIONS = process.env.NODE_OPTIONS?.replace('./test/support/typescript.mjs', import.meta.url)
