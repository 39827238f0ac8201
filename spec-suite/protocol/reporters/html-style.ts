/** Light and dark, on paper and on a phone. */
export const style = `
:root {
  color-scheme: light dark;
  --back: #fbfaf8; --card: #ffffff; --ink: #22252a; --soft: #666d76; --line: #e5e3df; --code: #f3f1ed;
  --passed: #1d7f4f; --failed: #c2352b; --known: #9a6a00; --skipped: #55759c; --unproved: #8d9299; --link: #2458b3;
  --failed-back: #fdf0ee;
}
@media (prefers-color-scheme: dark) {
  :root {
    --back: #15171b; --card: #1c1f24; --ink: #e4e6e9; --soft: #9aa1ab; --line: #2e323a; --code: #262a31;
    --passed: #4cbb83; --failed: #f0776d; --known: #dba73c; --skipped: #83a5cf; --unproved: #7d838d; --link: #8db4f5;
    --failed-back: #2b1d1e;
  }
}
* { box-sizing: border-box }
[hidden] { display: none !important }
html { scroll-padding-top: 5rem }
body {
  margin: 0 auto; padding: 2.5rem 1.5rem 4rem; max-width: 66rem; background: var(--back); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif;
}
a { color: var(--link); text-decoration-thickness: 1px; text-underline-offset: 2px }
code, pre, .number, .at, .who { font-family: ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace }
code { font-size: .82em; background: var(--code); border-radius: 4px; padding: .1em .35em; overflow-wrap: anywhere }
h1 { margin: 0; font-size: clamp(1.5rem, 4vw, 2.2rem); line-height: 1.2; letter-spacing: -.02em; overflow-wrap: anywhere }
h2 { margin: 3rem 0 .5rem; font-size: 1.4rem; letter-spacing: -.01em }
h3 { margin: 2rem 0 .5rem; font-size: 1.05rem }
h3 span { color: var(--soft); margin-right: .3rem }
h4 { margin: 0; font-size: 1rem; font-weight: 600 }
.eyebrow { margin: 0 0 .4rem; color: var(--soft); font-size: .8rem; letter-spacing: .08em; text-transform: uppercase }
.meta, .totals, .place, footer { color: var(--soft) }
.meta { margin: .4rem 0 1.8rem }
.totals { margin: .9rem 0 0 }
.place { display: block; margin: .15rem 0; font-size: .85rem; font-weight: 400 }
.note { border-left: 3px solid var(--known); padding: .2rem .8rem; margin: 1rem 0 }
.sr { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }
footer { margin-top: 4rem; padding-top: 1rem; border-top: 1px solid var(--line); font-size: .85rem }

.bar { display: flex; gap: 2px; border-radius: 99px; overflow: hidden; background: var(--line) }
.wide .bar { height: 14px }
.narrow .bar { height: 5px }
.bar i { min-width: 4px }
.summary ul { display: flex; flex-wrap: wrap; gap: .3rem 1.4rem; list-style: none; margin: .7rem 0 0; padding: 0 }
.narrow ul { margin: .35rem 0 .7rem; gap: .2rem 1rem; font-size: .82rem; color: var(--soft) }
.wide b { font-size: 1.5rem; letter-spacing: -.02em; margin-right: .15rem }
.summary li::before { content: ''; display: inline-block; width: .6em; height: .6em; margin-right: .45em; border-radius: 50% }
i.passed, li.passed::before { background: var(--passed) }
i.failed, li.failed::before { background: var(--failed) }
i.known-failure, li.known-failure::before { background: var(--known) }
i.skipped, li.skipped::before { background: var(--skipped) }
i.unproved, li.unproved::before { background: var(--unproved); opacity: .6 }

.badge {
  display: inline-grid; place-items: center; flex: none; width: 1.35em; height: 1.35em; border-radius: 50%;
  font-size: .82rem; font-weight: 700; line-height: 1; color: var(--card); background: var(--unproved); position: relative;
}
.badge.passed { background: var(--passed) }
.badge.failed { background: var(--failed) }
.badge.known-failure, .badge.unexpected-pass { background: var(--known) }
.badge.skipped { background: var(--skipped) }
.badge.unproved { color: var(--soft); background: none; box-shadow: inset 0 0 0 1.5px var(--line) }

summary { cursor: pointer }
.facts { margin-top: 1rem }
.facts > summary { color: var(--soft) }
.facts dl { columns: 17rem; column-gap: 2rem; margin: .8rem 0 0; font-size: .9rem }
.facts dl div { display: flex; gap: 1rem; justify-content: space-between; break-inside: avoid; border-bottom: 1px solid var(--line); padding: .2rem 0 }
.facts dd { margin: 0; text-align: right; overflow-wrap: anywhere }
.facts dt { color: var(--soft) }
.failed-cases ul { list-style: none; padding: 0; margin: .8rem 0 }
.failed-cases li { padding: .3rem 0; display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 0 .6rem; align-items: baseline }
.failed-cases .place { grid-column: 2 }
.comparison > details > summary { margin: 1rem 0 .4rem }


#filters {
  position: sticky; top: 0; z-index: 1; display: flex; flex-wrap: wrap; gap: .6rem 1rem; align-items: center;
  margin: 2.5rem -1.5rem 0; padding: .7rem 1.5rem; background: var(--back); border-bottom: 1px solid var(--line);
}
fieldset { display: flex; flex-wrap: wrap; min-width: 0; border: 1px solid var(--line); border-radius: 8px; padding: 2px; margin: 0; background: var(--card) }
legend { position: absolute; clip-path: inset(50%) }
label { cursor: pointer }
label input { position: absolute; opacity: 0; width: 1px }
label span { display: block; padding: .15rem .7rem; border-radius: 6px; font-size: .9rem; color: var(--soft) }
label :checked + span { background: var(--ink); color: var(--card) }
label :focus-visible + span { outline: 2px solid var(--link); outline-offset: 1px }
#words { font: inherit; font-size: .9rem; color: inherit; flex: 1; min-width: 10rem; padding: .3rem .7rem; border: 1px solid var(--line); border-radius: 8px; background: var(--card) }
#nothing { color: var(--soft); margin: 3rem 0; text-align: center }

.statement { border: 1px solid var(--line); border-bottom-width: 0; background: var(--card) }
.chapter .statement:last-child { border-bottom-width: 1px; border-radius: 0 0 8px 8px }
.narrow + .statement { border-radius: 8px 8px 0 0 }
.narrow + .statement:last-child { border-radius: 8px }
.statement > summary { display: flex; gap: .8rem; padding: .5rem .9rem; list-style: none; align-items: baseline }
.statement > summary::-webkit-details-marker { display: none }
.statement > summary:hover { background: var(--code) }
.statement > summary .badge { align-self: start; margin-top: .15rem }
.statement.failed > summary { background: var(--failed-back) }
.number { flex: none; width: 5.2rem; font-size: .85rem; color: var(--soft) }
.text { min-width: 0; overflow-wrap: anywhere }
.statement.unproved .text, .statement.skipped .text { color: var(--soft) }
.inside { padding: .2rem 1rem 1rem 3rem }
.case { border-left: 3px solid var(--line); padding: .1rem 0 .1rem 1rem; margin: .9rem 0 }
.case.failed { border-color: var(--failed) }
.case.passed { border-color: var(--passed) }
.case.known-failure, .case.unexpected-pass { border-color: var(--known) }
.case:target { background: var(--code) }
.elsewhere { margin: .4rem 0 }
.failure { margin: .6rem 0 }
.failure div { display: flex; gap: 1rem }
.failure dt { flex: none; width: 5rem; color: var(--soft) }
.failure dd { margin: 0; min-width: 0; overflow-wrap: anywhere }
.came { color: var(--failed); font-weight: 600 }
.fault { overflow-x: auto; background: var(--code); padding: .8rem; border-radius: 8px; font-size: .8rem }

.dialogue { margin-top: .4rem; font-size: .88rem }
.dialogue > summary { color: var(--soft) }
.dialogue ol { list-style: none; margin: .5rem 0 0; padding: .5rem 0; border-radius: 8px; background: var(--code) }
.dialogue li { display: grid; grid-template-columns: 4.6rem 7rem 1rem minmax(0, 1fr); gap: .6rem; padding: .12rem .8rem }
.dialogue .at, .dialogue .who { font-size: .8rem; color: var(--soft); overflow-wrap: anywhere; padding-top: .1rem }
.dialogue .at { text-align: right }
.dialogue .words { overflow-wrap: anywhere }
.dialogue .words code { display: block; padding: 0; background: none; color: var(--soft) }
.dialogue .sent .arrow { color: var(--link) }
.dialogue .received .arrow { color: var(--passed) }
.dialogue .event .words { color: var(--soft); font-style: italic }
.dialogue .breach { background: var(--failed-back); box-shadow: inset 3px 0 var(--failed) }
.dialogue .breach .words { color: var(--failed); font-style: normal; font-weight: 600 }

.wide-table { overflow-x: auto }
table { width: 100%; border-collapse: collapse; font-size: .92rem }
th, td { text-align: left; vertical-align: top; padding: .6rem .8rem .6rem 0; border-bottom: 1px solid var(--line) }
th[scope=row] { font-weight: 400; width: 40% }
td .place { overflow-wrap: anywhere }
@media (max-width: 40rem) {
  body { padding: 1.5rem 1rem 3rem }
  #filters { position: static; margin-inline: 0; padding-inline: 0 }
  .statement > summary { flex-wrap: wrap; gap: .2rem .6rem }
  .text { flex-basis: 100% }
  .inside { padding-left: 1rem }
  .dialogue li { grid-template-columns: 4rem 1fr 1rem; gap: 0 .5rem }
  .dialogue .words { grid-column: 1 / -1 }
}
@media print { #filters { display: none } body { max-width: none } }
`
