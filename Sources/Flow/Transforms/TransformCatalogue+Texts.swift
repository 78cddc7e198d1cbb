extension TransformCatalogue {
  /// Text, dates, types, columns, rows, nested values.
  static let texts: [any Transform.Type] = [
    DuplicateColumn.self, MoveColumns.self, CombineColumns.self, DropDuplicates.self, Shuffle.self, Slice.self,
    DateParts.self, DateDifference.self, TruncateDate.self, TextStatistics.self, Tokenise.self, Vectorise.self,
    EmbedText.self, FormatText.self, FindText.self, ExtractText.self, ReplaceText.self, SplitText.self,
    ParseValues.self,
    ValidateText.self, Assemble.self, Flatten.self, Unnest.self, Explode.self,
  ]
}
