// The districts of the seeded city: about how much of Hanoi's trade each has, and where its middle is.

export type District = {
  readonly name: string
  readonly weight: number
  readonly lat: number
  readonly lng: number
}

const district = (name: string, weight: number, lat: number, lng: number): District => ({
  name,
  weight,
  lat,
  lng,
})

export const districts: readonly District[] = [
  district('Ba Đình', 50, 21.034, 105.823),
  district('Ba Vì', 12, 21.199, 105.423),
  district('Bắc Từ Liêm', 45, 21.069, 105.755),
  district('Cầu Giấy', 60, 21.031, 105.79),
  district('Chương Mỹ', 18, 20.887, 105.654),
  district('Đan Phượng', 12, 21.117, 105.668),
  district('Đông Anh', 40, 21.146, 105.848),
  district('Đống Đa', 75, 21.013, 105.827),
  district('Gia Lâm', 35, 21.017, 105.95),
  district('Hà Đông', 60, 20.957, 105.756),
  district('Hai Bà Trưng', 65, 21.006, 105.857),
  district('Hoài Đức', 20, 21.033, 105.704),
  district('Hoàn Kiếm', 70, 21.029, 105.852),
  district('Hoàng Mai', 60, 20.974, 105.863),
  district('Long Biên', 55, 21.037, 105.894),
  district('Mê Linh', 18, 21.185, 105.715),
  district('Mỹ Đức', 8, 20.684, 105.713),
  district('Nam Từ Liêm', 50, 21.017, 105.761),
  district('Phú Xuyên', 12, 20.73, 105.908),
  district('Phúc Thọ', 9, 21.111, 105.549),
  district('Quốc Oai', 12, 20.993, 105.64),
  district('Sóc Sơn', 22, 21.258, 105.848),
  district('Sơn Tây', 16, 21.138, 105.505),
  district('Tây Hồ', 35, 21.07, 105.819),
  district('Thạch Thất', 16, 21.058, 105.573),
  district('Thanh Oai', 12, 20.858, 105.782),
  district('Thanh Trì', 28, 20.934, 105.85),
  district('Thanh Xuân', 55, 20.995, 105.81),
  district('Thường Tín', 16, 20.846, 105.866),
  district('Ứng Hòa', 10, 20.72, 105.8),
]
