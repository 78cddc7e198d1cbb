// Colours reduced to what a terminal can show. The series and scale colours have hand-picked table entries
// (nearest-colour rounding would merge orange with vermillion, and neighbouring steps of the scales); anything else
// goes to the nearest entry of the xterm table, greys included, by squared distance.

extension Color {
  /// The nearest colour that a terminal of this depth has; `.terminal` in mono.
  public func reduced(to depth: ColorDepth) -> Color {
    switch (depth, self) {
    case (.direct, _), (_, .terminal): return self
    case (.mono, _): return .terminal
    case (.indexed256, .ansi): return self
    case (.indexed256, .rgb(let r, let g, let b)):
      return .ansi(Color.picks256[packed & 0xFF_FFFF] ?? Color.nearest256(r, g, b))
    case (.ansi16, .ansi(let index)):
      if index < 16 { return self }
      let (r, g, b) = Color.components(index)
      return .ansi(Color.nearest16(r, g, b))
    case (.ansi16, .rgb(let r, let g, let b)):
      return .ansi(Color.picks16[packed & 0xFF_FFFF] ?? Color.nearest16(r, g, b))
    }
  }

  /// Red, green and blue of the colour, the xterm defaults for table entries; nil for the terminal's own colour.
  public var components: (red: UInt8, green: UInt8, blue: UInt8)? {
    switch self {
    case .terminal: nil
    case .ansi(let index): Color.components(index)
    case .rgb(let r, let g, let b): (r, g, b)
    }
  }

  /// CIE L* from 0 (black) to 100 (white), sRGB and D65; nil for the terminal's own colour.
  public var lightness: Double? {
    guard let (r, g, b) = components else { return nil }
    func linear(_ byte: UInt8) -> Double {
      let c = Double(byte) / 255
      return c <= 0.04045 ? c / 12.92 : power((c + 0.055) / 1.055, 2.4)
    }
    let y = 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
    return y > 216.0 / 24389 ? 116 * power(y, 1.0 / 3) - 16 : y * 24389 / 27
  }

  /// Black or white, whichever reads better on this colour.
  public var readableInk: Color { (lightness ?? 0) > 55 ? .ansi(16) : .ansi(231) }

  // Okabe–Ito and the viridis steps → xterm-256 entries.
  private static let picks256: [UInt32: UInt8] = [
    0xE69F00: 214, 0x56B4E9: 74, 0x009E73: 35, 0xF0E442: 227, 0x0072B2: 25, 0xD55E00: 166, 0xCC79A7: 175,
    0x440154: 53, 0x46337E: 54, 0x365C8D: 24, 0x277F8E: 30, 0x1FA187: 36, 0x4AC16D: 77, 0x9FDA3A: 149, 0xFDE725: 227,
  ]

  // Okabe–Ito and the series of the light theme → the sixteen of the palette.
  private static let picks16: [UInt32: UInt8] = [
    0xE69F00: 3, 0x56B4E9: 6, 0x009E73: 2, 0xF0E442: 11, 0x0072B2: 4, 0xD55E00: 1, 0xCC79A7: 5,
    0x005FAF: 4, 0xD75F00: 1, 0x005F00: 2, 0xAF5FAF: 5, 0x878787: 8, 0x87005F: 13, 0x0000AF: 0,
  ]

  private static let levels: [Int] = [0, 95, 135, 175, 215, 255]

  private static let palette16: [(UInt8, UInt8, UInt8)] = [
    (0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0), (0, 0, 238), (205, 0, 205), (0, 205, 205), (229, 229, 229),
    (127, 127, 127), (255, 0, 0), (0, 255, 0), (255, 255, 0), (92, 92, 255), (255, 0, 255), (0, 255, 255),
    (255, 255, 255),
  ]

  private static func components(_ index: UInt8) -> (UInt8, UInt8, UInt8) {
    let i = Int(index)
    if i < 16 { return palette16[i] }
    if i >= 232 {
      let grey = UInt8(8 + 10 * (i - 232))
      return (grey, grey, grey)
    }
    let cube = i - 16
    return (UInt8(levels[cube / 36]), UInt8(levels[cube / 6 % 6]), UInt8(levels[cube % 6]))
  }

  private static func distance(_ a: (UInt8, UInt8, UInt8), _ r: UInt8, _ g: UInt8, _ b: UInt8) -> Int {
    let dr = Int(a.0) - Int(r)
    let dg = Int(a.1) - Int(g)
    let db = Int(a.2) - Int(b)
    return 2 * dr * dr + 4 * dg * dg + 3 * db * db
  }

  private static func nearest256(_ r: UInt8, _ g: UInt8, _ b: UInt8) -> UInt8 {
    func step(_ value: UInt8) -> Int {
      let v = Int(value)
      return v < 48 ? 0 : v < 115 ? 1 : (v - 35) / 40
    }
    let cube = UInt8(16 + 36 * step(r) + 6 * step(g) + step(b))
    let mean = (Int(r) + Int(g) + Int(b)) / 3
    let grey = UInt8(232 + min(23, max(0, (mean - 3) / 10)))
    return distance(components(grey), r, g, b) < distance(components(cube), r, g, b) ? grey : cube
  }

  private static func nearest16(_ r: UInt8, _ g: UInt8, _ b: UInt8) -> UInt8 {
    let best = palette16.indices.min { distance(palette16[$0], r, g, b) < distance(palette16[$1], r, g, b) }
    return UInt8(best ?? 7)
  }
}
