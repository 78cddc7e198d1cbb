// What docker is told to make of a model and of the program that serves it.

import Foundation
import Learn

/// Dockerfiles for a model.
public enum ContainerText {
  /// Of a folder with the program in `program` and the model in `model`.
  public static func whole(_ manifest: BundleManifest) -> String {
    text(
      manifest, how: ["docker build -t NAME . && docker run -p 8080:8080 NAME serve"],
      ["COPY program /opt/assay", "COPY model /opt/ml/model"])
  }

  /// Of a model's own folder; the program comes from a second context.
  public static func beside(_ manifest: BundleManifest) -> String {
    let folders = Set(manifest.files.map { ($0.path as NSString).deletingLastPathComponent }).sorted()
    return text(
      manifest,
      how: [
        "assay model container . -o ../image writes the program, and a folder that needs nothing else; or here:",
        "docker build --build-context program=../image/program -t NAME . && docker run -p 8080:8080 NAME serve",
      ],
      ["COPY --from=program / /opt/assay", "COPY manifest.json report.json /opt/ml/model/"]
        + folders.map { "COPY \($0) /opt/ml/model/\($0)" })
  }

  /// Writes the Dockerfile of a model into its folder, unless somebody has one there.
  ///
  /// - Throws: `BundleError`.
  public static func write(beside folder: String) throws {
    let file = folder + "/Dockerfile"
    // One that somebody has written stays; one of an earlier ensemble names other folders.
    let known = FileManager.default.contents(atPath: file)
    guard known?.starts(with: Data("# Serves a model of ".utf8)) ?? true else { return }
    do {
      try Data(beside(try BundleManifest(folder: folder)).utf8).write(
        to: URL(fileURLWithPath: file), options: .atomic)
    } catch let error as CocoaError {
      throw BundleError.unwritable(file: file, reason: error.localizedDescription)
    }
  }

  /// The distribution that this program runs on, as docker calls it.
  public static func baseImage(_ release: String) -> String {
    var values: [String: String] = [:]
    for line in release.split(separator: "\n") {
      let pair = line.split(separator: "=", maxSplits: 1)
      if pair.count == 2 { values[String(pair[0])] = pair[1].filter { $0 != "\"" } }
    }
    guard let id = values["ID"], let version = values["VERSION_ID"] else { return "debian:stable-slim" }
    return id == "debian" ? "debian:\(version)-slim" : "\(id):\(version)"
  }

  private static func text(_ manifest: BundleManifest, how: [String], _ copies: [String]) -> String {
    let release = FileManager.default.contents(atPath: "/etc/os-release").map { String(decoding: $0, as: UTF8.self) }
    let target = manifest.target.map { $0.isNewline ? " " : String($0) }.joined()
    let lines =
      ["# Serves a model of \(target): \(how[0])"] + how.dropFirst().map { "# \($0)" }
      + [
        "# SageMaker mounts another model over /opt/ml/model where one is given.",
        "FROM \(baseImage(release ?? ""))",
      ] + copies
      + [
        "ENV LD_LIBRARY_PATH=/opt/assay/lib LC_ALL=C.UTF-8 HOME=/tmp", "EXPOSE 8080", "HEALTHCHECK NONE",
        #"ENTRYPOINT ["/opt/assay/assay"]"#, #"CMD ["serve"]"#,
      ]
    return lines.joined(separator: "\n") + "\n"
  }
}
