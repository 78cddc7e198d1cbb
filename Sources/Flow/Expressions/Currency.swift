// Amounts of money as people write them.

/// Reads amounts: a sign or code of a currency before or after, thousands apart, negative ones perhaps in parentheses.
enum Currency {
  /// Not part of the number: signs (`$`, `€`), codes (`USD`), a few abbreviations, and what parts thousands.
  private static let ornament =
    #"\p{Sc}|^\s*[A-Z]{1,3}\b|\b[A-Z]{3}\s*$|(kr\.?|zł|Kč|Ft|lei)\s*$|[\s\x{a0}\x{202f}'’_]"#

  /// SQL that reads `text` as a number; what is none becomes missing.
  static func sql(_ text: String) -> String {
    let bare = "regexp_replace(\(text), '\(ornament.replacing("'", with: "''"))', '', 'g')"
    // 1.234,50 and 12,5 have a decimal comma; 1,234 has not.
    let number = """
      CASE WHEN regexp_matches(\(bare), '^[-+(]*[0-9.]*,[0-9]{1,2}\\)?$') \
      THEN replace(replace(\(bare), '.', ''), ',', '.') ELSE replace(\(bare), ',', '') END
      """
    let signed = "regexp_replace(\(number), '^\\((.*)\\)$', '-\\1')"
    return "coalesce(TRY_CAST(trim(\(text)) AS DOUBLE), TRY_CAST(\(signed) AS DOUBLE))"
  }
}
