import Frame

/// The files or objects of a list besides the first, as a person types them: names in the folder of the first, or whole
/// paths, with commas between them. A name that holds a comma stands in quotes.
enum PlaceList {
  /// True where more can be read below a source: it is a file, or an object on S3.
  static func isMeant(for source: Source) -> Bool {
    if !source.also.isEmpty { return true }
    let place = source.location
    if place.lowercased().hasPrefix("s3:") { return !place.hasSuffix("/") && !place.contains { "*?[".contains($0) } }
    return place != "-" && !Source.isElsewhere(place)
  }

  static func text(_ source: Source) -> String {
    let folder = folder(of: source.location)
    return source.also.map { place in
      let short = !folder.isEmpty && place.hasPrefix(folder) ? String(place.dropFirst(folder.count)) : place
      return short.contains { ",\"".contains($0) } ? "\"" + short.replacing("\"", with: "\"\"") + "\"" : short
    }.joined(separator: ", ")
  }

  static func places(_ text: String, beside location: String) -> [String] {
    var (names, name): ([String], String) = ([], "")
    var (isQuoted, wasQuote) = (false, false)
    for character in text {
      if character == "\"" {
        // Two in a row within quotes are one.
        if !isQuoted, wasQuote { name.append(character) }
        isQuoted.toggle()
        wasQuote = !isQuoted
        continue
      }
      wasQuote = false
      if character == ",", !isQuoted {
        names.append(name)
        name = ""
      } else {
        name.append(character)
      }
    }
    names.append(name)
    let folder = folder(of: location)
    return names.map(\.trimmingBlanks).filter { !$0.isEmpty }.map { name in
      name.hasPrefix("/") || name.hasPrefix("~") || Source.isElsewhere(name) ? name : folder + name
    }
  }

  /// What stands before the last part of a path or an address, with its slash.
  private static func folder(of location: String) -> String {
    location.lastIndex(of: "/").map { String(location[...$0]) } ?? ""
  }
}
