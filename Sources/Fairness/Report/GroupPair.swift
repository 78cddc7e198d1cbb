// The pairs of groups that a facet stands for: which keys are group d, and what both groups are called.

import Frame

/// Group d against group a.
struct GroupPair {
  var facet: String
  /// `F`, `a,b`, `(40, 63]`.
  var value: String
  var nameD: String
  var nameA: String
  /// Of combined facets.
  var parts: [String]?
  /// By the place of a value in the view: whether it is group d.
  var isMember: [Bool]
}

extension GroupPair {
  /// The pairs of one facet.
  /// - Parameter heads: values in order of first appearance.
  static func pairs(
    of view: CountedView, _ plan: BiasPlan, _ counted: CountedRows, heads: [String: ColumnHead]
  ) -> [GroupPair] {
    let facet = plan.facets[view.facets[0]]
    let keys = view.values.map { $0[0] }
    let name = facet.column.name
    switch facet.groups {
    case .eachValue:
      let isLibrary = plan.spec.mode == .smclarify
      var rank: [Value: Int] = [:]
      for (place, value) in (heads[name]?.values ?? []).enumerated() { rank[value] = place }
      let order = keys.indices.sorted { (rank[keys[$0]] ?? .max, $0) < (rank[keys[$1]] ?? .max, $1) }
      return order.compactMap { place in
        let key = keys[place]
        // As the library keeps them, missing ones are never group d.
        if key.isNull, plan.spec.missing == .asLibrary {
          guard isLibrary else { return nil }
          return GroupPair(
            facet: name, value: "nan", nameD: "\(name) = nan", nameA: "\(name) other than nan",
            isMember: keys.map { _ in false })
        }
        let text = key.isNull ? BiasPlan.missing : isLibrary ? libraryText(key) : key.description
        let others = keys.indices.filter { $0 != place }
        return GroupPair(
          facet: name, value: text, nameD: "\(name) = \(text)",
          nameA: rest(name, [text], others.map { keys[$0] }, isRaw: true), isMember: keys.indices.map { $0 == place })
      }
    case .values(let values):
      let matcher = ValueMatcher(facet.column, values)
      let isMember = keys.map { facet.isRaw ? matcher.matches($0) : $0 == .bool(true) }
      let others = keys.indices.filter { !isMember[$0] }.map { keys[$0] }
      return [
        GroupPair(
          facet: name, value: shown(values, facet.column, plan.spec.mode), nameD: "\(name) = \(listed(values))",
          nameA: rest(name, values, others, isRaw: facet.isRaw), isMember: isMember)
      ]
    case .above:
      return facet.thresholds.enumerated().map { place, threshold in
        let bound = facet.column.text(of: threshold)
        return GroupPair(
          facet: name, value: interval(facet.shown, threshold, counted.maxima[name], plan.spec.mode),
          nameD: "\(name) > \(bound)",
          nameA: "\(name) ≤ \(bound)", isMember: keys.map { Int($0.number ?? 0) > place })
      }
    }
  }

  /// The pairs of combined facets: each combination against all other rows.
  static func combinations(of view: CountedView, _ plan: BiasPlan, _ counted: CountedRows) -> [GroupPair] {
    let facets = view.facets.map { plan.facets[$0] }
    var members: [[String]: [Int]] = [:]
    for (place, keys) in view.values.enumerated() {
      let parts = zip(facets, keys).map { part($0, $1) }
      // Combinations with unknown parts have no name of their own.
      guard plan.spec.missing == .ownValue || !keys.contains(where: \.isNull) else { continue }
      members[parts.map(\.name), default: []].append(place)
    }
    let name = facets.map(\.column.name).joined(separator: " × ")
    return members.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { parts, places in
      let inside = Set(places)
      let short = zip(facets, view.values[places[0]]).map { part($0, $1).short }
      return GroupPair(
        facet: name, value: short.joined(separator: " × "), nameD: parts.joined(separator: " and "),
        nameA: "all other rows", parts: parts, isMember: view.values.indices.map { inside.contains($0) })
    }
  }

  private static func part(_ facet: BiasPlan.Facet, _ key: Value) -> (name: String, short: String) {
    let name = facet.column.name
    switch facet.groups {
    case .eachValue:
      let text = key.isNull ? BiasPlan.missing : key.description
      return ("\(name) = \(text)", text)
    case .values(let values):
      let isMember = facet.isRaw ? ValueMatcher(facet.column, values).matches(key) : key == .bool(true)
      let text = listed(values)
      return isMember ? ("\(name) = \(text)", text) : ("\(name) other than \(text)", "not \(text)")
    case .above:
      let passed = Int(key.number ?? 0)
      let bounds = facet.thresholds.map { facet.column.text(of: $0) }
      if key.isNull { return ("\(name) = \(BiasPlan.missing)", BiasPlan.missing) }
      if passed == 0 { return ("\(name) ≤ \(bounds[0])", "≤ \(bounds[0])") }
      if passed == bounds.count { return ("\(name) > \(bounds[passed - 1])", "> \(bounds[passed - 1])") }
      let text = "(\(bounds[passed - 1]), \(bounds[passed])]"
      return ("\(name) in \(text)", text)
    }
  }

  /// `a`, `a or b`, `a, b or c`.
  static func listed(_ values: [String]) -> String {
    guard let last = values.last, values.count > 1 else { return values.first ?? "" }
    return values.dropLast().joined(separator: ", ") + " or " + last
  }

  private static func rest(_ name: String, _ values: [String], _ others: [Value], isRaw: Bool) -> String {
    guard isRaw, others.count == 1, let only = others.first else { return "\(name) other than \(listed(values))" }
    return "\(name) = \(only.isNull ? BiasPlan.missing : only.description)"
  }

  /// As pandas writes what lies above the threshold. The library has no interval where it takes the largest number for the
  /// threshold.
  private static func interval(
    _ column: Column, _ threshold: Double, _ largest: Double?, _ mode: BiasSpec.Mode
  ) -> String {
    let bound = column.text(of: threshold)
    guard let largest else { return "> \(bound)" }
    if mode == .smclarify, abs(largest) == threshold { return "" }
    let top = column.text(of: largest)
    return largest >= threshold || mode == .correct ? "(\(bound), \(top)]" : "(\(top), \(bound)]"
  }

  /// Truth values as Python writes them, where the library is reproduced.
  private static func shown(_ values: [String], _ column: Column, _ mode: BiasSpec.Mode) -> String {
    guard mode == .smclarify, column.kind == .boolean else { return values.joined(separator: ",") }
    return values.map { text in ValueMatcher.flag(text).map { $0 ? "True" : "False" } ?? text }.joined(separator: ",")
  }

  private static func libraryText(_ key: Value) -> String {
    if case .bool(let flag) = key { return flag ? "True" : "False" }
    return key.description
  }
}
