extension TransformCatalogue {
  /// Text, dates, types, columns, rows, nested values.
  static let texts: [any Transform.Type] = []
}
