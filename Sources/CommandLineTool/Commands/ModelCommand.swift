import ArgumentParser
import Engine
import Foundation
import Frame
import Learn

/// `assay model`.
struct ModelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "model", abstract: "Show, describe and pack trained models.",
    subcommands: [ModelShowCommand.self, ModelCardCommand.self, ModelContainerCommand.self])
}

/// `assay model show`.
struct ModelShowCommand: HeadlessCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show what a trained model predicts, from what, and how well.",
    discussion: """
      assay model show model

      Every file of the model is checked against its manifest first; a damaged one is named, and the exit status is 1.
      """)

  @Argument(help: "The folder of a model, as assay automl writes it.")
  var model: String

  @Flag(help: "Print JSON.")
  var json = false

  func run(_ headless: Headless) throws {
    let card = try BundleSummary(folder: model)
    if json { return try headless.writeJSON(card) }
    let lines = modelLines(
      card, width: headless.console.textWidth, ascii: headless.console.environment.glyphs == .ascii)
    try headless.console.write(lines.joined(separator: "\n") + "\n")
  }
}

/// `assay model card`.
struct ModelCardCommand: HeadlessCommand {
  static let configuration = CommandConfiguration(
    commandName: "card",
    abstract: "Write the card of a trained model, as Markdown or JSON.",
    discussion: "assay model card model -o model/CARD.md")

  @Argument(help: "The folder of a model, as assay automl writes it.")
  var model: String

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("A file ending in .md or .json. Default: print Markdown.", valueName: "file"))
  var output: String?

  func validate() throws {
    if let output, ![".md", ".json"].contains(where: output.lowercased().hasSuffix) {
      throw ValidationError("-o takes a file ending in .md or .json, not \(output)")
    }
  }

  func run(_ headless: Headless) throws {
    let card = try ModelCard(folder: model)
    guard let output else { return try headless.console.write("# \(card.title)\n\n" + card.markdown) }
    try card.write(to: output, title: card.title)
    headless.console.tell("wrote the card to \(output)")
  }
}

/// `assay model container`.
struct ModelContainerCommand: HeadlessCommand {
  static let configuration = CommandConfiguration(
    commandName: "container",
    abstract: "Write a folder from which docker builds an image that serves a model.",
    discussion: """
      assay model container model -o image && docker build -t loans image && docker run -p 8080:8080 loans serve

      The folder holds a Dockerfile, the model, and this assay with the libraries that it opens. The image answers as \
      assay serve does, and as SageMaker asks of a container: the command is serve, the port 8080, the model in \
      /opt/ml/model.
      """)

  @Argument(help: "The folder of a model, as assay automl writes it.")
  var model: String

  @Option(name: .shortAndLong, help: ArgumentHelp("The folder to write; it may not exist yet.", valueName: "folder"))
  var output: String

  func run(_ headless: Headless) throws {
    let bytes = try ContainerFolder.write(model, to: output)
    headless.console.tell(
      "wrote \(output) (\(grouped((bytes + 524_288) >> 20)) MiB). Build it with docker build -t NAME \(output)")
  }
}
