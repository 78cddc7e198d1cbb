import Frame

extension NodeReading {
  /// Time series. Only these have been seen in files; the others are kept as they are.
  func timeSeries() throws -> [DraftedStep] {
    let variant = arguments.text("operator") ?? ""
    let given = arguments.variant(variant)
    switch NodeArguments.snake(variant) {
    case "validate_timestamps":
      let policy = try word(
        given.text("policy") ?? "drop", ["drop": "drop", "flag": "flag", "indicate": "flag", "error": "error"],
        of: "policy")
      var parameters: Parameters = [
        "column": .text(try required(given, "timestamp_column")[0]), "policy": .text(policy),
      ]
      if policy == "flag", let name = given.text("output_column") { parameters["name"] = .text(name) }
      return [DraftedStep(ValidateTimestamps.info.id, parameters)]
    case "handle_missing": return try fillSeries(given)
    case "resample": return [try resample(given)]
    case "lag_features", "lag":
      var parameters = try series(given)
      parameters["lag"] = .number(given.number("lag", "lags", "lag_size", "number_of_lags") ?? 1)
      parameters["window"] = .flag(given.flag("include_all_lags", "entire_window", "include_entire_window") ?? false)
      parameters["dropMissing"] = .flag(given.flag("drop_rows", "drop_rows_without_history", "drop_empty") ?? false)
      return [DraftedStep(LagFeatures.info.id, parameters)]
    case "rolling_window_features", "rolling_window":
      var parameters = try series(given)
      parameters["size"] = .number(given.number("window_size", "size", "rolling_window_size") ?? 3)
      note(
        .differs, "makes mean, std, min and max of each window", why: "Data Wrangler extracts features by its strategy")
      _ = given.text("strategy", "extraction_strategy")
      return [DraftedStep(RollingFeatures.info.id, parameters)]
    case "group_by", "group_by_id":
      return [DraftedStep(GroupSeries.info.id, try series(given, needsIDs: true))]
    case "extract_features":
      let parameters = try series(given, needsIDs: true)
      let isMinimal = (given.text("strategy", "extraction_strategy") ?? "minimal").lowercased().contains("minimal")
      if !isMinimal { note(.differs, "makes ten statistics", why: "Data Wrangler makes hundreds by this strategy") }
      var own: Parameters = ["features": isMinimal ? "minimal" : "extended"]
      (own["ids"], own["columns"]) = (parameters["ids"], parameters["columns"])
      return [DraftedStep(SeriesFeatures.info.id, own)]
    case "standardize_length", "standardise_length":
      var parameters = try series(given, needsIDs: true)
      parameters["columns"] = nil
      parameters["by"] = "quantile"
      parameters["quantile"] = .number(given.number("cutoff_quantile", "quantile", "cutoff") ?? 0.9)
      return [DraftedStep(StandardiseLength.info.id, parameters)]
    case "datetime_range":
      guard let start = given.text("start", "start_date", "starting_date") else { throw Unmapped("it names no start") }
      var parameters = try frequency(given)
      parameters["start"] = .text(start)
      parameters["name"] = .text(given.text("output_column", "output") ?? "datetime")
      return [DraftedStep(DatetimeRange.info.id, parameters)]
    default: throw Unmapped("assay has no \"\(variant)\" of time series")
    }
  }

  private func series(_ given: NodeArguments, needsIDs: Bool = false) throws -> Parameters {
    let columns = given.columns("sequence_column", "sequence_columns", "input_column", "column")
    let ids = given.columns("id_column", "id_columns")
    if columns.isEmpty { throw Unmapped("it names no column of values") }
    if ids.isEmpty, needsIDs { throw Unmapped("it names no column that tells series apart") }
    var parameters: Parameters = ["columns": named(columns)]
    if let time = given.text("timestamp_column") { parameters["time"] = .text(time) }
    if !ids.isEmpty { parameters["ids"] = named(ids) }
    return parameters
  }

