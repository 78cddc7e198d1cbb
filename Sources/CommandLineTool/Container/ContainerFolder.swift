// A folder that docker builds an image from: a Dockerfile, the model's files, and the running program with every shared library
// that it has opened but those of the system's C library. Nothing is downloaded, here or when the image is built, but the base.

import Engine
import Foundation
import Learn

enum ContainerFolder {
  /// Writes the folder; returns its bytes.
  ///
  /// - Throws: `BundleError`, `LearnError`.
  static func write(_ model: String, to folder: String) throws -> Int {
    // Loading the model checks it. Both libraries are opened, whichever the model needs: another may take its place.
    let manifest = try ModelBundle(folder: model).manifest
    _ = try (LightGBM.versionText(), XGBoost.versionText())
    guard !FileManager.default.fileExists(atPath: folder) else {
      throw BundleError.unwritable(file: folder, reason: "it exists already")
    }
    do {
      try make(folder + "/program/lib")
      try copy("/proc/self/exe", to: folder + "/program/assay")
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder + "/program/assay")
      for library in openedLibraries() { try copyLibrary(library, to: folder + "/program/lib/") }
      try make(folder + "/model")
      for path in manifest.files.map(\.path) + ["manifest.json", "report.json"] {
        let source = model + "/" + path
        guard path != "report.json" || FileManager.default.fileExists(atPath: source) else { continue }
        try make((folder + "/model/" + path as NSString).deletingLastPathComponent)
        try copy(source, to: folder + "/model/" + path)
      }
      try Data(ContainerText.whole(manifest).utf8).write(to: URL(fileURLWithPath: folder + "/Dockerfile"))
    } catch let error as CocoaError {
      throw BundleError.unwritable(file: folder, reason: error.localizedDescription)
    }
    return size(folder)
  }

  private static func make(_ folder: String) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  private static func copy(_ source: String, to target: String) throws {
    let file = URL(fileURLWithPath: source).resolvingSymlinksInPath().path
    try FileManager.default.copyItem(atPath: file, toPath: target)
  }

  /// Copies a library, with the links beside it by which programs know it: libz.so.1 of libz.so.1.3.
  private static func copyLibrary(_ library: String, to folder: String) throws {
    let file = URL(fileURLWithPath: library)
    let name = file.lastPathComponent
    try copy(library, to: folder + name)
    let stem = name.prefix { $0 != "." } + ".so"
    let beside = file.deletingLastPathComponent()
    for other in try FileManager.default.contentsOfDirectory(atPath: beside.path) where other.hasPrefix(stem) {
      guard other != name, beside.appendingPathComponent(other).resolvingSymlinksInPath().lastPathComponent == name
      else { continue }
      try FileManager.default.createSymbolicLink(atPath: folder + other, withDestinationPath: name)
    }
  }

  /// The files of the shared libraries in this process.
  private static func openedLibraries() -> [String] {
    // Such a file has no size: it is read to its end.
    guard let maps = try? FileHandle(forReadingAtPath: "/proc/self/maps")?.readToEnd() else { return [] }
    var found: Set<String> = []
    for line in String(decoding: maps, as: UTF8.self).split(separator: "\n") {
      guard let start = line.firstIndex(of: "/") else { continue }
      let path = String(line[start...])
      let name = URL(fileURLWithPath: path).lastPathComponent
      guard name.contains(".so"), !belongsToTheSystem(name) else { continue }
      found.insert(path)
    }
    return found.sorted()
  }

  /// The C library has to be that of the kernel's loader, which the base image brings.
  private static func belongsToTheSystem(_ name: String) -> Bool {
    let system = ["ld-linux", "libc.so", "libm.so", "libdl.so", "librt.so", "libpthread.so", "libresolv.so", "libnss_"]
    return system.contains(where: name.hasPrefix)
  }

  private static func size(_ folder: String) -> Int {
    let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    return names.reduce(0) { sum, name in
      let attributes = try? FileManager.default.attributesOfItem(atPath: folder + "/" + name)
      return sum + (attributes?[.type] as? FileAttributeType == .typeRegular ? attributes?[.size] as? Int ?? 0 : 0)
    }
  }
}
