import { html } from './html.js'
import { json } from './json.js'
import { junit } from './junit.js'
import { pretty } from './pretty.js'
import type { Reporter } from './report.js'
import { tap } from './tap.js'

export type { Report, Reporter, ReporterOptions } from './report.js'

/** A run as text, for people and for programs. `pretty`, `json` and `html` show a comparison, the others leave it out. */
export const reporters = { pretty, tap, json, junit, html } satisfies Record<string, Reporter>

export type ReporterName = keyof typeof reporters
