// A pattern without capitals ignores case, as in less and vim.

/// Smart case of regular expressions.
public enum SmartCase {
  /// The pattern as RE2 shall read it.
  public static func pattern(_ pattern: String) -> String { ignoresCase(pattern) ? "(?i)" + pattern : pattern }

  /// True where the pattern has no capital letter beside those of classes such as `\S`.
  public static func ignoresCase(_ pattern: String) -> Bool {
    var isEscaped = false
    for character in pattern {
      if !isEscaped, character.isUppercase { return false }
      isEscaped = !isEscaped && character == "\\"
    }
    return true
  }

  /// The same for a pattern that is known to the database only.
  static func sql(_ pattern: String) -> String {
    "CASE WHEN regexp_matches(regexp_replace(\(pattern), '\\\\.', '', 'g'), '\\p{Lu}') "
      + "THEN \(pattern) ELSE '(?i)' || \(pattern) END"
  }
}
