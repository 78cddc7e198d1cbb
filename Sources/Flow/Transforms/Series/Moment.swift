import Frame

/// A moment that a user writes: `2024-12-31` or `2024-12-31 23:59:59`.
enum Moment {
  /// Why a parameter is no moment; nil where it is one, or empty.
  static func fault(_ parameters: Parameters, _ name: String) -> String? {
    guard let text = parameters.text(name)?.trimmed else { return nil }
    let pattern = /(\d{4})-(\d{2})-(\d{2})([ T]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?)?/
    guard let match = text.wholeMatch(of: pattern), let month = Int(match.2), let day = Int(match.3),
      1...12 ~= month, 1...31 ~= day
    else { return "\(name): \"\(text)\" is no date: write it as 2024-12-31 or 2024-12-31 23:59:59" }
    return nil
  }

  /// The parameter as a timestamp in SQL; nil where it is empty.
  static func sql(_ parameters: Parameters, _ name: String) -> String? {
    parameters.text(name).map { "CAST(\(SQL.text($0.trimmed)) AS TIMESTAMP)" }
  }
}
