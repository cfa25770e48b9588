// The shopping map in Vietnamese. Its shape is the shape of every language.

export const vietnamese = {
  title: 'Nơi trả được không cần tiền mặt',
  nav: 'Bản đồ',
  homeLink: 'Tìm nơi trả không tiền mặt',
  lead: (days: number) =>
    `Cửa hàng, cây xăng, máy bán hàng tự động, cửa hàng không người bán và nơi khác đã thật sự được trả không dùng tiền mặt trong ${days} ngày gần nhất.`,
  hours: 'Giờ mở cửa không có trong dữ liệu: hãy hỏi trước khi đi xa.',
  protected:
    'Danh sách theo tháng công bố gần nhất; nơi nào dễ bị nhận ra vì quá ít người bán thì không hiện.',
  sector: 'Ngành',
  anySector: 'Mọi ngành',
  district: 'Quận, huyện',
  anyDistrict: 'Mọi quận, huyện',
  method: 'Cách trả',
  anyMethod: 'Cách nào cũng được',
  methods: { qr: 'VietQR', card: 'Thẻ' },
  find: 'Tìm',
  list: 'Danh sách',
  none: 'Không có nơi nào như vậy.',
  asOf: (day: string) => `Những nơi được trả trong thời gian đến hết ngày ${day}.`,
  wrong: 'Địa chỉ này hỏi điều trang không biết.',
  methodsHere: 'Trả bằng',
  first: 'Về trang đầu',
  more: 'Xem tiếp',
  pages: 'Các trang của danh sách',
  map: 'Bản đồ các nơi trong danh sách lọc; mỗi nơi cũng có trong danh sách bên dưới.',
  showOnMap: 'Xem trên bản đồ',
  zoomIn: 'Phóng to',
  zoomOut: 'Thu nhỏ',
  many: (max: string) => `Bản đồ vẽ ${max} nơi đầu: hãy lọc để thấy nơi khác.`,
  broken: 'Bản đồ chưa tải được; danh sách vẫn đầy đủ.',
  download: 'Tải về GeoJSON',
}

export type MapTexts = typeof vietnamese
