import Foundation

/// Numbers as the screen writes them: always true to the digits shown, never longer than they need to be.
public enum Number {
  /// `32,561`.
  public static func grouped(_ number: Int) -> String {
    var digits = Array(String(number.magnitude))
    var position = digits.count - 3
    while position > 0 {
      digits.insert(",", at: position)
      position -= 3
    }
    return (number < 0 ? "-" : "") + String(digits)
  }

  /// Four significant digits, with separators: `0.9274`, `38.58`, `1,234`, `1.2e-07`.
  public static func short(_ number: Double) -> String {
    guard number.isFinite else { return number.isNaN ? "NaN" : number < 0 ? "-∞" : "∞" }
    let size = abs(number)
    if size == 0 { return "0" }
    if size >= 1e15 || size < 1e-4 { return String(format: "%.3g", number) }
    if number == number.rounded(), size < 1e15 { return grouped(Int(number)) }
    let whole = size >= 1 ? Int(log10(size)) + 1 : 0
    let decimals = max(0, min(6, size >= 1 ? 4 - whole : 4))
    if decimals == 0 { return grouped(Int(number.rounded())) }
    let text = String(format: "%.\(decimals)f", number)
    guard whole > 3, let dot = text.firstIndex(of: "."), let integer = Int(text[..<dot]) else { return text }
    return grouped(integer) + text[dot...]
  }

  /// `24.1%`.
  public static func percent(_ share: Double) -> String {
    guard share.isFinite else { return "–" }
    let percent = share * 100
    if percent > 0 && percent < 0.05 { return "<0.1%" }
    if percent < 100 && percent > 99.95 { return ">99.9%" }
    return percent >= 99.95 || percent == 0 ? "\(Int(percent.rounded()))%" : String(format: "%.1f%%", percent)
  }

  /// Rows in at most five characters: `32.6k`, `1.2M`.
  public static func compact(_ number: Int) -> String {
    let size = Double(number.magnitude)
    func scaled(_ value: Double, _ unit: String) -> String {
      (value < 99.95 ? String(format: "%.1f", value) : String(format: "%.0f", value)) + unit
    }
    if size < 10_000 { return grouped(number) }
    let sign = number < 0 ? "-" : ""
    if size < 999_500 { return sign + scaled(size / 1e3, "k") }
    if size < 999_500_000 { return sign + scaled(size / 1e6, "M") }
    return sign + scaled(size / 1e9, "G")
  }

  /// `02:14`, or `0.8 s` below ten seconds.
  public static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0 else { return "–" }
    if seconds < 9.95 { return String(format: "%.1f s", seconds) }
    let whole = Int(seconds.rounded())
    let clock = String(format: "%02d:%02d", whole / 60 % 60, whole % 60)
    return whole >= 3600 ? "\(whole / 3600):" + clock : clock
  }
}
