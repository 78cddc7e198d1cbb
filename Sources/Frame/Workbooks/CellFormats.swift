/// Which styles of a workbook show a number as a date or a time (ECMA-376, 18.8.30 and 18.8.31), and what such a number
/// means.
struct CellFormats: Sendable {
  enum Meaning: Sendable { case number, date, timestamp, time }

  /// By the style that a cell names.
  private var meanings: [Meaning] = []
  /// Days count from 1904 instead of 1900, as old Macintoshes did.
  var countsFrom1904 = false

  init() {}

  init(_ xml: XMLPuller) throws {
    var own: [Int: Meaning] = [:]
    var isInCells = false
    while let event = try xml.next() {
      switch (event, xml.name) {
      case (.start, Names.numFmt):
        if let id = xml.number(Names.numFmtId), let code = xml.attribute(Names.formatCode) {
          own[id] = Self.meaning(String(decoding: code, as: UTF8.self))
        }
      case (.start, Names.cellXfs): isInCells = true
      case (.end, Names.cellXfs): isInCells = false
      case (.start, Names.xf) where isInCells:
        let id = xml.number(Names.numFmtId) ?? 0
        meanings.append(own[id] ?? Self.builtIn(id))
      default: break
      }
    }
  }

  func meaning(_ style: Int) -> Meaning { meanings.indices.contains(style) ? meanings[style] : .number }

  private static func builtIn(_ id: Int) -> Meaning {
    switch id {
    case 14...17, 27...31, 36, 50...54, 57, 58: .date
    case 22: .timestamp
    case 18...21, 32...35, 45...47, 55, 56: .time
    default: .number
    }
  }

  /// What the code of a format shows, from its first section.
  static func meaning(_ code: String) -> Meaning {
    var (hasDate, hasTime, hasMonth) = (false, false, false)
    var characters = Substring(code.lowercased())
    while let character = characters.popFirst() {
      switch character {
      case "\"": characters = characters.drop { $0 != "\"" }.dropFirst()
      case "\\", "_", "*": characters = characters.dropFirst()
      case "[":
        let inside = characters.prefix { $0 != "]" }
        characters = characters.dropFirst(inside.count + 1)
        // [h], [mm] and [ss] are times that go on above a day; colours, conditions and languages are nothing.
        if let first = inside.first, "hms".contains(first), inside.allSatisfy({ $0 == first }) { hasTime = true }
      case ";": characters = ""
      case "y", "d": hasDate = true
      case "h", "s": hasTime = true
      case "m": hasMonth = true
      case "g": if characters.hasPrefix("eneral") { characters = characters.dropFirst(6) }
      default: break
      }
    }
    if hasDate { return hasTime ? .timestamp : .date }
    return hasTime ? .time : hasMonth ? .date : .number
  }

  /// Milliseconds from 1970-01-01 of a number of days as this workbook counts them; nil beyond the years 1900 to 9999.
  func milliseconds(_ days: Double) -> Int64? {
    guard days >= 0, days < 2_958_466 else { return nil }
    // What a spreadsheet shows is exact to a millisecond; below that is rounding.
    let count = Int64((days * 86_400_000).rounded())
    if countsFrom1904 { return count - 24_107 * 86_400_000 }
    // 1900 had no 29 February, but Lotus 1-2-3 and all after it count one.
    return count - (days < 60 ? 25_568 : 25_569) * 86_400_000
  }
}

/// The names of the elements and attributes that are read.
enum Names {
  static let cell = XMLPuller.key("c")
  static let cellXfs = XMLPuller.key("cellXfs")
  static let date1904 = XMLPuller.key("date1904")
  static let formatCode = XMLPuller.key("formatCode")
  static let formula = XMLPuller.key("f")
  static let id = XMLPuller.key("id")
  static let idCapital = XMLPuller.key("Id")
  static let inline = XMLPuller.key("is")
  static let item = XMLPuller.key("si")
  static let mergeCell = XMLPuller.key("mergeCell")
  static let name = XMLPuller.key("name")
  static let numFmt = XMLPuller.key("numFmt")
  static let numFmtId = XMLPuller.key("numFmtId")
  static let phonetic = XMLPuller.key("rPh")
  static let reference = XMLPuller.key("r")
  static let area = XMLPuller.key("ref")
  static let relationship = XMLPuller.key("Relationship")
  static let row = XMLPuller.key("row")
  static let sheet = XMLPuller.key("sheet")
  static let sheetData = XMLPuller.key("sheetData")
  static let style = XMLPuller.key("s")
  static let target = XMLPuller.key("Target")
  static let text = XMLPuller.key("t")
  static let type = XMLPuller.key("Type")
  static let value = XMLPuller.key("v")
  static let workbookPr = XMLPuller.key("workbookPr")
  static let xf = XMLPuller.key("xf")
}
