// The sectors of Hanoi's targets and the kinds of terminal, as published in the API. Published names are for ever.

export const sectors = [
  'supermarket',
  'shopping-centre',
  'modern-distribution',
  'convenience',
  'petrol-station',
  'unattended-shop',
  'vending',
  'market',
  'restaurant',
  'electricity',
  'water',
  'telecom',
  'public-service',
  'other',
] as const
export type Sector = (typeof sectors)[number]

export const terminalKinds = ['pos', 'qr-display', 'pump', 'vending', 'kiosk'] as const
export type TerminalKind = (typeof terminalKinds)[number]
