import Foundation

/// The profiles of `~/.aws/credentials` and `~/.aws/config`.
struct ProfileFile: Sendable {
  /// Settings by section: `default`, `profile analyst`, `services local`. Nested settings are called `s3.addressing_style`.
  private(set) var sections: [String: [String: String]] = [:]

  init(_ text: String) {
    var section: String?
    var parent: String?
    for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      let content = line.trimmingCharacters(in: .whitespaces)
      guard let first = content.first, first != "#", first != ";" else { continue }
      if first == "[", let end = content.firstIndex(of: "]") {
        let name = content[content.index(after: content.startIndex)..<end]
        let words = name.split(separator: " ").map { $0.trimmingCharacters(in: CharacterSet(charactersIn: "\"'")) }
        let joined = words.joined(separator: " ")
        section = joined
        parent = nil
        sections[joined, default: [:]] = sections[joined] ?? [:]
        continue
      }
      guard let section, let sign = content.firstIndex(of: "=") else { continue }
      let name = content[..<sign].trimmingCharacters(in: .whitespaces).lowercased()
      var value = content[content.index(after: sign)...].trimmingCharacters(in: .whitespaces)
      if let comment = value.range(of: #"\s[#;]"#, options: .regularExpression) {
        value = value[..<comment.lowerBound].trimmingCharacters(in: .whitespaces)
      }
      let isNested = line.first == " " || line.first == "\t"
      if isNested, let parent {
        sections[section]?["\(parent).\(name)"] = value
      } else {
        parent = value.isEmpty ? name : nil
        sections[section]?[name] = value
      }
    }
  }

  init(contentsOf path: String) {
    self.init((try? String(contentsOfFile: path, encoding: .utf8)) ?? "")
  }
}

/// Both files together.
struct Profiles: Sendable {
  let credentials: ProfileFile
  let config: ProfileFile
  let credentialsPath: String
  let configPath: String

  init(environment: [String: String]) {
    let home = environment["HOME"] ?? NSHomeDirectory()
    func path(_ variable: String, _ usual: String) -> String {
      let given = environment[variable].flatMap { $0.isEmpty ? nil : $0 } ?? usual
      return given.hasPrefix("~/") ? home + given.dropFirst() : given
    }
    credentialsPath = path("AWS_SHARED_CREDENTIALS_FILE", home + "/.aws/credentials")
    configPath = path("AWS_CONFIG_FILE", home + "/.aws/config")
    credentials = ProfileFile(contentsOf: credentialsPath)
    config = ProfileFile(contentsOf: configPath)
  }

  /// What the config file says of a profile.
  func settings(_ profile: String) -> [String: String] {
    (profile == "default" ? config.sections["default"] : nil) ?? config.sections["profile \(profile)"] ?? [:]
  }

  /// What the credentials file says of a profile.
  func keys(_ profile: String) -> [String: String] { credentials.sections[profile] ?? [:] }

  func has(_ profile: String) -> Bool {
    credentials.sections[profile] != nil || config.sections["profile \(profile)"] != nil
      || (profile == "default" && config.sections["default"] != nil)
  }

  /// The names of all profiles, sorted.
  var names: [String] {
    let configured = config.sections.keys.compactMap { name in
      name == "default" ? name : name.hasPrefix("profile ") ? String(name.dropFirst(8)) : nil
    }
    return Set(configured + credentials.sections.keys).sorted()
  }
}
