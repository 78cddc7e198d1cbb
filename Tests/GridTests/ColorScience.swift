// What the eye makes of colours: contrast, CIELAB, differences, and what is left of them without one kind of cone.

import Foundation
import Grid

/// A way of seeing colours. The matrices act on linear sRGB: Machado, Oliveira and Fernandes, A Physiologically-based
/// Model for Simulation of Color Vision Deficiency, 2009 (doi:10.1109/TVCG.2009.113), severity 1.0.
enum Eyes: String, CaseIterable {
  case usual, deuteranopia, tritanopia

  private var matrix: [[Double]] {
    switch self {
    case .usual: [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    case .deuteranopia:
      [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    case .tritanopia:
      [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    }
  }

  func see(_ linear: [Double]) -> [Double] {
    matrix.map { row in min(1, max(0, zip(row, linear).reduce(0) { $0 + $1.0 * $1.1 })) }
  }
}

/// CIELAB, D65.
struct Lab {
  var l, a, b: Double

  /// Nil for the terminal's own colour.
  init?(_ color: Color, _ eyes: Eyes = .usual) {
    guard let linear = linearRGB(color).map(eyes.see) else { return nil }
    let (r, g, blue) = (linear[0], linear[1], linear[2])
    let x = (0.4124564 * r + 0.3575761 * g + 0.1804375 * blue) / 0.95047
    let y = 0.2126729 * r + 0.7151522 * g + 0.0721750 * blue
    let z = (0.0193339 * r + 0.1191920 * g + 0.9503041 * blue) / 1.08883
    func f(_ t: Double) -> Double { t > 216.0 / 24389 ? cbrt(t) : (t * 24389 / 27 + 16) / 116 }
    l = 116 * f(y) - 16
    a = 500 * (f(x) - f(y))
    b = 200 * (f(y) - f(z))
  }

  /// Distance of hue and chroma alone.
  func chromaticDistance(_ other: Lab) -> Double { hypot(a - other.a, b - other.b) }

  /// CIEDE2000 (Sharma, Wu and Dalal, 2005, doi:10.1002/col.20070).
  func difference(_ other: Lab) -> Double {
    let mean = (hypot(a, b) + hypot(other.a, other.b)) / 2
    let g = 0.5 * (1 - sqrt(pow(mean, 7) / (pow(mean, 7) + pow(25, 7))))
    let (a1, a2) = ((1 + g) * a, (1 + g) * other.a)
    let (c1, c2) = (hypot(a1, b), hypot(a2, other.b))
    func hue(_ a: Double, _ b: Double) -> Double {
      let degrees = atan2(b, a) * 180 / .pi
      return degrees < 0 ? degrees + 360 : degrees
    }
    let (h1, h2) = (hue(a1, b), hue(a2, other.b))
    let isGrey = c1 * c2 == 0
    var dh = isGrey ? 0 : h2 - h1
    if dh > 180 { dh -= 360 } else if dh < -180 { dh += 360 }
    let dH = 2 * sqrt(c1 * c2) * sin(dh / 2 * .pi / 180)
    var h = h1 + h2
    if !isGrey {
      if abs(h1 - h2) <= 180 { h /= 2 } else { h = h < 360 ? (h + 360) / 2 : (h - 360) / 2 }
    }
    func cosine(_ degrees: Double) -> Double { cos(degrees * .pi / 180) }
    let t1 = 1 - 0.17 * cosine(h - 30) + 0.24 * cosine(2 * h)
    let t = t1 + 0.32 * cosine(3 * h + 6) - 0.2 * cosine(4 * h - 63)
    let lightness = (l + other.l) / 2
    let chroma = (c1 + c2) / 2
    let sl = 1 + 0.015 * pow(lightness - 50, 2) / sqrt(20 + pow(lightness - 50, 2))
    let sc = 1 + 0.045 * chroma
    let sh = 1 + 0.015 * chroma * t
    let turn = 30 * exp(-pow((h - 275) / 25, 2))
    let rt = -2 * sqrt(pow(chroma, 7) / (pow(chroma, 7) + pow(25, 7))) * sin(2 * turn * .pi / 180)
    let (x, y, z) = ((other.l - l) / sl, (c2 - c1) / sc, dH / sh)
    return sqrt(x * x + y * y + z * z + rt * y * z)
  }
}

/// WCAG 2.1's contrast of two colours, 1...21.
func contrast(_ one: Color, _ other: Color) -> Double {
  func luminance(_ color: Color) -> Double {
    linearRGB(color).map { 0.2126 * $0[0] + 0.7152 * $0[1] + 0.0722 * $0[2] } ?? .nan
  }
  let (a, b) = (luminance(one), luminance(other))
  return (max(a, b) + 0.05) / (min(a, b) + 0.05)
}

private func linearRGB(_ color: Color) -> [Double]? {
  color.components.map { components in
    [components.red, components.green, components.blue].map { byte in
      let c = Double(byte) / 255
      return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4)
    }
  }
}
