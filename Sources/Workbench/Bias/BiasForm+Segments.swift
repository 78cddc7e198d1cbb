import Engine
import Fairness
import Widgets

/// Parts of the rows that are reported on as well, and the limits that verdicts are measured against.
extension BiasForm {
  static let mostSegments = 20

  /// Parts of the rows, each reported on as well.
  func segment(_ form: FormState) -> [FormField] {
    var fields: [FormField] = [
      .choice(
        "segment", "Segments", [FormOption("", "none")] + ColumnChoices.options(columns, refuse: Self.refusal),
        selected: "",
        help: "A column that splits the rows into parts; each part is reported on as well, on pages of its own.")
    ]
    let column = form.text("segment")
    guard !column.isEmpty else { return fields }
    let kindID = "segment.kind:" + column
    fields.append(kindField(kindID, column))
    if readsNumbers(kindID, column, form) {
      fields.append(
        .text(
          "segment.above:" + column, "Parts", placeholder: "such as [17, 30]; (30, 60]",
          help: "Intervals with ; between: a square bracket takes its end in, a round one does not. All other rows are "
            + "one part more."))
    } else {
      fields.append(
        picker(
          "segment.values:" + column, "Parts", column, rows: 4,
          help: "Each ticked value is a part; all other rows are one more. With none ticked every value is a part."))
    }
    return fields
  }

  func segments(_ form: FormState) -> [BiasSpec.Segment] {
    let column = form.text("segment")
    guard kind == .report, !column.isEmpty else { return [] }
    if readsNumbers("segment.kind:" + column, column, form) {
      return [.init(column: column, lists: BiasList.parts(form.text("segment.above:" + column)))]
    }
    let chosen = form.chosen("segment.values:" + column)
    let values = chosen.isEmpty ? (values[column]?.values ?? []).map(\.text) : chosen
    return [.init(column: column, lists: values.map { [$0] })]
  }

  func segmentFault(_ form: FormState) -> (field: String, reason: String)? {
    let column = form.text("segment")
    guard kind == .report, !column.isEmpty else { return nil }
    if column == form.text("target") { return ("segment", "\(column) is the label: parts of one outcome have no gap") }
    if readsNumbers("segment.kind:" + column, column, form) {
      let id = "segment.above:" + column
      let parts = BiasList.parts(form.text(id))
      if parts.isEmpty { return (id, "write an interval: [17, 30]; (30, 60]") }
      let bad = parts.joined().first { BiasList.interval($0) == nil }
      return bad.map { (id, "\"\($0)\" is no interval: write [17, 30]; (30, 60]") }
    }
    let id = "segment.values:" + column
    guard form.chosen(id).isEmpty else { return nil }
    guard let answer = values[column], answer.error == nil else {
      return ("segment", values[column]?.error ?? "\(column) has no values yet: wait, or choose another")
    }
    if answer.values.isEmpty { return ("segment", "\(column) has no values: choose another") }
    let count = answer.values.count + answer.others
    return count > Self.mostSegments ? (id, "\(column) has \(Number.grouped(count)) values: tick some") : nil
  }

  func limitFault(_ form: FormState) -> (field: String, reason: String)? {
    do {
      _ = try BiasList.limits(form.text("limits"))
      return nil
    } catch {
      return ("limits", "\(error)")
    }
  }
}
