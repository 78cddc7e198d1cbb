import Flow
import Foundation
import Frame
import Synchronization

/// Identifies the rows of a step: what all steps above it do, what they have learnt, and the files as they are now.
/// Equal fingerprints mean equal rows; the key of caches and the mark by which a stale result is known.
public enum Fingerprint {
  /// 32 hexadecimal digits.
  public static func of(_ request: NodeRequest) throws -> String {
    var text = ""
    var request = request
    request.graph = request.graph.filled
    let path = try request.graph.path(to: request.node)
    for id in path {
      let step = try request.graph.step(id)
      // Which of the steps above stands on which side of a join.
      if step.inputs.count > 1 { text += "\(step.inputs.map { path.firstIndex(of: $0) ?? -1 })\n" }
      guard step.isEnabled || step.operation.kind == .source else { continue }
      text += try describe(step.operation) + "\n" + (try describe(step.fitted ?? [:])) + "\n"
      if let learned = step.learned { text += try describe(learned) + "\n" }
      if case .source(let source) = step.operation {
        for location in source.locations { text += version(of: location) + "\n" }
      }
      if case .transform(let spec) = step.operation, spec.id == EmbedText.info.id {
        text += TextModels.version(of: spec.parameters.text("model") ?? "") + "\n"
      }
    }
    text += try describe(request.look)
    return digest(text)
  }

  /// How often each place that is not on this machine was read again: what is there tells no version unasked.
  private static let readings = Mutex<[String: Int]>([:])

  /// Has a place that is not on this machine read again by all that comes after: what was read of it before is another
  /// version. A file of this machine tells its version itself.
  public static func readAgain(_ location: String) {
    guard Source.isElsewhere(location) else { return }
    readings.withLock { $0[location, default: 0] += 1 }
  }

  /// Size and time of change of a file.
  static func version(of location: String) -> String {
    if let reading = readings.withLock({ $0[location] }) { return "- \(reading)" }
    guard let attributes = try? FileManager.default.attributesOfItem(atPath: location) else { return "-" }
    let size = (attributes[.size] as? NSNumber)?.int64Value ?? -1
    let changed = (attributes[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
    return "\(size) \(changed)"
  }

  private static func describe(_ value: some Encodable) throws -> String {
    let encoder = FlowFile.encoder
    encoder.outputFormatting = [.sortedKeys]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  /// FNV-1a, 64 bits, from two offsets. Names tables; guards nothing.
  static func digest(_ text: String) -> String {
    func hash(_ offset: UInt64) -> UInt64 {
      text.utf8.reduce(offset) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
    }
    func hex(_ number: UInt64) -> String {
      let digits = String(number, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }
    return hex(hash(0xCBF2_9CE4_8422_2325)) + hex(hash(0x9E37_79B9_7F4A_7C15))
  }
}
