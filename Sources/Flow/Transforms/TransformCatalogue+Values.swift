extension TransformCatalogue {
  /// Numbers and categories: missing values, outliers, encoding, scaling, balance, dimensions.
  static let values: [any Transform.Type] = [Scale.self]
}
