// The look of a report on screen and paper. It stands in the page itself: the page is kept as a file.

export const reportStyles = `
:root { color-scheme: light; --soft: #55615c; --line: #cdd6d1 }
* { box-sizing: border-box; margin: 0 }
body { font: .9375rem/1.45 system-ui, sans-serif; color: #14211c; background: #fff; padding: clamp(1rem, 3vw, 2rem); max-width: 90rem; margin-inline: auto }
h1 { font-size: 1.5rem }
h2 { font-size: 1.125rem; margin-top: 1.5rem }
.net { font-size: 1.75rem; font-weight: 700; font-variant-numeric: tabular-nums }
.soft { color: var(--soft); font-size: .875rem }
dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 13rem), 1fr)); gap: .625rem 1.5rem; margin-top: 1rem }
dt { color: var(--soft); font-size: .8125rem }
dd { overflow-wrap: anywhere; font-variant-numeric: tabular-nums }
.lines { overflow-x: auto; margin-top: .5rem }
table { border-collapse: collapse; width: 100%; font-size: .75rem }
th, td { border-bottom: 1px solid var(--line); padding: .3rem .4rem; text-align: left; vertical-align: top }
thead th { color: var(--soft); font-weight: 600 }
td { overflow-wrap: anywhere }
.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums }
tfoot { display: table-row-group; font-weight: 700 }
a { color: #0b4a3f }
@page { size: A4 landscape; margin: 12mm }
@media print {
  body { padding: 0; max-width: none }
  .lines { overflow: visible }
  thead { display: table-header-group }
  tr { break-inside: avoid }
  table { font-size: 6.5pt }
  th, td { padding: 1pt 2pt }
  .screen { display: none }
}
`
