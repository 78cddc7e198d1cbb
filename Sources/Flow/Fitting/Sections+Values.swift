// What transforms of values have learnt, as tables.

extension Scale {
  public static func sections(_ parameters: Parameters, learned: Parameters) -> [FittedState.Section] {
    let names =
      switch parameters.text("method") {
      case "robust": ["median", "quantile range"]
      case "min-max": ["smallest", "range"]
      case "max-abs": ["centre", "largest size"]
      default: ["mean", "deviation"]
      }
    return [learned.figures(parameters, names, ["center", "scale"])]
  }
}

extension Outliers {
  public static func sections(_ parameters: Parameters, learned: Parameters) -> [FittedState.Section] {
    [learned.figures(parameters, ["lowest kept", "highest kept"], ["low", "high"])]
  }
}

extension PowerTransform {
  public static func sections(_ parameters: Parameters, learned: Parameters) -> [FittedState.Section] {
    [learned.figures(parameters, ["exponent", "mean after", "deviation after"], ["lambda", "center", "scale"])]
  }
}

extension QuantileTransform {
  public static func sections(_ parameters: Parameters, learned: Parameters) -> [FittedState.Section] {
    learned.byColumn(parameters).map { column, value in
      let values = value.list ?? []
      let last = Double(max(1, values.count - 1))
      return FittedState.Section(
        column, ["share below", "value"], values.enumerated().map { [.number(Double($0) / last), $1] })
    }
  }
}

extension Bin {
  public static func sections(_ parameters: Parameters, learned: Parameters) -> [FittedState.Section] {
    learned.byColumn(parameters).map { column, value in
      let edges = value.list ?? []
      let rows = zip(edges, edges.dropFirst()).enumerated().map { place, bin -> [Parameter] in
        [.number(Double(place)), bin.0, bin.1]
      }
      return FittedState.Section(column, ["bin", "from", "to"], rows)
    }
  }
}

extension EncodeOrdinal {
  public static func sections(_ parameters: Parameters, learned: Parameters) -> [FittedState.Section] {
    learned.categories(parameters, ["category", "code"])
  }
}

extension EncodeOneHot {
  public static func sections(_ parameters: Parameters, learned: Parameters) -> [FittedState.Section] {
    learned.categories(parameters, ["category", "place"])
  }
}

extension ReplaceRare {
  public static func sections(_ parameters: Parameters, learned: Parameters) -> [FittedState.Section] {
    learned.byColumn(parameters).map { column, value in
      let kept = value.list ?? []
      return FittedState.Section(
        column, ["category that is kept"], kept.isEmpty ? [["(none)"]] : kept.map { [$0] })
    }
  }
}

extension EncodeFrequency {
  public static func sections(_ parameters: Parameters, learned: Parameters) -> [FittedState.Section] {
    learned.byColumn(parameters).map { column, value in
      let figures = Parameters(value.record ?? [:])
      let counts = figures.numbers("counts")
      let total = counts.reduce(0, +)
      let rows = zip(figures.texts("categories"), counts).map { name, count -> [Parameter] in
        [.text(name), .number(count), .number(count / total)]
      }
      return FittedState.Section(column, ["category", "rows", "share"], rows)
    }
  }
}

extension EncodeTarget {
  public static func sections(_ parameters: Parameters, learned: Parameters) -> [FittedState.Section] {
    let classes = learned.texts("classes")
    let shown = classes.count == 2 ? Array(classes.dropFirst()) : classes
    let names = shown.isEmpty ? ["mean"] : shown.map { "share of \($0)" }
    return Parameters(learned["encodings"]?.record ?? [:]).byColumn(parameters).map { column, value in
      let encoding = value.record ?? [:]
      let categories = encoding["categories"]?.list ?? []
      // The first of each class's tables is of all rows; those of single folds follow.
      let tables = (encoding["means"]?.list ?? []).map { $0.list?.first?.list ?? [] }
      let labels = categories.map { $0 == .missing ? "(missing)" : $0.text ?? "" } + ["(any other)"]
      let rows = labels.enumerated().map { place, label -> [Parameter] in
        [.text(label)] + tables.map { $0.indices.contains(place) ? $0[place] : .missing }
      }
      return FittedState.Section(column, ["category"] + names, rows)
    }
  }
}

extension PrincipalComponents {
  public static func sections(_ parameters: Parameters, learned: Parameters) -> [FittedState.Section] {
    let columns = learned.texts("columns")
    let (centers, scales) = (learned.numbers("centers"), learned.numbers("scales"))
    let variances = learned.numbers("variances")
    let loadings = (learned["loadings"]?.list ?? []).map { $0.list ?? [] }
    let total = variances.reduce(0, +)
    var sum = 0.0
    let components = loadings.indices.map { place -> [Parameter] in
      let variance = variances.indices.contains(place) ? variances[place] : 0
      sum += variance
      let share = total > 0 ? variance / total : 0
      return [
        .text("PC\(place + 1)"), .number(variance), .number(share), .number(total > 0 ? min(1, sum / total) : 0),
      ]
    }
    let rows = columns.enumerated().map { place, column -> [Parameter] in
      let moved: [Parameter] = [centers, scales].map { $0.indices.contains(place) ? .number($0[place]) : .missing }
      return [.text(column)] + moved + loadings.map { $0.indices.contains(place) ? $0[place] : .missing }
    }
    let names = loadings.indices.map { "PC\($0 + 1)" }
    return [
      FittedState.Section("Components", ["component", "variance", "share", "together"], components),
      FittedState.Section("Loadings", ["column", "centre", "scale"] + names, rows),
    ]
  }
}

extension Balance {
  public static func sections(_ parameters: Parameters, learned: Parameters) -> [FittedState.Section] {
    [.init([("smaller class", learned["small"] ?? .missing), ("larger class", learned["large"] ?? .missing)])]
  }
}

extension Parameters {
  /// A row of figures for each column.
  fileprivate func figures(_ parameters: Parameters, _ names: [String], _ keys: [String]) -> FittedState.Section {
    let rows = byColumn(parameters).map { column, value -> [Parameter] in
      [.text(column)] + keys.map { value.record?[$0] ?? .missing }
    }
    return FittedState.Section("", ["column"] + names, rows)
  }

  /// The categories of each column with their numbers from 0.
  fileprivate func categories(_ parameters: Parameters, _ headings: [String]) -> [FittedState.Section] {
    byColumn(parameters).map { column, value in
      let rows = (value.list ?? []).enumerated().map { place, name -> [Parameter] in [name, .number(Double(place))] }
      return FittedState.Section(column, headings, rows)
    }
  }
}
