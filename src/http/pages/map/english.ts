// The shopping map in English.
import type { MapTexts } from './vietnamese.ts'

export const english: MapTexts = {
  title: 'Where to pay without cash',
  nav: 'Map',
  homeLink: 'Find where to pay without cash',
  lead: (days) =>
    `Shops, petrol stations, vending machines, unattended shops and others that were really paid without cash in the last ${days} days.`,
  hours: 'Opening hours are not in the data: ask before you go far.',
  protected:
    'As of the last published month; places that would be recognized because there are too few merchants are not shown.',
  sector: 'Sector',
  anySector: 'Any sector',
  district: 'District',
  anyDistrict: 'Any district',
  method: 'Way to pay',
  anyMethod: 'Any way',
  methods: { qr: 'VietQR', card: 'Card' },
  find: 'Find',
  list: 'List',
  none: 'There is no such place.',
  asOf: (day) => `Places that were paid in the time up to ${day}.`,
  wrong: 'This address asks for something that the page does not know.',
  methodsHere: 'Pay by',
  first: 'Back to the first page',
  more: 'Show more',
  pages: 'Pages of the list',
  map: 'Map of the places that fit; each is in the list below, too.',
  showOnMap: 'Show on the map',
  zoomIn: 'Zoom in',
  zoomOut: 'Zoom out',
  many: (max) => `The map draws the first ${max} places: filter to see others.`,
  broken: 'The map could not be loaded; the list is complete without it.',
  download: 'Download GeoJSON',
}
