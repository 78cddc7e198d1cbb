extension TransformCatalogue {
  /// Whole tables: combining, grouping, time, own SQL.
  static let tables: [any Transform.Type] =
    [Join.self, Concatenate.self, Split.self, GroupBy.self, Pivot.self, Unpivot.self, Window.self]
    + [
      Resample.self, FillSeries.self, LagFeatures.self, RollingFeatures.self, FillCalendar.self, DatetimeRange.self,
      ValidateTimestamps.self, StandardiseLength.self, GroupSeries.self, SeriesFeatures.self,
    ] + [CustomSQL.self, Foreign.self]
}
