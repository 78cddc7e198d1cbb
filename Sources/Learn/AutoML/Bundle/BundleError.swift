/// What can be wrong with a folder that holds, or is to hold, a model.
public enum BundleError: Error, Hashable, Sendable, CustomStringConvertible {
  /// There is no such folder, or it holds no model.
  case notABundle(folder: String)
  /// The bundle was written by a later assay.
  case version(folder: String, found: Int, known: Int)
  /// A file is not what the manifest says.
  case damaged(file: String, reason: String)
  /// The encoder that the model reads texts with is not where it was, or not what it was.
  case encoder(bundle: String, path: String, reason: String)
  /// The table lacks columns that the model was trained on.
  case missingColumns([String])
  /// The folder holds a run over other data or with other settings.
  case otherRun(folder: String, difference: String)
  /// There is a file where the folder should be.
  case notAFolder(path: String)
  /// Another process works on the folder.
  case inUse(folder: String)
  /// A file could not be written.
  case unwritable(file: String, reason: String)
  /// The run ended before any candidate did.
  case nothingTrained(seconds: Double, reason: String?)

  public var description: String {
    switch self {
    case .notABundle(let folder):
      "\(folder): there is no model in it (no manifest.json). Train one with assay automl … -o \(folder)."
    case .version(let folder, let found, let known):
      "\(folder): the model has format \(found), and this assay reads formats up to \(known). Use a newer assay."
    case .damaged(let file, let reason): "\(file) \(reason): the model is damaged. Train it anew, or copy it again."
    case .encoder(let bundle, let path, let reason):
      "\(bundle): the model reads texts with the encoder \(path), which \(reason). Put it back there, or a copy of it into "
        + "\(bundle)/encoder."
    case .missingColumns(let names):
      "The table lacks \(names.count == 1 ? "a column" : "columns") that the model was trained on: "
        + names.prefix(8).map { quoted($0) }.joined(separator: ", ")
        + (names.count > 8 ? " and \(names.count - 8) more." : ".")
    case .otherRun(let folder, let difference):
      "\(folder): holds a run with \(difference). Choose another folder, or remove this one."
    case .notAFolder(let path):
      "\(path): is a file, and a model is a folder. Choose another name, or remove the file."
    case .inUse(let folder): "\(folder): another assay is training into it. Wait for it, or choose another folder."
    case .unwritable(let file, let reason): "\(file): cannot be written (\(reason))."
    case .nothingTrained(let seconds, let reason):
      "No candidate could be trained in \(Int(seconds.rounded())) s"
        + (reason.map { ": " + $0 } ?? ". Give it more time with --time-limit.")
    }
  }
}
