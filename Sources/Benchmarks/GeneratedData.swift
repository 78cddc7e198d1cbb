import Foundation

/// The tables that the benchmarks measure on: orders of a shop that does not exist, the same bytes for the same seed.
/// Twenty columns: whole numbers, reals, texts of few and of many values, dates, booleans, some of them missing.
enum GeneratedData {
  static let header =
    "order_id,quantity,items_seen,price,discount,weight_kg,latitude,longitude,rating,country,category,city,sku,"
    + "customer,comment,order_date,ship_date,created_at,is_gift,is_member\n"

  /// Writes a CSV of about 170 bytes a row: a million rows make 170 MB.
  static func writeCSV(rows: Int, to path: String, seed: UInt64 = 0) throws {
    try Data().write(to: URL(fileURLWithPath: path))
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    defer { try? file.close() }
    var writer = RowWriter(seed: seed)
    writer.append(header)
    for row in 0..<rows {
      writer.appendRow(row)
      if writer.bytes.count > 1 << 20 {
        try file.write(contentsOf: writer.bytes)
        writer.bytes.removeAll(keepingCapacity: true)
      }
    }
    try file.write(contentsOf: writer.bytes)
  }
}

/// Builds rows as bytes; formatting through String would take most of the time.
private struct RowWriter {
  var bytes: [UInt8] = []
  private var state: UInt64

  private static let countries = texts("DE,FR,US,GB,JP,BR,IN,ZA,NO,MX,CA,KE")
  private static let categories = texts("books,garden,kitchen,music,outdoor,shoes,tools,toys")
  private static let syllables = texts("ka,lo,mi,ter,an,sto,vel,ri,na,do,bur,gen,hal,os,pe,ru")
  private static let words = texts(
    "arrived,broken,color,delivery,early,fine,gift,good,late,nice,order,package,quality,really,small,thanks,very,well")

  init(seed: UInt64) {
    state = seed
    bytes.reserveCapacity(2 << 20)
  }

  private static func texts(_ list: String) -> [[UInt8]] { list.split(separator: ",").map { Array($0.utf8) } }

  /// SplitMix64 (Steele, Lea and Flood 2014, doi:10.1145/2714064.2660195).
  private mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// 0..<bound, evenly enough for a benchmark.
  private mutating func below(_ bound: Int) -> Int { Int(((next() >> 32) &* UInt64(bound)) >> 32) }

  mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

  mutating func appendRow(_ row: Int) {
    number(row + 1)
    comma()
    number(1 + below(12))
    comma()
    if below(20) != 0 { number(below(400) * below(400) / 400) }
    comma()
    decimal(99 + below(20_000) * (1 + below(10)), digits: 2)
    comma()
    if below(10) < 7 { decimal(below(40), digits: 2) }
    comma()
    decimal(below(300_000), digits: 4)
    comma()
    decimal(below(140_000_000) - 60_000_000, digits: 6)
    comma()
    decimal(below(360_000_000) - 180_000_000, digits: 6)
    comma()
    if below(25) != 0 { decimal(10 + max(below(41), below(41)), digits: 1) }
    comma()
    bytes.append(contentsOf: Self.countries[min(below(12), below(12))])
    comma()
    bytes.append(contentsOf: Self.categories[below(8)])
    comma()
    name(1000)
    comma()
    append("SKU-")
    padded(below(1_000_000), 6)
    comma()
    name(60_000)
    bytes.append(0x20)
    name(60_000)
    comma()
    comment()
    comma()
    let day = below(1460)
    date(day)
    comma()
    if below(15) != 0 { date(day + 1 + below(9)) }
    comma()
    date(day)
    bytes.append(0x20)
    padded(below(24), 2)
    bytes.append(0x3A)
    padded(below(60), 2)
    bytes.append(0x3A)
    padded(below(60), 2)
    comma()
    append(below(8) == 0 ? "true" : "false")
    comma()
    if below(12) != 0 { append(below(3) == 0 ? "true" : "false") }
    bytes.append(0x0A)
  }

  private mutating func comma() { bytes.append(0x2C) }

  private mutating func number(_ value: Int) {
    var rest = value
    if rest < 0 {
      bytes.append(0x2D)
      rest = -rest
    }
    let start = bytes.count
    repeat {
      bytes.append(0x30 + UInt8(rest % 10))
      rest /= 10
    } while rest > 0
    bytes[start...].reverse()
  }

  private mutating func padded(_ value: Int, _ width: Int) {
    var unit = 1
    for _ in 1..<width { unit *= 10 }
    while unit > 0 {
      bytes.append(0x30 + UInt8(value / unit % 10))
      unit /= 10
    }
  }

  private mutating func decimal(_ value: Int, digits: Int) {
    var unit = 1
    for _ in 0..<digits { unit *= 10 }
    if value < 0 { bytes.append(0x2D) }
    number(abs(value) / unit)
    bytes.append(0x2E)
    padded(abs(value) % unit, digits)
  }

  /// One of `count` names, `kalomi` or `terana`.
  private mutating func name(_ count: Int) {
    var rest = below(count)
    for _ in 0..<(count > 5000 ? 4 : 3) {
      bytes.append(contentsOf: Self.syllables[rest & 15])
      rest >>= 4
    }
  }

  /// One to five words; one comment in ten is quoted and has a comma in it.
  private mutating func comment() {
    let isQuoted = below(10) == 0
    if isQuoted { bytes.append(0x22) }
    for word in 0..<((isQuoted ? 2 : 1) + below(4)) {
      if word > 0 { bytes.append(contentsOf: isQuoted && word == 1 ? [0x2C, 0x20] : [0x20]) }
      bytes.append(contentsOf: Self.words[below(18)])
    }
    if isQuoted { bytes.append(0x22) }
  }

  /// A day of 2022 or later, counted from 2022-01-01 over years of 12 months of 28 days.
  private mutating func date(_ day: Int) {
    number(2022 + day / 336)
    bytes.append(0x2D)
    padded(1 + day / 28 % 12, 2)
    bytes.append(0x2D)
    padded(1 + day % 28, 2)
  }
}
