import CommandLineTool
import ProgramDriver
import Testing

/// Which words open the workbench and which run a subcommand.
@Suite(.serialized) struct InvocationTests {
  @Test func withoutArgumentsTheWorkbenchOpens() throws {
    #expect(try assay().invocation == .workbench(paths: [], options: WorkbenchOptions()))
  }

  @Test func aFileAndADashOpenInTheWorkbench() throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let file = try folder.file("people.csv", people)
    #expect(try assay(file).invocation == .workbench(paths: [file], options: WorkbenchOptions()))
    #expect(try assay("-").invocation == .workbench(paths: ["-"], options: WorkbenchOptions()))
  }

  @Test func severalFilesOpenAsOne() throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let (file, more) = (try folder.file("a.csv", people), try folder.file("b.csv", people))
    let options = WorkbenchOptions(also: [more, "s3://lake/c.csv"])
    let answer = try assay(file, "--also", more, "--also", "s3://lake/c.csv")
    #expect(answer.invocation == .workbench(paths: [file], options: options))
    #expect(try assay(file, "--also", folder.path("none.csv")).error.contains("none.csv: there is no such file"))
    for wrong in [["--also", more], [file, more, "--also", more], ["a.flow", "--also", more]] {
      #expect(try assay(wrong).exitCode == 2, "\(wrong)")
    }
  }

  @Test func aFileCalledLikeASubcommandOpensByItsPath() throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let file = try folder.file("profile", people)
    #expect(try assay(file).invocation == .workbench(paths: [file], options: WorkbenchOptions()))
  }

  @Test func workbenchOptionsAreRead() throws {
    let answer = try assay(
      "--color", "16", "--glyphs", "block", "--theme", "mono", "--threads", "2", "--memory", "1.5G", "--no-mouse",
      "--keys", "vim")
    let options = WorkbenchOptions(given: [
      "color": "16", "glyphs": "block", "theme": "mono", "threads": "2", "memory": "1.5G", "mouse": "false",
      "keys": "vim",
    ])
    #expect(answer.invocation == .workbench(paths: [], options: options))
  }

  @Test func aMissingFileIsToldBeforeTheTerminalIsTakenOver() throws {
    let answer = try assay("nowhere.csv")
    #expect(answer.exitCode == 1)
    #expect(answer.error == "assay: nowhere.csv: there is no such file. Check the path.\n")
  }

  @Test(arguments: ["profil", "porfile", "profiles"]) func aMistypedSubcommandIsGuessed(_ word: String) throws {
    let answer = try assay(word)
    #expect(answer.exitCode == 1)
    #expect(answer.error.contains("did you mean the subcommand profile?"))
  }

  @Test func wrongUsageIsOneLineAndStatusTwo() throws {
    let unknown = try assay("profile", "x.csv", "--threds", "2")
    #expect(unknown.exitCode == 2)
    #expect(
      unknown.error
        == "assay: Unknown option '--threds'. Did you mean '--threads'? See 'assay profile --help'.\n")
    let missing = try assay("flow", "run")
    #expect(missing.exitCode == 2)
    #expect(missing.error == "assay: Missing expected argument '<flow>'. See 'assay flow run --help'.\n")
    #expect(try assay("profile", "x.csv", "--threads", "0").exitCode == 2)
    #expect(try assay("profile", "x.csv", "--memory", "lots").exitCode == 2)
    #expect(try assay("--glyphs", "runes").exitCode == 2)
  }

  @Test func helpAndVersionGoToTheOutput() throws {
    for arguments in [["--help"], ["-h"], ["help"]] {
      let help = try assay(arguments[0])
      #expect(help.exitCode == 0)
      #expect(help.output.contains("quickmodel") && help.output.contains("--no-mouse"))
      #expect(help.error.isEmpty)
    }
    #expect(try assay("--version").output == "assay \(assayVersion)\n")
    #expect(try assay("help", "flow", "run").output.contains("--node"))
    #expect(try assay("profile", "--help").output.contains("--skip-bad-rows"))
  }

  @Test func locateFollowsTheEnvironment() throws {
    let answer = try assay("locate", "themes", environment: ["XDG_CONFIG_HOME": "/somewhere"])
    #expect(answer.output == "/somewhere/assay/themes\n")
    let config = try assay("locate", "config", environment: ["XDG_CONFIG_HOME": "/somewhere"])
    #expect(config.output == "/somewhere/assay/config.toml\n")
    #expect(try assay("locate", "log", environment: ["XDG_STATE_HOME": "/s"]).output == "/s/assay/log\n")
    #expect(try assay("locate", "logs").exitCode == 2)
  }

  @Test func theReferenceIsComparedWithItsFile() throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let reference = try assay("docs").output
    #expect(reference.contains("## assay flow run"))
    #expect(try assay("docs", "--check", folder.file("fresh.md", reference)).exitCode == 0)
    #expect(try assay("docs", "--check", folder.file("stale.md", reference + " ")).exitCode == 1)
  }
}
