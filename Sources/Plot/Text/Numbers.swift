// Numbers as charts print them: grouped counts, percentages, and reals with as many digits as they need.
// Hand-made because a chart prints hundreds of them on each repaint, and printf-style formatting is slow here.

import Foundation

/// Numbers as text.
public enum Numbers {
  /// `32,561`.
  public static func grouped(_ value: Int) -> String {
    let digits = String(value.magnitude)
    if digits.utf8.count <= 3 { return value < 0 ? "-" + digits : digits }
    var text = value < 0 ? "-" : ""
    for (i, digit) in digits.enumerated() {
      if i > 0 && (digits.utf8.count - i) % 3 == 0 { text += "," }
      text.append(digit)
    }
    return text
  }

  /// A share with one decimal: `5.3%`. A part that is not nothing never reads as `0.0%`, one that is not everything
  /// never as `100.0%`.
  public static func percent(_ part: Double, of whole: Double) -> String {
    guard part.isFinite, whole.isFinite, whole > 0 else { return "-" }
    let share = part / whole * 100
    if share > 0 && share < 0.05 { return "<0.1%" }
    if share < 100 && share >= 99.95 { return ">99.9%" }
    return fixed(share, 1) + "%"
  }

  /// `value` with exactly `decimals` digits after the point.
  public static func fixed(_ value: Double, _ decimals: Int) -> String {
    guard value.isFinite else { return value.isNaN ? "NaN" : value < 0 ? "-inf" : "inf" }
    let scale = tens[min(max(decimals, 0), tens.count - 1)]
    let scaled = (abs(value) * scale).rounded()
    guard scaled < 9e15 else { return "\(value)" }
    let whole = Int(scaled)
    let sign = value < 0 && whole > 0 ? "-" : ""
    if decimals <= 0 { return sign + String(whole) }
    let unit = Int(scale)
    let fraction = String(whole % unit)
    let zeros = String(repeating: "0", count: max(0, decimals - fraction.utf8.count))
    return sign + String(whole / unit) + "." + zeros + fraction
  }

  /// `value` rounded to `digits` significant digits, without trailing zeros: `38.58`, `0.0021`, `1.2e-09`; whole numbers
  /// are grouped in full up to a quadrillion.
  public static func short(_ value: Double, digits: Int = 4) -> String {
    guard value.isFinite else { return fixed(value, 0) }
    let size = abs(value)
    if size == 0 { return "0" }
    if size < 1e15 && value == value.rounded() { return grouped(Int(value)) }
    if size >= 1e15 || size < 1e-5 { return scientific(value, digits) }
    let exponent = Int(log10(size).rounded(.down))
    let decimals = min(max(0, digits - 1 - exponent), 10)
    return decimals == 0 ? grouped(Int(value.rounded())) : trimmed(fixed(value, decimals))
  }

  /// `1.2e-09`.
  public static func scientific(_ value: Double, _ digits: Int) -> String {
    let size = abs(value)
    guard size > 0, size.isFinite else { return fixed(value, 0) }
    var exponent = Int(log10(size).rounded(.down))
    // Divided twice: ten to the smallest exponents is zero.
    var mantissa = size / pow(10, Double(exponent / 2)) / pow(10, Double(exponent - exponent / 2))
    mantissa = (mantissa * tens[max(0, digits - 1)]).rounded() / tens[max(0, digits - 1)]
    if mantissa >= 10 {
      mantissa /= 10
      exponent += 1
    }
    let power = abs(exponent) < 10 ? "0\(abs(exponent))" : "\(abs(exponent))"
    return (value < 0 ? "-" : "") + trimmed(fixed(mantissa, digits - 1)) + "e" + (exponent < 0 ? "-" : "+") + power
  }

  /// Without zeros at the end of the fraction.
  static func trimmed(_ text: String) -> String {
    var bytes = Substring(text).utf8
    guard bytes.contains(UInt8(ascii: ".")) else { return text }
    while bytes.last == UInt8(ascii: "0") { bytes.removeLast() }
    if bytes.last == UInt8(ascii: ".") { bytes.removeLast() }
    return String(Substring(bytes))
  }

  private static let tens: [Double] = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12]
}
