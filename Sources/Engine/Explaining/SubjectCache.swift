import Explain
import Foundation
import Synchronization

/// Models that were read or trained, so that one row after another can be explained at once.
final class SubjectCache: Sendable {
  private let kept = Mutex<[(key: String, subject: any ExplanationSubject)]>([])
  /// Models that are kept at most.
  private static let most = 4

  subscript(key: String) -> (any ExplanationSubject)? {
    get { kept.withLock { kept in kept.first { $0.key == key }?.subject } }
    set {
      kept.withLock { kept in
        kept.removeAll { $0.key == key }
        if let newValue { kept.insert((key, newValue), at: 0) }
        if kept.count > Self.most { kept.removeLast() }
      }
    }
  }

  /// Changes with the rows, with the model's files, and with what is asked of it.
  static func key(_ spec: ExplainSpec, _ request: NodeRequest) throws -> String {
    var asked = spec
    (asked.rows, asked.local, asked.aggregate) = (nil, nil, .meanAbsolute)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    var key = String(decoding: try encoder.encode(asked), as: UTF8.self) + (try Fingerprint.of(request))
    if case .path(let path) = spec.model {
      let location = (path as NSString).expandingTildeInPath
      for file in [location, location + "/manifest.json"] {
        let date = try? FileManager.default.attributesOfItem(atPath: file)[.modificationDate] as? Date
        key += " \(date?.timeIntervalSince1970 ?? 0)"
      }
    }
    return key
  }
}
