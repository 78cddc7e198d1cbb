import Flow
import Foundation

/// A session or a script: JSON Lines with one command each. The first line makes the file executable, the next names the
/// version; lines that begin with `#` are comments.
///
///     #!/usr/bin/env -S assay run
///     {"v":1}
///     {"do":"data.open","step":"s1","source":{"location":"census.csv"}}
///     {"do":"flow.add","step":"s2","after":"s1","operation":{"type":"filter","where":"age > 30"}}
public struct SessionScript: Sendable, Equatable {
  /// The version that this program writes, and the newest that it reads.
  public static let currentVersion = 1

  /// A command and the number of its line, from 1.
  public struct Entry: Sendable, Equatable {
    public var number: Int
    public var line: SessionLine
  }

  public var entries: [Entry]
  /// The number of a last line that was not written to its end, as a killed process leaves it. It is left out.
  public var cutLine: Int?

  // MARK: - Reading

  /// - Throws: `SessionError`.
  public init(contentsOf path: String) throws {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw SessionError.notFound(path)
    }
    guard !isFolder.boolValue else { throw SessionError.notASession(path, "it is a folder") }
    let data: Data
    do {
      data = try Data(contentsOf: URL(fileURLWithPath: path))
    } catch {
      throw SessionError.unreadable(path, FlowFile.reason(error))
    }
    if (try? FlowFile(contentsOf: path)) != nil { throw SessionError.isFlow(path) }
    try self.init(data, path: path)
  }

  init(_ data: Data, path: String) throws {
    entries = []
    let decoder = FlowFile.decoder
    let lines = data.split(separator: 0x0A, omittingEmptySubsequences: false)
    var hasHeader = false
    for (index, bytes) in lines.enumerated() {
      let number = index + 1
      let isCut = index == lines.count - 1
      guard let text = String(validating: bytes, as: UTF8.self) else {
        if isCut, hasHeader {
          cutLine = number
          return
        }
        throw SessionError.line(path, number, "it is not UTF-8")
      }
      let trimmed = text.trimmingCharacters(in: .whitespaces.union(.init(charactersIn: "\r\u{FEFF}")))
      if trimmed.isEmpty || trimmed.hasPrefix("#") { continue }
      guard hasHeader else {
        try Self.check(header: Data(trimmed.utf8), path, number)
        hasHeader = true
        continue
      }
      do {
        entries.append(Entry(number: number, line: try decoder.decode(SessionLine.self, from: Data(trimmed.utf8))))
      } catch {
        // Only what is no JSON was cut: a whole object at the end says what it says.
        if isCut, (try? JSONSerialization.jsonObject(with: Data(trimmed.utf8))) == nil {
          cutLine = number
          return
        }
        throw SessionError.line(path, number, Self.reason(error))
      }
    }
    guard hasHeader else { throw SessionError.notASession(path, "it is empty") }
  }

  private static func check(header: Data, _ path: String, _ number: Int) throws {
    struct Header: Decodable { let v: Int }
    guard let header = try? JSONDecoder().decode(Header.self, from: header) else {
      throw SessionError.notASession(path, "line \(number) should be {\"v\":\(currentVersion)}")
    }
    guard header.v <= currentVersion else { throw SessionError.newer(path, header.v) }
  }

  private static func reason(_ error: any Error) -> String {
    switch error {
    case let fault as SessionFault: fault.description
    case let fault as FlowError: fault.description
    default: FlowFile.reason(error)
    }
  }

  // MARK: - Writing

  /// The first lines of a file.
  public static func beginning(_ comments: [String] = []) -> String {
    "#!/usr/bin/env -S assay run\n" + comments.map { comment($0) + "\n" }.joined() + "{\"v\":\(currentVersion)}\n"
  }

  static func comment(_ text: String) -> String {
    "# " + text.split(whereSeparator: \.isNewline).joined(separator: " ")
  }

  /// A command as a line without its end: what it does first, its arguments in alphabetical order.
  public static func text(of line: SessionLine) throws -> String {
    let encoder = FlowFile.encoder
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let arguments = String(decoding: try encoder.encode(SessionLine.Arguments(line)), as: UTF8.self)
    return "{\"do\":\"\(line.command.word)\"" + (arguments == "{}" ? "}" : ",\(arguments.dropFirst())")
  }
}

/// What can be wrong with a session.
public enum SessionError: Error, Equatable, Sendable, CustomStringConvertible {
  case notFound(String)
  case unreadable(String, String)
  case isFlow(String)
  case notASession(String, String)
  case newer(String, Int)
  /// A line that cannot be read or done: the file, the line's number, and why.
  case line(String, Int, String)

  public var description: String {
    switch self {
    case .notFound(let path): "\(path): there is no such file. assay locate sessions says where sessions are kept."
    case .unreadable(let path, let why): "\(path): cannot be read (\(why))."
    case .isFlow(let path): "\(path): is a flow, not a session. assay flow run runs it."
    case .notASession(let path, let why):
      "\(path): is no session of assay: \(why). The workbench records one, and assay flow export --format assay writes one."
    case .newer(let path, let version):
      "\(path): was written by a newer assay (format \(version); this one reads up to \(SessionScript.currentVersion))."
    case .line(let path, let number, let why): "\(path): line \(number): \(why)"
    }
  }
}
