// The look of the public pages of adoption: progress, tiles, lines and tables that become cards on a phone.

export const statisticsStyles = `
/* Adoption */
.statistics .ask, .map .ask { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 13rem), 1fr)); gap: .75rem 1rem; align-items: start; margin-top: 1.5rem; padding: clamp(1rem, 3vw, 1.5rem); background: var(--paper); border: 1px solid var(--line); border-top: .5rem solid var(--screen); border-radius: 1rem }
.ask label { display: grid; gap: .35rem; font-weight: 600; font-size: .9375rem; min-width: 0 }
.ask .hint { font-weight: 400 }
.ask .button { justify-self: start; align-self: end }
.statistics main > .notice, .as-of { margin-top: 1.25rem }
.statistics section > * + * { margin-top: 1rem }
.statistics section section { margin-top: 1.5rem }
.statistics h3 { margin-top: 1.75rem }
.statistics .year > h3 { margin-top: 0 }
.targets { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); gap: 1rem }
.target { background: var(--paper); border: 1px solid var(--line); border-radius: 1rem; padding: clamp(1rem, 3vw, 1.5rem); display: grid; gap: .75rem; align-content: start }
.target h4 { margin: 0; font-size: 1rem; line-height: 1.4 }
.reached { display: flex; flex-wrap: wrap; align-items: baseline; gap: .25rem 1rem }
.reached strong { font-size: clamp(1.75rem, 1.3rem + 2vw, 2.5rem); line-height: 1.1; font-variant-numeric: tabular-nums; letter-spacing: -.02em }
.reached span { color: var(--soft) }
.result { padding: .125rem .625rem; border-radius: 99px; font-size: .875rem; font-weight: 600; white-space: nowrap; background: var(--warn-soft); color: var(--warn) }
.reached .result { color: var(--warn) }
.result.good, .reached .result.good { background: var(--good-soft); color: var(--good) }
.gap { font-weight: 600 }
.bar { display: block; width: 100%; height: .625rem; border-radius: .25rem }
.bar.goal { height: 1.375rem }
.bar .track { fill: var(--line) }
.bar .filled { fill: var(--press) }
.bar .mark { fill: var(--ink) }
.hidden-cell { color: var(--soft) }
.statistics details { border-top: 1px dashed var(--line); padding-top: .5rem }
.statistics summary { cursor: pointer; color: var(--link); font-size: .9375rem; padding-block: .375rem; width: fit-content }
.definition dt { font-weight: 600; margin-top: .5rem }
.definition dd, .definition p { color: var(--soft); font-size: .9375rem; max-width: 44rem }

.tile-map { margin: 0; display: grid; gap: 1rem 2rem; align-items: start }
.tile-map > svg { width: 100%; max-width: 38rem; height: auto }
.tile text { text-anchor: middle; font: 600 18px/1 var(--sans); fill: #11231e }
.tile .share { font-size: 22px; font-weight: 700 }
.tile rect { stroke: rgb(9 40 33 / .35); stroke-width: 1 }
.tile.share-0 rect { fill: #f3f9c6 }
.tile.share-1 rect { fill: #b5e2c2 }
.tile.share-2 rect { fill: #4fbcc9 }
.tile.share-3 rect { fill: #225ea8 }
.tile.share-4 rect { fill: #0c2c70 }
.tile.share-3 text, .tile.share-4 text { fill: #fff }
.tile.empty rect { fill: none; stroke: var(--soft); stroke-dasharray: 5 5 }
.tile.empty text { fill: var(--soft) }
.tile.hatched rect { fill: url(#hatch) }
.hatch-ground { fill: #fff }
.hatch-line { fill: #dcdcdc }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: .25rem 1rem; font-size: .875rem }
.legend li { display: flex; gap: .4rem; align-items: center; white-space: nowrap }
@media (min-width: 56rem) {
  .tile-map { grid-template-columns: minmax(0, 38rem) 1fr }
  .legend { flex-direction: column }
}

.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); gap: 1.5rem }
.charts figure { margin: 0; min-width: 0; background: var(--paper); border: 1px solid var(--line); border-radius: 1rem; padding: clamp(.75rem, 3vw, 1.25rem) }
.charts figcaption { font-weight: 600; font-size: .9375rem; margin-bottom: .5rem }
.line-chart { width: 100%; height: auto }
.line-chart text { font: 13px/1 var(--sans); fill: var(--soft); text-anchor: middle }
.line-chart .height { text-anchor: end }
.line-chart .first { text-anchor: start }
.line-chart .last { text-anchor: end }
.line-chart .grid { stroke: var(--line); fill: none }
.line-chart .line { fill: none; stroke: var(--press); stroke-width: 2.5; stroke-linejoin: round }
.line-chart circle { fill: var(--press) }
.hidden-month path { stroke: var(--soft); stroke-width: 2; fill: none }

.statistics table { width: 100%; border-collapse: collapse; font-size: .9375rem; background: var(--paper); border: 1px solid var(--line) }
.statistics th, .statistics td { padding: .55rem .75rem; text-align: left; border-bottom: 1px solid var(--line) }
.statistics thead th { color: var(--soft); font-size: .8125rem }
.statistics tbody th { font-weight: 500 }
.statistics td.number, .statistics th.number { text-align: right; font-variant-numeric: tabular-nums }
.statistics td.number { white-space: nowrap }
.statistics td.number .hint { display: block; white-space: normal }
.statistics td .bar { display: inline-block; width: clamp(4rem, 12vw, 9rem); margin-right: .75rem; vertical-align: baseline }
.statistics td .bar + span { display: inline-block; min-width: 4rem }
.files { display: flex; flex-wrap: wrap; gap: .375rem }
.files .button { min-height: 2.25rem; padding: .3rem .75rem; font-size: .875rem; display: inline-flex; align-items: center }
@media screen and (max-width: 47.9rem) {
  .statistics table, .statistics tbody, .statistics tr, .statistics td, .statistics tbody th { display: block }
  .statistics thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }
  .statistics tbody tr { padding: .75rem; border-bottom: 1px solid var(--line) }
  .statistics tbody tr:last-child { border-bottom: 0 }
  .statistics tbody th { border: 0; padding: 0 0 .25rem; font-weight: 600 }
  .statistics tbody td, .statistics td.number { display: flex; justify-content: flex-end; gap: .25rem .75rem; align-items: center; flex-wrap: wrap; border: 0; padding: .15rem 0 }
  .statistics tbody td:empty { display: none }
  .statistics tbody td::before { content: attr(data-column); color: var(--soft); font-size: .8125rem; margin-right: auto }
  .statistics td .bar { flex: 1 1 100%; order: 1; margin: 0 }
  .statistics td .bar + span { min-width: 0 }
}
@media print {
  .statistics .ask, .statistics .downloads, .map .ask, .map .pages { display: none }
  .statistics main { max-width: none; padding: 0 }
  .statistics details::details-content { content-visibility: visible; display: block; block-size: auto }
  .statistics summary { display: none }
  .statistics tr, .target, .charts figure, .tile-map { break-inside: avoid }
  .statistics table { font-size: .8125rem }
  .tile rect, .bar rect, .legend rect { print-color-adjust: exact; -webkit-print-color-adjust: exact }
}
`
