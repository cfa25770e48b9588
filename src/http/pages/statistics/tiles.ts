// Where each district's tile stands: six columns from west to east, eight rows from north to south.

const rows = [
  ['', '', '', 'Sóc Sơn', '', ''],
  ['', '', 'Mê Linh', 'Đông Anh', '', ''],
  ['Ba Vì', 'Phúc Thọ', 'Đan Phượng', 'Tây Hồ', 'Long Biên', 'Gia Lâm'],
  ['Sơn Tây', 'Hoài Đức', 'Bắc Từ Liêm', 'Ba Đình', 'Hoàn Kiếm', ''],
  ['Thạch Thất', 'Nam Từ Liêm', 'Cầu Giấy', 'Đống Đa', 'Hai Bà Trưng', ''],
  ['Quốc Oai', 'Hà Đông', 'Thanh Xuân', 'Hoàng Mai', '', ''],
  ['Chương Mỹ', 'Thanh Oai', 'Thường Tín', 'Thanh Trì', '', ''],
  ['Mỹ Đức', 'Ứng Hòa', 'Phú Xuyên', '', '', ''],
] as const

export const tileColumns = 6
export const tileRows = rows.length

export type Tile = { readonly district: string; readonly column: number; readonly row: number }

/** Every district once, in the order of reading. */
export const tiles: readonly Tile[] = rows.flatMap((districts, row) =>
  districts.flatMap((district, column) => (district === '' ? [] : [{ district, column, row }])),
)
