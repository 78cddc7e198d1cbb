import Foundation
import Testing

@testable import Learn

@Suite struct LightGBMTests {
  @Test func openMPWaitsPassivelyInThisProcess() throws {
    let settings = try LightGBM.openMPSettings()
    // A policy that somebody set on purpose is theirs; the default has to be passive.
    guard ProcessInfo.processInfo.environment["OMP_WAIT_POLICY"].map({ $0.lowercased() == "passive" }) ?? true else {
      return
    }
    #expect(settings.values["OMP_WAIT_POLICY"] == "PASSIVE")
    #expect(settings.values["GOMP_SPINCOUNT"] == "0")
    #expect(settings.waitsPassively)
  }

  @Test func theEnvironmentSaysPassiveBeforeTheLibraryIsOpen() {
    #expect(getenv("OMP_WAIT_POLICY") != nil)
  }

  @Test func aRunTimeThatWasNotToldSpinsAlthoughItPrintsPassive() {
    let untold = OpenMPSettings(text: "  OMP_WAIT_POLICY = 'PASSIVE'\n  GOMP_SPINCOUNT = '300000'\n")
    #expect(!untold.waitsPassively)
    #expect(!OpenMPSettings(text: "  [host] OMP_WAIT_POLICY = 'ACTIVE'\n").waitsPassively)
    #expect(OpenMPSettings(text: "  [host] OMP_WAIT_POLICY = 'PASSIVE'\n GOMP_SPINCOUNT = '0'\n").waitsPassively)
    #expect(!OpenMPSettings(text: "").waitsPassively)
  }

  @Test func theVersionNamesTheLibraryThatIsLoaded() throws {
    let text = try LightGBM.versionText()
    #expect(text.hasPrefix("4."))
    #expect(text.contains("lib_lightgbm.so"))
  }

  @Test func theStandardErrorStreamWorksAfterReadingTheSettings() throws {
    _ = try LightGBM.openMPSettings()
    _ = try LightGBM.openMPSettings()
    #expect(fcntl(2, F_GETFD) >= 0)
  }
}
