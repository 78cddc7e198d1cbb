import Frame

/// Brings the two classes of a target to a ratio: by repeating rows, leaving rows out, or making new ones.
///
/// SMOTE (Chawla et al. 2002, doi:10.1613/jair.953): a new row lies between a random row of the smaller class and one of
/// its nearest rows of that class, by a random weight; distance and mixture are of the numeric columns, every other value
/// is copied from one of the two at random. Whole numbers stay whole. Of a class of more than about 4,000 rows the
/// nearest are those of a random part, so that the work stays bounded. Rows without a class stay; new rows come last.
public enum Balance: Transform {
  public static let info = OperationInfo(
    "balance", .balance, "Balance classes", help: "Bring the two classes of a target to a ratio.",
    parameters: [
      ParameterInfo(
        "target", "Target", .column, fit: .category,
        help: "A column with two classes. Rows without one stay as they are."),
      ParameterInfo(
        "method", "By", .choice(["oversample", "undersample", "smote"]), initial: "oversample",
        help:
          "oversample: repeat random rows of the smaller class. undersample: leave out random rows of the larger. smote: "
          + "make new rows between similar ones of the smaller class."),
      ParameterInfo(
        "ratio", "Ratio", .number(0.001...1), initial: "1",
        help: "Rows of the smaller class for each row of the larger; a ratio that is reached already changes nothing."),
      ParameterInfo(
        "neighbors", "Neighbours", .integer(1...100), initial: "5", when: .init("method", "smote"),
        help: "Among how many nearest rows the partner of a new row is drawn; scale the columns first if units differ."),
      ParameterInfo("seed", "Seed", .integer(0...Int.max), initial: "0", help: "The same seed makes the same rows."),
    ])

  public static func learns(_ parameters: Parameters) -> Bool { true }

  public static func summary(_ parameters: Parameters) -> String {
    "\(parameters.text("method") ?? "oversample"): \(parameters.text("target") ?? "") to \(parameters.number("ratio") ?? 1)"
  }

  /// Which class is the smaller one, and how many rows there are.
  public static func fit(_ call: TransformCall, _ reader: FitReader) throws -> Parameters {
    let target = try call.column(parameter: "target", .category)
    let found = try Categories.counted(target, call, reader)
    guard found.count == 2, let large = found.first, let small = found.last else {
      throw call.invalid(
        "column \"\(target.name)\" has \(found.count) class\(found.count == 1 ? "" : "es"), and balancing is of two: choose "
          + "another column, or join classes first")
    }
    if call.parameters.text("method") == "smote", small.count < 2 {
      throw call.invalid("class \"\(small.name)\" has one row, and new rows lie between two: oversample instead")
    }
    return ["small": .text(small.name), "large": .text(large.name)]
  }

  public static func stage(_ call: TransformCall) throws -> TransformStage {
    let target = try call.column(parameter: "target", .category)
    guard let learned = try call.fitted() else {
      return TransformStage("SELECT * FROM \(call.table)", call.schema)
    }
    let sampler = ClassSampler(
      call, target, small: learned.text("small") ?? "", large: learned.text("large") ?? "",
      ratio: call.parameters.number("ratio") ?? 1, seed: call.parameters.integer("seed") ?? 0)
    let sql =
      switch call.parameters.text("method") {
      case "undersample": sampler.undersampled
      case "smote": sampler.synthesized(neighbors: call.parameters.integer("neighbors") ?? 5)
      default: sampler.oversampled
      }
    return TransformStage(sql, call.schema)
  }
}
