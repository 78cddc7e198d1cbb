import CDuckDB

/// Text for values that have no case of their own in `Value`, as DuckDB casts them.
enum OtherText {
  /// `550e8400-e29b-41d4-a716-446655440000`. DuckDB flips the top bit so that ids sort as numbers.
  static func uuid(_ value: duckdb_hugeint) -> String {
    let upper = UInt64(bitPattern: value.upper) ^ (1 << 63)
    let digits = Array(hexadecimal(upper, 16) + hexadecimal(value.lower, 16))
    let groups = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32]
    return groups.map { String(digits[$0]) }.joined(separator: "-")
  }

  /// `1 year 2 months 3 days 04:05:06.5`.
  static func interval(_ value: duckdb_interval) -> String {
    var parts: [String] = []
    func add(_ count: Int, _ unit: String) {
      if count != 0 { parts.append("\(count) \(unit)\(abs(count) == 1 ? "" : "s")") }
    }
    add(Int(value.months) / 12, "year")
    add(Int(value.months) % 12, "month")
    add(Int(value.days), "day")
    if value.micros != 0 || parts.isEmpty {
      let magnitude = Int64(clamping: value.micros.magnitude)
      parts.append((value.micros < 0 ? "-" : "") + CalendarText.time(micros: magnitude))
    }
    return parts.joined(separator: " ")
  }

  /// Printable ASCII as it is, everything else as `\xAB`.
  static func blob(_ bytes: UnsafeRawBufferPointer) -> String {
    var text = ""
    for byte in bytes {
      let isPlain = (32...126).contains(byte) && byte != 0x5C && byte != 0x27 && byte != 0x22
      text += isPlain ? String(UnicodeScalar(byte)) : "\\x" + hexadecimal(UInt64(byte), 2).uppercased()
    }
    return text
  }

  private static func hexadecimal(_ value: UInt64, _ width: Int) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
