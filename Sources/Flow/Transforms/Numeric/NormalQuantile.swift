import Frame

/// The quantile function of the standard normal distribution as SQL, to about 1e-16 relative: algorithm AS 241 (Wichura
/// 1988, doi:10.2307/2347330).
enum NormalQuantile {
  /// - Parameters:
  ///   - p: a probability between 0 and 1, both excluded: a column's name, for it is repeated often.
  static func sql(_ p: String) -> String {
    let q = "(\(p) - 0.5::DOUBLE)"
    let center = "(0.180625::DOUBLE - \(q) * \(q))"
    // The tail's own probability, then the root of its negative logarithm.
    let tail = "CASE WHEN \(p) < 0.5 THEN \(p) ELSE 1 - \(p) END"
    let r = "sqrt(-ln(\(tail)))"
    let near = "(\(r) - 1.6::DOUBLE)"
    let far = "(\(r) - 5::DOUBLE)"
    let sign = "(CASE WHEN \(p) < 0.5 THEN -1 ELSE 1 END)"
    return
      "CASE WHEN abs(\(q)) <= 0.425 THEN \(q) * \(ratio(center, a, b)) "
      + "WHEN \(r) <= 5 THEN \(sign) * \(ratio(near, c, d)) ELSE \(sign) * \(ratio(far, e, f)) END"
  }

  private static func ratio(_ x: String, _ numerator: [Double], _ denominator: [Double]) -> String {
    "(\(polynomial(x, numerator)) / \(polynomial(x, denominator)))"
  }

  /// Horner's scheme, the constant first in `coefficients`.
  private static func polynomial(_ x: String, _ coefficients: [Double]) -> String {
    coefficients.dropLast().reversed().reduce(SQL.number(coefficients[coefficients.count - 1])) {
      "(\($0) * \(x) + \(SQL.number($1)))"
    }
  }

  private static let a = [
    3.3871328727963666080, 133.14166789178437745, 1971.5909503065514427, 13731.693765509461125, 45921.953931549871457,
    67265.770927008700853, 33430.575583588128105, 2509.0809287301226727,
  ]
  private static let b = [
    1.0, 42.313330701600911252, 687.18700749205790830, 5394.1960214247511077, 21213.794301586595867,
    39307.895800092710610, 28729.085735721942674, 5226.4952788528545610,
  ]
  private static let c = [
    1.42343711074968357734, 4.63033784615654529590, 5.76949722146069140550, 3.64784832476320460504,
    1.27045825245236838258, 0.241780725177450611770, 0.0227238449892691845833, 7.74545014278341407640e-4,
  ]
  private static let d = [
    1.0, 2.05319162663775882187, 1.67638483018380384940, 0.689767334985100004550, 0.148103976427480074590,
    0.0151986665636164571966, 5.47593808499534494600e-4, 1.05075007164441684324e-9,
  ]
  private static let e = [
    6.65790464350110377720, 5.46378491116411436990, 1.78482653991729133580, 0.296560571828504891230,
    0.0265321895265761230930, 0.00124266094738807843860, 2.71155556874348757815e-5, 2.01033439929228813265e-7,
  ]
  private static let f = [
    1.0, 0.599832206555887937690, 0.136929880922735805310, 0.0148753612908506148525, 7.86869131145613259100e-4,
    1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15,
  ]
}
