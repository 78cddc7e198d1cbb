import Foundation

/// Turns DuckDB's messages into errors that say what failed, where, and what to do.
extension FrameError {
  static func query(_ message: String, sql: String, location: String? = nil) -> FrameError {
    // What DuckDB says of its own inside helps nobody here.
    let message = message.range(of: "Stack Trace:").map { String(message[..<$0.lowerBound]) } ?? message
    let lowered = message.lowercased()
    if lowered.contains("no space left on device") || lowered.contains("max_temp_directory_size") {
      return FrameError(
        .diskFull, location: location, what: "the disk is full",
        advice: "Free some space, or point XDG_CACHE_HOME at another disk: what memory does not hold goes there.")
    }
    if message.hasPrefix("Out of Memory Error") {
      return FrameError(
        .outOfMemory, location: location, what: "the query needs more memory than assay may use",
        advice: "Raise the memory limit, or work on a sample.")
    }
    if message.hasPrefix("INTERRUPT Error") {
      return FrameError(.interrupted, location: location, what: "the query was stopped")
    }
    return delimited(message) ?? json(message) ?? FrameError(.query, location: location, what: readable(message))
  }

  /// `Binder Error: Referenced column "x" not found…` without its class and without the echo of the SQL.
  static func readable(_ message: String) -> String {
    var text = Substring(message)
    if let end = text.range(of: "\nLINE ") { text = text[..<end.lowerBound] }
    if let colon = text.range(of: "Error: "), text.distance(from: text.startIndex, to: colon.lowerBound) < 30 {
      text = text[colon.upperBound...]
    }
    let lines = text.split(separator: "\n").map { $0.trimmingPrefix(while: \.isWhitespace) }
    var joined = lines.joined(separator: " ")
    while joined.last == "." || joined.last?.isWhitespace == true { joined.removeLast() }
    return joined
  }

  /// What DuckDB's CSV reader says, nil for other messages.
  private static func delimited(_ message: String) -> FrameError? {
    if message.contains("CSV Parser state machine reached an invalid state") {
      return FrameError(
        .malformed, what: "quotes or ends of lines in the text contradict each other",
        advice: "Leave such rows out with --skip-bad-rows (key s), or mend the file.")
    }
    if let match = message.firstMatch(
      of: /Could not convert string '(.*?)' to .*? when casting from source column (.+)/.dotMatchesNewlines())
    {
      let column = String(match.2.prefix { $0 != "\n" })
      return unreadable(String(match.1), type: "", column: column, line: nil, location: nil)
    }
    // Of dates and times: `invalid date field format: "soon", expected format is …`.
    if let match = message.firstMatch(
      of: /field (?:format|value out of range): "(.*?)".* when casting from source column (.+)/.dotMatchesNewlines())
    {
      return unreadable(
        String(match.1), type: "", column: String(match.2.prefix { $0 != "\n" }), line: nil, location: nil)
    }
    guard let start = message.firstMatch(of: /CSV Error on Line: (\d+)/) else { return nil }
    let line = Int(start.1)
    let place = message.matches(of: /\n\s*file = (.+)/).last.map { String($0.1) }
    if let match = message.matches(of: /Expected Number of Columns: (\d+) Found: (\d+)/).last,
      let expected = Int(match.1), let found = Int(match.2)
    {
      var error = fieldCount("", line: line, found: found, expected: expected)
      error.location = place
      return error
    }
    if let match = message.matches(
      of: /Error when converting column "(.*?)"\. Could not convert string "(.*?)" to '([^']*)'/.dotMatchesNewlines()
    ).last {
      return unreadable(
        String(match.2), type: String(match.3), column: String(match.1), line: line, location: place)
    }
    if message.contains("Invalid unicode") {
      return FrameError(
        .encoding, location: place, line: line, what: "the text is not UTF-8", advice: "Convert the file to UTF-8.")
    }
    if message.contains("Maximum line size of") {
      return FrameError(
        .cellTooLarge, location: place, line: line, what: "this row is too long",
        advice: "A quote that is never closed makes such rows; check the quotes.")
    }
    if message.contains("unterminated quote") {
      return FrameError(
        .malformed, location: place, line: line, what: "a quoted field is not closed, or goes on after its quote",
        advice: "Leave such rows out with --skip-bad-rows (key s), or mend the quotes.")
    }
    return FrameError(.malformed, location: place, line: line, what: readable(message))
  }

  private static func unreadable(
    _ value: String, type: String, column: String, line: Int?, location: String?
  ) -> FrameError {
    FrameError(
      .unreadableValue(type: type, value: value), location: location, line: line, column: column,
      what: "\"\(value.prefix(60))\" cannot be read as \(type.isEmpty ? "the column's type" : type)",
      advice: "Read the column as text, or mend the value.")
  }

  /// What DuckDB's JSON reader says, nil for other messages.
  private static func json(_ message: String) -> FrameError? {
    if let match = message.firstMatch(of: /JSON transform error in file "(.*)", in (?:line|record\/value) (\d+): (.*)/)
    {
      return FrameError(
        .unreadableValue(type: "", value: ""), location: String(match.1), line: Int(match.2),
        what: String(match.3.prefix { $0 != "\n" }).replacing("Failed to cast", with: "failed to cast"),
        advice: "Read the column as text, or mend the value.")
    }
    if let match = message.firstMatch(
      of: /Malformed JSON in file "(.*)", at byte (\d+) in (line|record\/value) (\d+): (.*)/)
    {
      let reason = match.5.prefix { $0 != "\n" && $0 != "." }
      return FrameError(
        .malformed, location: String(match.1), line: match.3 == "line" ? Int(match.4) : nil,
        what: "this is not JSON: \(reason) (byte \(match.2)"
          + (match.3 == "line" ? ")" : " of record \(match.4))"),
        advice: "Check that the file was written completely.")
    }
    return nil
  }
}
