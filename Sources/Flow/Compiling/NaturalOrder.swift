// The order in which people file texts: runs of digits by their number, so that file2 stands before file10.

/// Natural order of texts, as SQL.
public enum NaturalOrder {
  /// Digits that a run is filled up to; longer runs are compared as text.
  static let digits = 18

  /// SQL for a text that sorts as `text` shall: every run of digits brought to the same length by zeros before it.
  ///
  /// Texts without digits, and those with one run at their end, are by far the most and take the quick ways.
  public static func key(_ text: String) -> String {
    let head = "rtrim(\(text), '0123456789')"
    let count = "length(\(text)) - length(\(head))"
    let zeros = String(repeating: "0", count: digits)
    let padded = "regexp_replace(\(text), '(\\d+)', '\(zeros)\\1', 'g')"
    return """
      CASE WHEN NOT regexp_matches(\(text), '\\d') THEN \(text) \
      WHEN \(count) BETWEEN 1 AND \(digits) AND NOT regexp_matches(\(head), '\\d') \
      THEN \(head) || lpad(right(\(text), \(count)), \(digits), '0') \
      ELSE regexp_replace(\(padded), '0*(\\d{\(digits),})', '\\1', 'g') END
      """
  }
}
