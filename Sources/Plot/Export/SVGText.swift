// What Cairo leaves out of an SVG: a title and a description for those who listen to it, and letters that are text.

import Foundation
import Grid

/// A drawing of Cairo to be completed.
struct SVGText {
  let drawing: String
  let fontSize: Double

  func completed(_ labels: [CairoCanvas.Label], title: String, description: String) -> String {
    guard let tag = drawing.range(of: "<svg "),
      let head = drawing.range(of: ">", range: tag.upperBound..<drawing.endIndex),
      let end = drawing.range(of: "</svg>", options: .backwards)
    else { return drawing }
    var text = drawing[..<tag.upperBound] + "role=\"img\" " + drawing[tag.upperBound..<head.upperBound]
    text += "\n<title>\(SVGText.escaped(title))</title>\n<desc>\(SVGText.escaped(description))</desc>"
    text += SVGText.numbered(drawing[head.upperBound..<end.lowerBound])
    let size = Numbers.trimmed(Numbers.fixed(fontSize, 2))
    text += "<g font-family=\"'DejaVu Sans Mono', Menlo, Consolas, monospace\" font-size=\"\(size)px\">\n"
    for label in labels { text += element(label) }
    text += "</g>\n"
    return String(text + drawing[end.lowerBound...])
  }

  private func element(_ label: CairoCanvas.Label) -> String {
    func number(_ value: Double) -> String { Numbers.trimmed(Numbers.fixed(value, 2)) }
    var attributes = "x=\"\(number(label.x))\" y=\"\(number(label.baseline))\" fill=\"\(label.color.hex)\""
    switch label.anchor {
    case .left: break
    case .center: attributes += " text-anchor=\"middle\""
    case .right: attributes += " text-anchor=\"end\""
    }
    if label.isBold { attributes += " font-weight=\"bold\"" }
    // The room that it was laid out for, whatever the font.
    if label.text.count > 1 {
      attributes += " textLength=\"\(number(label.width))\" lengthAdjust=\"spacingAndGlyphs\""
    }
    return "<text \(attributes) xml:space=\"preserve\">\(SVGText.escaped(label.text))</text>\n"
  }

  /// Without what XML gives a meaning to, and without control characters, which it forbids.
  static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "\n", "\t", "\r": escaped += " "
      default:
        let isForbidden = scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF
        escaped.unicodeScalars.append(isForbidden ? "\u{FFFD}" : scalar)
      }
    }
    return escaped
  }

  /// Cairo numbers surfaces over the whole life of the program; here every file begins at one.
  private static func numbered(_ body: Substring) -> String {
    var numbers: [Substring: Int] = [:]
    var text = ""
    var rest = body
    while let found = rest.range(of: "surface") {
      text += rest[..<found.upperBound]
      rest = rest[found.upperBound...]
      let digits = rest.prefix { $0.isASCII && $0.isNumber }
      if digits.isEmpty { continue }
      let number = numbers[digits] ?? numbers.count + 1
      numbers[digits] = number
      text += String(number)
      rest = rest.dropFirst(digits.count)
    }
    return text + rest
  }
}
