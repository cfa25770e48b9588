// Where an establishment can be: Hanoi's districts by name, and the country by its corners.

/** The thirty districts that Hanoi had from 2008 to mid 2025, which the targets of 2017 and 2018 are about. */
export const districts = [
  'Ba Đình',
  'Ba Vì',
  'Bắc Từ Liêm',
  'Cầu Giấy',
  'Chương Mỹ',
  'Đan Phượng',
  'Đông Anh',
  'Đống Đa',
  'Gia Lâm',
  'Hà Đông',
  'Hai Bà Trưng',
  'Hoài Đức',
  'Hoàn Kiếm',
  'Hoàng Mai',
  'Long Biên',
  'Mê Linh',
  'Mỹ Đức',
  'Nam Từ Liêm',
  'Phú Xuyên',
  'Phúc Thọ',
  'Quốc Oai',
  'Sóc Sơn',
  'Sơn Tây',
  'Tây Hồ',
  'Thạch Thất',
  'Thanh Oai',
  'Thanh Trì',
  'Thanh Xuân',
  'Thường Tín',
  'Ứng Hòa',
] as const

/** Tone marks stand in two places in some names (Hòa, Hoà), and are left out by many. */
const plain = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replaceAll(/[đĐ]/g, 'd')
    .toLowerCase()
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/^(quan|huyen|thi xa) /, '')

const byName = new Map<string, string>(districts.map((name) => [plain(name), name]))

/** The district as it is published, whether with or without "Quận", marks and capitals; undefined where there is none of that name. */
export const districtOf = (text: string): string | undefined => byName.get(plain(text))

/** Degrees north and east of the mainland and its near islands. */
const corners = { south: 8, north: 23.5, west: 102, east: 110 } as const

export const inVietnam = ({ lat, lng }: { lat: number; lng: number }): boolean =>
  lat >= corners.south && lat <= corners.north && lng >= corners.west && lng <= corners.east
