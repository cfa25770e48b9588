// The look of the console, over that of every page: quiet panels, figures in rows, tables that become cards on a phone.

export const consoleStyles = `
.console-bar { background: linear-gradient(100deg, var(--screen), var(--screen-deep)); color: var(--on-screen) }
.console-bar > div { max-width: 70rem; margin-inline: auto; padding: .375rem clamp(1rem, 4vw, 2rem); display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; align-items: center; justify-content: space-between }
.console-bar nav { display: flex; flex-wrap: wrap; gap: .125rem; margin-left: -.75rem }
.console-bar nav a { color: var(--on-screen); text-decoration: none; font-size: .9375rem; padding: .5rem .75rem; border-radius: .5rem }
.console-bar nav a:hover { background: rgb(255 255 255 / .12) }
.console-bar nav a[aria-current] { background: var(--on-screen); color: #0b4a3f; font-weight: 600 }
.console-bar form { margin-left: auto; display: flex; flex-wrap: wrap; align-items: center; gap: .25rem .875rem; min-width: 0; font-size: .9375rem }
.console-bar .who { color: var(--mint); overflow-wrap: anywhere }
.console-bar button { padding: .375rem .875rem; border: 1px solid currentColor; border-radius: .5rem; background: transparent; color: var(--on-screen); font: 600 .875rem/1.4 var(--sans); cursor: pointer; min-height: 2.25rem }
.console-bar button:hover { background: rgb(255 255 255 / .12) }
.console-bar :focus-visible { outline-color: var(--on-screen) }

.console main { padding-block: clamp(1.25rem, 3vw, 2rem) clamp(2rem, 6vw, 4rem) }
.console main > * + * { margin-top: 1.25rem }
.console main > h1 + .lead { margin-top: .375rem }
.console h1 { font-size: clamp(1.5rem, 1.25rem + 1.2vw, 2rem); overflow-wrap: anywhere }
.panel { background: var(--paper); border: 1px solid var(--line); border-radius: .875rem; padding: clamp(1rem, 3vw, 1.5rem); min-width: 0 }
.panel > * + * { margin-top: .75rem }
.panel-head { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: .25rem 1rem }
.panel h2 { font-size: 1.125rem }
.none { color: var(--soft) }
.console .notice.good { background: var(--good-soft); color: var(--good) }
.console .sign-in .notice { background: var(--warn-soft); color: var(--warn); margin-top: 1rem }
.notice ul { margin-top: .25rem }
.actions { display: flex; flex-wrap: wrap; align-items: center; gap: .75rem 1.25rem }

.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 7.75rem), 1fr)); gap: 1rem 1.25rem }
.figures dt { color: var(--soft); font-size: .875rem }
.figures dd { font-size: clamp(1.25rem, 1rem + 1.2vw, 1.75rem); font-weight: 700; line-height: 1.3; font-variant-numeric: tabular-nums; letter-spacing: -.01em; overflow-wrap: anywhere }
.waiting-list { list-style: none; display: grid; gap: .5rem }
.waiting-list a { display: block; padding: .625rem .875rem; border-radius: .625rem; background: var(--warn-soft); color: var(--warn); font-weight: 600 }

.console table { width: 100%; border-collapse: collapse; font-size: .9375rem; background: var(--paper) }
.console th, .console td { padding: .625rem .75rem; text-align: left; vertical-align: middle; border-bottom: 1px solid var(--line) }
.console thead th { color: var(--soft); font-size: .8125rem; font-weight: 600; white-space: nowrap }
.console tbody tr:last-child > * { border-bottom: 0 }
.console tbody tr:hover { background: color-mix(in srgb, var(--ground) 55%, transparent) }
.console tbody th { font-weight: 500 }
.console td.number, .console th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
.console main > table { border: 1px solid var(--line); border-radius: .875rem; border-collapse: separate; border-spacing: 0; overflow: hidden }
.panel table { margin-inline: -.75rem; width: calc(100% + 1.5rem) }
.pill { display: inline-block; padding: .125rem .625rem; border-radius: 99px; font-size: .8125rem; font-weight: 600; line-height: 1.5; background: color-mix(in srgb, var(--soft) 14%, var(--paper)); color: var(--soft) }
.pill.good { background: var(--good-soft); color: var(--good) }
.pill.warn { background: var(--warn-soft); color: var(--warn) }
.pill.bad { background: var(--bad-soft); color: var(--bad) }
.list-pages { display: flex; flex-wrap: wrap; gap: .75rem }

.stack { display: grid; gap: .5rem }
.stack label, .filter label { display: grid; gap: .3rem; font-weight: 600; font-size: .9375rem; min-width: 0 }
.stack .hint { margin-bottom: .5rem }
.stack fieldset { display: grid; gap: .5rem }
.stack legend { margin-bottom: .375rem }
.stack .choice { display: flex; align-items: flex-start; gap: .6rem; font-weight: 400; padding-block: .25rem }
.stack .choice input { margin-top: .2rem }
.stack .choice > span { min-width: 0; overflow-wrap: anywhere }
.stack .choice .hint { display: block; margin: 0 }
.stack details { border: 1px solid var(--line); border-radius: .625rem; padding: .5rem .875rem }
.stack details > * + * { margin-top: .5rem }
.console summary { cursor: pointer; font-weight: 600; font-size: .9375rem; padding-block: .25rem }
.fields { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 12rem), 1fr)); gap: .75rem 1rem; align-items: end }
.filter { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 11rem), 1fr)); gap: .75rem 1rem; align-items: end }
.inline { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center }
td .inline { justify-content: flex-start; margin-top: .25rem }
.inline label { flex: 1 1 8rem; min-width: 0 }
.inline .button { padding: .4rem .875rem; min-height: 2.5rem; font-size: .9375rem }
.inline input { min-height: 2.5rem; padding-block: .4rem }
.stack textarea { display: block }
input[type=file] { padding: .45rem .5rem }
input[aria-invalid=true] { border-color: var(--bad) }

.sign-in { max-width: 30rem; margin-inline: auto !important }
.sign-in .panel { margin-top: 1.25rem }
.sign-in .stack > .hint:last-child { margin: .5rem 0 0 }
.confirm { max-width: 36rem }
.columns { display: grid; gap: 1.25rem; align-items: start }
.columns > div { display: grid; gap: 1.25rem; min-width: 0 }
.columns.even { border-top: 1px solid var(--line); padding-top: 1rem }
@media (min-width: 56rem) {
  .columns { grid-template-columns: 1.25fr 1fr }
  .columns.even { grid-template-columns: 1.5fr 1fr }
}
.timeline { list-style: none; border-left: 2px solid var(--line); margin-left: .375rem; padding-left: 1.25rem }
.timeline li { position: relative; padding-bottom: 1.125rem }
.timeline li:last-child { padding-bottom: 0 }
.timeline li::before { content: ''; position: absolute; left: calc(-1.25rem - 7px); top: .45rem; width: .75rem; height: .75rem; border-radius: 50%; background: var(--press); border: 2px solid var(--paper) }
.timeline time { color: var(--soft); font-size: .8125rem; font-variant-numeric: tabular-nums }
.timeline p { line-height: 1.45 }
.timeline .number { font-variant-numeric: tabular-nums; white-space: nowrap }
.timeline .hint { overflow-wrap: anywhere }

.progress { display: grid; gap: .375rem }
.progress progress { width: 100%; height: .875rem; accent-color: var(--press) }

@media screen and (max-width: 47.9rem) {
  .console table, .console tbody, .console tr, .console td, .console tbody th, .console caption { display: block }
  .console thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }
  .console tbody tr { display: flex; flex-direction: column; padding: .75rem; border-bottom: 1px solid var(--line) }
  .console tbody th { order: -2 }
  .console tbody td.number { order: -1; font-weight: 600; white-space: normal }
  .console tbody tr:last-child { border-bottom: 0 }
  .console tbody td, .console tbody th { display: flex; justify-content: space-between; gap: 1rem; align-items: baseline; border: 0; padding: .2rem 0; text-align: right; overflow-wrap: anywhere }
  .console tbody td:empty { display: none }
  .console tbody td::before, .console tbody th::before { content: attr(data-column); color: var(--soft); font-size: .8125rem; font-weight: 400; text-align: left; flex: none; max-width: 45% }
  .console tbody td > *, .console tbody th > * { min-width: 0 }
}
@media print {
  .console-bar, .filter, .list-pages, .console form, .console .actions { display: none !important }
  .console main { max-width: none; padding: 0 }
  .panel { border: 0; padding: 0; break-inside: auto }
  .console tr { break-inside: avoid }
  .console thead { display: table-header-group }
  .console table { font-size: .8125rem }
  .console th, .console td { padding: .3rem .4rem }
  .console main > table, .panel table { border-radius: 0; margin: 0; width: 100% }
  .columns { grid-template-columns: 1fr }
  .pill { background: none !important; color: inherit !important; padding: 0 }
}
`
