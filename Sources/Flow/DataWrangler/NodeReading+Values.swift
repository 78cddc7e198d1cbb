// Missing values, outliers, categories, numbers, balance and dimensions.

import Frame

extension NodeReading {
  private var variant: String { arguments.text("operator") ?? "" }

  // MARK: - Missing values

  /// Blank texts are missing too in Data Wrangler.
  func handleMissing() throws -> [DraftedStep] {
    switch NodeArguments.snake(variant) {
    case "fill_missing":
      let given = arguments.variant("Fill missing")
      let (copies, columns) = outputs(given, try required(given))
      guard let value = given.text("fill_value") else { throw Unmapped("it names no value") }
      let fill: Parameters = ["columns": named(columns), "value": .text(value), "blank": true]
      return copies + [DraftedStep(FillMissing.info.id, fill)]
    case "impute": return try impute()
    case "add_indicator_for_missing":
      let given = arguments.variant("Add indicator for missing")
      return try indicators(given, try required(given))
    case "drop_missing": return dropMissing()
    default: throw Unmapped("assay has no \"\(variant)\" of missing values")
    }
  }

  private func impute() throws -> [DraftedStep] {
    let impute = arguments.variant("Impute")
    let kind = impute.text("column_type") ?? "Numeric"
    let given = impute.variant(kind)
    let inputs = try required(given)
    let (copies, columns) = outputs(given, inputs)
    let isNumeric = NodeArguments.snake(kind) == "numeric"
    let strategy =
      isNumeric
      ? try word(
        given.text("strategy"), ["Mean": .mean, "Approximate Median": .median, "Median": .median], of: "strategy")
      : ImputeStrategy.mode
    var step = DraftedStep(.impute(columns.map { ImputeRule($0, strategy) }))
    // What was learnt is kept under the name of the variant within the variant.
    let learnt = node.trained?["impute_parameters"]?.record ?? [:]
    let inner = learnt.first { NodeArguments.snake($0.key) == NodeArguments.snake(kind) + "_parameters" }?.value
    let values = (inner?.list ?? [inner].compactMap { $0 }).compactMap { $0.record?["impute_value"] }
    if values.count == columns.count {
      step.fitted = Dictionary(
        zip(columns, values.map(Self.value)), uniquingKeysWith: { first, _ in first })
    } else {
      noteRelearned("the values")
    }
    if !isNumeric { note(.info, "leaves blank texts as they are", why: "Data Wrangler fills them too") }
    return copies + [step]
  }

  private static func value(_ parameter: Parameter) -> Value {
    switch parameter {
    case .number(let number): .real(number)
    case .text(let text): .text(text)
    case .flag(let flag): .bool(flag)
    case .list, .record, .missing: .null
    }
  }

  private func indicators(_ given: NodeArguments, _ columns: [String]) throws -> [DraftedStep] {
    let output = given.text("output_column")
    var steps: [DraftedStep] = []
    var plain: [String] = []
    for column in columns {
      let name = output.map { columns.count == 1 ? $0 : "\($0)_\(column)" }
      guard let name, name != column + "_indicator" else {
        plain.append(column)
        continue
      }
      steps += flagged([column], "_indicator") + [renaming(column + "_indicator", to: name)]
    }
    return (plain.isEmpty ? [] : flagged(plain, "_indicator")) + steps
  }

  private func flagged(_ columns: [String], _ suffix: String) -> [DraftedStep] {
    let flag: Parameters = ["columns": named(columns), "suffix": .text(suffix), "blank": true]
    return [DraftedStep(MissingIndicator.info.id, flag)]
  }

  func renaming(_ column: String, to name: String) -> DraftedStep {
    DraftedStep(.rename([Renaming(column, to: name)]))
  }

  private func dropMissing() -> [DraftedStep] {
    let given = arguments.variant("Drop missing")
    if NodeArguments.snake(given.text("dimension") ?? "") == "drop_columns" {
      let inner = given.variant("Drop columns")
      let share = inner.number("threshold", "missing_threshold", "fraction", "share") ?? 0
      var drop: Parameters = ["share": .number(share), "blank": true]
      let columns = inner.columns("input_column")
      if !columns.isEmpty { drop["columns"] = named(columns) }
      return [DraftedStep(DropMissingColumns.info.id, drop)]
    }
    let inner = given.variant("Drop rows")
    let columns = inner.columns("input_column") + given.columns("input_column")
    var drop: Parameters = ["how": "any", "blank": true]
    if !columns.isEmpty { drop["columns"] = named(columns) }
    return [DraftedStep(DropMissingRows.info.id, drop)]
  }

  // MARK: - Outliers

