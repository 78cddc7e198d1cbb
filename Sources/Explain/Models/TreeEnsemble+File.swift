// Which reader a model file needs.

import Foundation

extension TreeEnsemble {
  /// Reads an XGBoost model (JSON or UBJ) or a LightGBM model (text); the content tells which it is.
  /// - Throws: `ExplainError`.
  public init(contentsOf path: String) throws {
    let location = (path as NSString).expandingTildeInPath
    guard FileManager.default.fileExists(atPath: location) else { throw ExplainError.notFound(path: path) }
    let data: Data
    do {
      data = try Data(contentsOf: URL(fileURLWithPath: location), options: .mappedIfSafe)
    } catch {
      throw ExplainError.unreadable(path: path, reason: error.localizedDescription)
    }
    try self.init(data, path: path)
  }

  /// Reads LightGBM's text.
  public init(text: String) throws { self = try LightGBMModel.ensemble(text, path: "the trees") }

  /// Reads what a file of a model holds.
  ///
  /// - Parameter path: what errors call the model.
  /// - Throws: `ExplainError`.
  public init(_ data: Data, path: String) throws {
    if data.starts(with: Array("tree\n".utf8)) || data.starts(with: Array("tree\r\n".utf8)) {
      let text = String(decoding: data, as: UTF8.self)
      self = try LightGBMModel.ensemble(text.contains("\r") ? text.replacing("\r\n", with: "\n") : text, path: path)
      return
    }
    guard let first = data.first(where: { $0 != 0x20 && !(0x09...0x0D).contains($0) }), first == UInt8(ascii: "{")
    else {
      throw ExplainError.unknownFormat(path: path)
    }
    let document: ModelDocument
    do {
      document = try data.withUnsafeBytes { raw in
        let bytes = raw.bindMemory(to: UInt8.self)
        return Self.isText(bytes) ? try JSONDocumentReader.read(bytes) : try UBJSONDocumentReader.read(bytes)
      }
    } catch let fault as DocumentFault {
      throw ExplainError.broken(path: path, place: "byte \(fault.offset)", reason: fault.reason)
    }
    self = try XGBoostModel.ensemble(document, path: path)
  }

  /// In JSON a quote, a brace or a blank follows the first brace; in UBJSON the type of a length.
  private static func isText(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let brace = bytes.firstIndex(of: UInt8(ascii: "{")), brace + 1 < bytes.count else { return true }
    let next = bytes[brace + 1]
    return next == UInt8(ascii: "\"") || next == UInt8(ascii: "}") || next == 0x20 || (0x09...0x0D).contains(next)
  }
}
