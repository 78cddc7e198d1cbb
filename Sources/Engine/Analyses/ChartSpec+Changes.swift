import Frame

// One chart made from another: what a builder does when the kind or a column changes.

extension ChartSpec {
  /// The chart as another kind. Columns stay in their roles as far as they fit there; those that make groups go on to
  /// another role that does; a required role that is left empty takes the first preferred column that fits, or else the
  /// first of the table. Options stay where the kind has a use for them.
  public func changed(to kind: Kind, schema: Schema, preferring preferred: [String] = []) -> ChartSpec {
    var spec = ChartSpec(kind)
    let available = preferred + schema.map(\.name)
    for use in kind.roles {
      let kept = columns(in: use.role).filter { use.fits($0, schema) }
      if !kept.isEmpty { spec.set(kept, in: use.role) }
    }
    for use in kind.roles where spec.columns(in: use.role).isEmpty {
      let others = candidates(for: use, schema)
      let all = use.isRequired ? others + available : others
      let taken = Set(spec.reads)
      if let name = all.first(where: { !taken.contains($0) && use.fits($0, schema) }) { spec.set([name], in: use.role) }
    }
    spec.keepOptions(of: self, schema)
    return spec
  }

  /// Columns of another role that an empty one may take over.
  private func candidates(for use: RoleUse, _ schema: Schema) -> [String] {
    let groups = [by, colorBy].compactMap(\.self)
    switch use.role {
    case .x: return [x, y].compactMap(\.self) + columns + groups
    case .y: return use.isRequired ? [y, x].compactMap(\.self) + columns : []
    case .by, .colorBy:
      // A column whose values had bars of their own now has boxes or colours.
      let counted = [x].compactMap(\.self).filter {
        Fit.ordered.refusal(schema.column(named: $0)?.kind ?? .text) != nil
      }
      return groups + counted
    case .columns, .facetBy: return []
    }
  }

  private mutating func keepOptions(of old: ChartSpec, _ schema: Schema) {
    let taken = Set(kind.options)
    if taken.contains(.bins) { bins = old.bins }
    if taken.contains(.limit) { limit = old.limit }
    if taken.contains(.sample) { sample = old.sample }
    if taken.contains(.trend) { trend = old.trend }
    if taken.contains(.aggregate), y != nil { aggregate = old.aggregate }
    hasLogX = old.hasLogX && taken.contains(.logX) && refusal(ofLog: .logX, schema) == nil
    hasLogY = old.hasLogY && taken.contains(.logY) && refusal(ofLog: .logY, schema) == nil
    if kind == .histogram { hidesCurve = old.hidesCurve }
  }

  /// Why an axis cannot be logarithmic, as a few words; nil where it can.
  public func refusal(ofLog option: Option, _ schema: Schema) -> String? {
    guard kind.options.contains(option) else {
      return "\(kind.phrase) has no logarithmic \(option == .logX ? "x" : "y") axis"
    }
    guard let name = option == .logX ? x : y, let column = schema.column(named: name), column.kind.isTemporal else {
      return nil
    }
    return "\(name) holds \(column.kind.noun), and a logarithm needs numbers"
  }

  /// Puts columns into a role; one role alone holds more than one.
  public mutating func set(_ columns: [String], in role: Role) {
    switch role {
    case .x: x = columns.first
    case .y: y = columns.first
    case .columns: self.columns = columns
    case .by: by = columns.first
    case .colorBy: colorBy = columns.first
    case .facetBy: facetBy = columns.first
    }
  }
}

extension ChartSpec.RoleUse {
  /// Whether the column is there and holds what the role needs.
  public func fits(_ name: String, _ schema: Schema) -> Bool {
    schema.column(named: name).map { fit.refusal($0.kind) == nil } ?? false
  }
}

extension ChartSpec.Kind {
  /// `a histogram`, as the subject of a sentence.
  public var phrase: String { "a \(title.lowercased())" }

  /// Why the kind cannot be drawn of a table with these columns, as a few words; nil where it can.
  public func refusal(_ schema: Schema) -> String? {
    if schema.isEmpty { return "the step has no columns" }
    let required = roles.filter(\.isRequired)
    for use in required {
      let wanted = required.count { $0.fit == use.fit }
      let fitting = schema.count { use.fit.refusal($0.kind) == nil }
      if fitting >= wanted { continue }
      if wanted == 1 { return "needs a column of numbers or dates" }
      return "needs two columns of numbers or dates, the step has \(fitting == 0 ? "none" : "one")"
    }
    guard self == .correlation else { return nil }
    let numeric = schema.count(where: \.kind.isNumeric)
    return numeric < 2 ? "needs two numeric columns, the step has \(numeric == 0 ? "none" : "one")" : nil
  }
}
