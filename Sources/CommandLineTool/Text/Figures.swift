import Frame
import Plot

func grouped(_ number: Int) -> String { Numbers.grouped(number) }

/// Four significant digits: `38.58`, `0.0021`, `1.2e-09`.
func short(_ number: Double) -> String { Numbers.short(number) }

/// A value in a summary: numbers with separators, everything else as it is; `–` for none.
func short(_ value: Value?) -> String {
  switch value {
  case .real(let number)?: short(number)
  case .integer(let number)?: grouped(Int(number))
  case nil, .null?: "–"
  case let value?: oneLine(value.text ?? "–")
  }
}

/// Line breaks and tabs as blanks.
func oneLine(_ text: String) -> String {
  text.contains { $0.isNewline || $0 == "\t" }
    ? String(text.map { $0.isNewline || $0 == "\t" ? " " : $0 }) : text
}