  private func fillSeries(_ given: NodeArguments) throws -> [DraftedStep] {
    let type = given.text("hm_input_type") ?? ""
    guard NodeArguments.snake(type) == "along_column" else {
      throw Unmapped("assay fills series along a column, not in the lists of a cell")
    }
    let inner = given.variant("hm_input_type_\(type)")
    guard let column = inner.columns("hmac_sequence_column").first else { throw Unmapped("it names no column") }
    let (copies, columns) =
      inner.text("hmac_output_column").map { name in
        name == column
          ? ([], [column])
          : ([DraftedStep(DuplicateColumn.info.id, ["column": .text(column), "name": .text(name)])], [name])
      } ?? ([], [column])
    let strategy = inner.text("hmac_strategy") ?? ""
    let method = try word(
      strategy,
      [
        "Constant Value": "constant", "Most Common Value": "most-common", "Most common": "most-common",
        "Forward Fill": "forward", "Forward feed": "forward", "Forward": "forward", "Backward Fill": "backward",
        "Backward feed": "backward", "Backward": "backward", "Interpolate": "interpolate",
        "Interpolation": "interpolate",
      ], of: "way to fill")
    var parameters: Parameters = ["columns": named(columns), "method": .text(method)]
    if let time = inner.text("hmac_timestamp_column") { parameters["time"] = .text(time) }
    let ids = inner.columns("hmac_id_column")
    if !ids.isEmpty { parameters["ids"] = named(ids) }
    let options = inner.variant("hmac_strategy_\(strategy)")
    if method == "constant" { parameters["value"] = .text(options.text("hmac_custom_value") ?? "0") }
    let leftover = (inner.text("hmac_leftovernans") ?? "").lowercased()
    parameters["leftover"] =
      leftover.contains("feed") || leftover.contains("fill")
      ? "nearest" : leftover.contains("drop") || leftover.contains("delete") ? "drop" : "keep"
    return copies + [DraftedStep(FillSeries.info.id, parameters)]
  }

  private func resample(_ given: NodeArguments) throws -> DraftedStep {
    var parameters = try frequency(given)
    parameters["time"] = .text(try required(given, "timestamp_column")[0])
    let ids = given.columns("id_column")
    if !ids.isEmpty { parameters["ids"] = named(ids) }
    let down = given.record("downsample")
    parameters["numbers"] = .text(
      try word(
        down?.text("numeric") ?? "mean",
        [
          "mean": "mean", "sum": "sum", "min": "min", "max": "max", "median": "median", "first": "first",
          "last": "last",
        ], of: "summary of numbers"))
    parameters["others"] = .text(
      try word(
        down?.text("non_numeric") ?? "most common",
        ["most common": "mode", "mode": "mode", "first": "first", "last": "last"], of: "summary of values"))
    let up = given.record("upsample")
    parameters["fill"] = .text(
      try word(
        up?.text("numeric") ?? "linear", ["linear": "linear", "ffill": "forward", "pad": "forward", "none": "none"],
        of: "way to fill gaps in numbers"))
    parameters["fillOthers"] = .text(
      try word(
        up?.text("non_numeric") ?? "ffill", ["ffill": "forward", "pad": "forward", "none": "none"],
        of: "way to fill gaps in values"))
    return DraftedStep(Resample.info.id, parameters)
  }

  private func frequency(_ given: NodeArguments) throws -> Parameters {
    let frequency = given.record("frequency") ?? given
    let unit = frequency.text("offset_description", "unit", "frequency_unit") ?? "Day"
    let name = unit.lowercased()
    let units = [
      ("second", "second"), ("minute", "minute"), ("hour", "hour"), ("quarter", "quarter"), ("week", "week"),
      ("month", "month"), ("year", "year"), ("annual", "year"), ("day", "day"), ("daily", "day"),
    ]
    guard !name.contains("business"), let found = units.first(where: { name.contains($0.0) }) else {
      throw Unmapped("assay has no steps of \"\(unit)\"")
    }
    return ["unit": .text(found.1), "quantity": .number(frequency.number("quantity") ?? 1)]
  }
}