  func handleOutliers() throws -> [DraftedStep] {
    if NodeArguments.snake(variant) == "replace_rare_values" { return try replaceRare() }
    let method = try word(
      variant,
      [
        "Standard deviation numeric outliers": "standard-deviation",
        "Robust standard deviation numeric outliers": "robust-deviation", "Quantile numeric outliers": "quantile",
        "Min-max numeric outliers": "limits",
      ], of: "method of outliers")
    let given = arguments.variant(variant)
    let inputs = try required(given)
    let (copies, columns) = outputs(given, inputs)
    let fix = try word(
      given.text("fix_method") ?? "Clip", ["Clip": "clip", "Remove": "remove", "Invalidate": "invalidate"],
      of: "way to fix outliers")
    var parameters: Parameters = ["columns": named(columns), "method": .text(method), "fix": .text(fix)]
    func take(_ name: String, _ key: String, _ initial: Double? = nil) {
      if let number = given.number(key) ?? initial { parameters[name] = .number(number) }
    }
    switch method {
    case "standard-deviation": take("deviations", "standard_deviations", 4)
    case "robust-deviation":
      take("robustDeviations", "standard_deviations", 5)
      take("lower", "lower_quantile", 0.25)
      take("upper", "upper_quantile", 0.75)
      note(
        .differs, "measures the deviation of values clipped to the quantiles, from the median",
        why: "Data Wrangler leaves values outside of them out, and measures from their mean")
    case "quantile":
      take("lower", "lower_quantile", 0.01)
      take("upper", "upper_quantile", 0.99)
    default:
      take("min", "lower_threshold")
      take("max", "upper_threshold")
    }
    if fix == "remove" {
      note(
        .differs, "keeps rows where \(columns.count == 1 ? "the value is" : "values are") missing",
        why: "Data Wrangler removes them with the outliers",
        advice: "Add a step that drops missing rows if you want that")
    }
    var step = DraftedStep(Outliers.info.id, parameters)
    step.learned = learnedBounds(inputs, columns)
    return copies + [step]
  }

  private func learnedBounds(_ inputs: [String], _ columns: [String]) -> Parameters? {
    let trained = trained(variant, columns: inputs)
    var learned: Parameters = [:]
    for (input, column) in zip(inputs, columns) {
      guard let fields = trained[input], let low = fields["lower_threshold"], let high = fields["upper_threshold"]
      else {
        return nil
      }
      learned[column] = ["low": low, "high": high]
    }
    return learned
  }

  private func replaceRare() throws -> [DraftedStep] {
    let given = arguments.variant(variant)
    let inputs = try required(given)
    let (copies, columns) = outputs(given, inputs)
    var step = DraftedStep(
      ReplaceRare.info.id,
      [
        "columns": named(columns), "replacement": .text(given.text("replacement_string") ?? "other"),
        "count": .number(given.number("absolute_threshold") ?? 10),
        "share": .number(given.number("fraction_threshold") ?? 0.005),
        "categories": .number(given.number("max_common_categories") ?? 0),
      ])
    let trained = trained(variant, columns: inputs)
    let kept = inputs.compactMap { trained[$0]?["common_categories"]?.list }
    if kept.count == columns.count {
      step.learned = Parameters(
        Dictionary(
          zip(columns, kept.map { .list($0.filter { $0 != .missing }) }), uniquingKeysWith: { first, _ in first }))
    }
    return copies + [step]
  }

  // MARK: - Categories

  func encodeCategories() throws -> [DraftedStep] {
    let given = arguments.variant(variant)
    let inputs = try required(given)
    var (copies, columns) = outputs(given, inputs)
    // Spark takes the text of any number or date for a category.
    let measured = zip(inputs, columns).filter { input, _ in
      [.real, .date, .timestamp, .time].contains(kinds[input] ?? .text)
    }
    if !measured.isEmpty { copies.append(DraftedStep(.cast(measured.map { Cast($0.1, to: .text) }))) }
    switch NodeArguments.snake(variant) {
    case "ordinal_encode":
      let unseen = try word(
        given.text("invalid_handling_strategy") ?? "Error",
        ["Skip": "skip", "Error": "error", "Keep": "keep", "Replace with NaN": "missing"], of: "policy")
      var step = DraftedStep(
        EncodeOrdinal.info.id, ["columns": named(columns), "order": "frequency", "unseen": .text(unseen)])
      step.learned = learnedCategories(inputs, columns)
      if step.learned == nil { noteRelearned("the categories") }
      return copies + [step]
    case "one_hot_encode": return copies + [try oneHot(given, columns)]
    case "similarity_encode":
      let isVector = isVector(given, "Vector")
      let step: Parameters = [
        "columns": named(columns), "dimension": .number(given.number("target_dimension") ?? 30),
        "output": isVector ? "vector" : "columns", "keep": .flag(!isVector),
      ]
      note(.differs, "makes other numbers for the same texts", why: "its hash functions are not Spark's")
      return copies + [DraftedStep(EncodeSimilarity.info.id, step)]
    default: throw Unmapped("assay has no \"\(variant)\" of categories")
    }
  }

  private func isVector(_ given: NodeArguments, _ initial: String) -> Bool {
    NodeArguments.snake(given.text("output_style", "output_format") ?? initial) == "vector"
  }

