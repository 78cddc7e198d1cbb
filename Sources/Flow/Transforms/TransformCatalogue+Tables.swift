extension TransformCatalogue {
  /// Whole tables: combining, grouping, time.
  static let tables: [any Transform.Type] = [Join.self, Concatenate.self]
}
