import ArgumentParser
import Cloud
import Foundation
import Jobs

/// Which account is meant, and what may be done there.
struct CloudOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("A profile of ~/.aws/config or ~/.aws/credentials. Default: AWS_PROFILE.", valueName: "name"))
  var profile: String?

  @Option(help: ArgumentHelp("The region. Default: AWS_REGION, then the profile's.", valueName: "name"))
  var region: String?

  @Flag(help: "Refuse whatever would change something, as s3_read_only = true in config.toml does.")
  var readOnly = false

  func session(_ headless: Headless) -> CloudSession {
    CloudSession(
      CloudSettings(
        environment: headless.cloudEnvironment, profile: profile, region: region, isReadOnly: readOnly))
  }
}

/// Objects by when they changed and what their keys end in.
struct ObjectOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Only keys that end like this, such as .csv.", valueName: "text"))
  var suffix: String?

  @Option(
    help: ArgumentHelp(
      "Only objects changed at or after this: 2026-11-26, or 2026-11-26T14:00:00Z with a zone.", valueName: "time"))
  var changedFrom: String?

  @Option(help: ArgumentHelp("Only objects changed at or before this.", valueName: "time"))
  var changedUntil: String?

  func validate() throws {
    for (name, text) in [("--changed-from", changedFrom), ("--changed-until", changedUntil)] {
      guard let text, CivilDate.instant(text) == nil else { continue }
      throw ValidationError(
        "\(name) takes a day or a time with its zone, such as 2026-11-26T14:00:00Z, not \"\(text)\"")
    }
    try validateChanged(from: changedFrom, until: changedUntil)
  }

  var selection: S3Selection {
    S3Selection(
      from: changedFrom.flatMap { CivilDate.instant($0) }, until: changedUntil.flatMap { CivilDate.instant($0) },
      suffix: suffix)
  }
}

/// Refuses times between which nothing lies.
/// - Throws: `ValidationError`.
func validateChanged(from: String?, until: String?) throws {
  guard let from, let until, let start = CivilDate.instant(from), let end = CivilDate.instant(until), start > end
  else { return }
  throw ValidationError(
    "--changed-from \(from) is after --changed-until \(until): nothing can have changed between; swap them")
}

/// Bytes as a person says them: `5.2 MB`.
func sizeText(_ bytes: Int) -> String {
  let units = ["B", "kB", "MB", "GB", "TB", "PB"]
  var (value, unit) = (Double(bytes), 0)
  while value >= 999.95, unit < units.count - 1 { (value, unit) = (value / 1000, unit + 1) }
  return unit == 0 ? "\(bytes) B" : String(format: "%.1f %@", value, units[unit])
}
