extension TransformCatalogue {
  /// Numbers and categories: missing values, outliers, encoding, scaling, balance, dimensions.
  static let values: [any Transform.Type] = [
    FillMissing.self, MissingIndicator.self, DropMissingRows.self, DropMissingColumns.self, Outliers.self,
    ReplaceRare.self, EncodeOrdinal.self, EncodeOneHot.self, EncodeSimilarity.self, EncodeTarget.self,
    EncodeFrequency.self, Scale.self, LogTransform.self, QuantileTransform.self, PowerTransform.self, Bin.self,
    Adjust.self, Balance.self, Reweigh.self, ResampleGroups.self, PrincipalComponents.self, Score.self, Predict.self,
  ]
}