  private func oneHot(_ given: NodeArguments, _ columns: [String]) throws -> DraftedStep {
    let policy = try word(
      given.text("invalid_handling_strategy") ?? "Error", ["Skip": "skip", "Error": "error", "Keep": "keep"],
      of: "policy")
    let isVector = isVector(given, "Vector")
    let dropsLast = given.flag("drop_last") ?? true
    // Invalid values that are kept have a place in a vector, but no column; a dropped place is theirs.
    let unseen = policy == "keep" && (!isVector || dropsLast) ? "zeros" : policy
    let drop = dropsLast && policy != "keep" ? "last" : "none"
    noteRelearned("the categories")
    return DraftedStep(
      EncodeOneHot.info.id,
      [
        "columns": named(columns), "drop": .text(drop), "unseen": .text(unseen),
        "ordinal": .flag(given.flag("input_already_ordinal_encoded") ?? false),
        "output": isVector ? "vector" : "columns",
      ])
  }

  /// The labels by their numbers: newer files keep them in the open.
  private func learnedCategories(_ inputs: [String], _ columns: [String]) -> Parameters? {
    let trained = trained(variant, columns: inputs)
    var learned: Parameters = [:]
    for (input, column) in zip(inputs, columns) {
      guard let labels = trained[input]?["encoder_mapping"]?.record else { return nil }
      let numbered = labels.compactMap { key, label in Int(key).map { ($0, label) } }.sorted { $0.0 < $1.0 }
      learned[column] = .list(numbered.map(\.1))
    }
    return learned
  }

  // MARK: - Numbers

  func processNumeric() throws -> [DraftedStep] {
    guard NodeArguments.snake(variant) == "scale_values" else {
      throw Unmapped("assay has no \"\(variant)\" of numbers")
    }
    let scaling = arguments.variant("Scale values")
    let scaler = scaling.text("scaler") ?? "Standard scaler"
    let method = try word(
      scaler,
      [
        "Standard scaler": "standard", "Robust scaler": "robust", "Min-max scaler": "min-max",
        "Max absolute scaler": "max-abs", "Max-abs scaler": "max-abs",
      ], of: "scaler")
    let given = scaling.variant(scaler)
    let (copies, columns) = outputs(given, try required(given))
    var parameters: Parameters = ["columns": named(columns), "method": .text(method)]
    if method == "standard" || method == "robust" {
      parameters["center"] = .flag(given.flag("center") ?? false)
      parameters["scale"] = .flag(given.flag("scale") ?? true)
    }
    if method == "robust" {
      parameters["lower"] = .number(given.number("lower_quantile") ?? 0.25)
      parameters["upper"] = .number(given.number("upper_quantile") ?? 0.75)
    }
    if method == "min-max" {
      parameters["min"] = .number(given.number("min") ?? 0)
      parameters["max"] = .number(given.number("max") ?? 1)
    }
    if method == "standard" {
      note(
        .differs, "divides by the deviation of the rows themselves, n", why: "Spark divides by that of a sample, n - 1")
    }
    noteRelearned("the figures")
    return copies + [DraftedStep(Scale.info.id, parameters)]
  }

  func balance() throws -> DraftedStep {
    let method = try word(
      variant, ["Random oversample": "oversample", "Random undersample": "undersample", "SMOTE": "smote"],
      of: "way to balance")
    guard let target = arguments.columns("target_column").first else { throw Unmapped("it names no target") }
    var parameters: Parameters = [
      "target": .text(target), "method": .text(method), "ratio": .number(arguments.number("ratio") ?? 1), "seed": 0,
    ]
    let smote = arguments.record("smote_params")
    if method == "smote" {
      parameters["neighbors"] = .number(smote?.number("num_neighbors") ?? 5)
    } else {
      _ = smote?.number("num_neighbors")
    }
    noteDraw()
    return DraftedStep(Balance.info.id, parameters)
  }

  func reduceDimensions() throws -> DraftedStep {
    let given = variant.isEmpty ? arguments : arguments.variant(variant)
    let columns = given.columns("input_columns", "input_column", "columns")
    guard !columns.isEmpty else { throw Unmapped("it names no columns") }
    var parameters: Parameters = [
      "columns": named(columns), "center": .flag(given.flag("center") ?? true),
      "scale": .flag(given.flag("scale") ?? false), "output": isVector(given, "Columns") ? "vector" : "columns",
      "prefix": .text(given.text("output_prefix", "output_column_prefix", "output_column", "prefix") ?? "pc"),
      "keep": .flag(given.flag("keep_inputs", "keep_input_columns", "keep") ?? false),
    ]
    if let count = given.integer("number_of_components", "num_components", "n_components", "components") {
      parameters["choose"] = "count"
      parameters["count"] = .number(Double(count))
      _ = given.number("variance_threshold", "variance_threshold_percentage", "variance")
    } else {
      let share = given.number("variance_threshold", "variance_threshold_percentage", "variance") ?? 0.95
      parameters["choose"] = "variance"
      parameters["variance"] = .number(share > 1 ? share / 100 : share)
    }
    noteRelearned("the components")
    return DraftedStep(PrincipalComponents.info.id, parameters)
  }
}
