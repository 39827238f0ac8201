#!/usr/bin/env node
import { standardOutput } from './log.js'
import { thisProcess } from './process.js'
import { run } from './run.js'

process.exit(await run(process.argv.slice(2), thisProcess(standardOutput)))
